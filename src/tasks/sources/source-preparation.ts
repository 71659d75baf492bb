import type { GenerationRequest, SourceImage } from '../../mps/generation-request.js';
import type { Task, TaskId } from '../model/task.js';
import { createHeldSources, type HeldSourcesDeps } from './held-sources.js';
import { createSourceLife, recalled, type SourceLifeDeps } from './source-expiry.js';
import type { Hosting } from './source-hosting.js';
import { asUploaded, mapSources, sourcesOf } from './source-images.js';
import { createPlacing } from './source-upload.js';

/** Prepares a task's source images for MPS: inspected, converted if necessary, reachable by a valid link. */
export interface Preparation {
  /**
   * Downloads every image and hosts those that MPS couldn't accept or reach as uploaded.
   * @returns the request to submit.
   * @throws SourceError for an unusable image; the signal's reason.
   */
  prepare(task: Task): Promise<GenerationRequest>;
  /**
   * The request with valid links: those that expired in the queue are refreshed or hosted again.
   * @throws as `prepare`.
   */
  renew(task: Task): Promise<GenerationRequest>;
  /** MPS has accepted the Create: the bytes are no longer needed. */
  release(id: TaskId): Promise<void>;
  /**
   * The task is over: its images no longer need to be hosted. Best effort: never throws.
   * @param others unfinished parts of its set, whose images stay.
   */
  clear(task: Task, others?: readonly Task[]): Promise<void>;
}

interface Deps extends HeldSourcesDeps, SourceLifeDeps {
  readonly hosting: Hosting;
  /** A link to Discord's copy of the image a task made; undefined if there is none. */
  readonly recall: (by: string) => Promise<string | undefined>;
}

export function createPreparation(deps: Deps): Preparation {
  const { hosting, recall, signal } = deps;
  const held = createHeldSources(deps);
  const { take } = held;
  const { isAtMps, isDying } = createSourceLife(deps);
  const host = createPlacing({ hosting, signal, belongs: held.belongs });

  async function prepare(task: Task): Promise<GenerationRequest> {
    // A repeated request refers to images hosted for another task, which are gone by now.
    const uploaded = mapSources(task.request, asUploaded);
    const isElsewhere = (image: SourceImage) => !isAtMps(image, uploaded);
    const fresh = { ...task, request: await recalled(uploaded, isElsewhere, recall) };
    const { files, task: linked } = await take(fresh, sourcesOf(fresh.request).filter(isElsewhere));
    const needed = [...files].filter(([, file]) => hosting.needs(file));
    return host(
      linked,
      files,
      needed.map(([url]) => url),
    );
  }

  async function renew(task: Task, dies: (image: SourceImage) => boolean): Promise<GenerationRequest> {
    const there = await recalled(task.request, dies, recall);
    const copies = new Set(sourcesOf(there).filter((image) => !sourcesOf(task.request).includes(image)));
    const request = mapSources(there, (image) => {
      const url = dies(image) ? hosting.relink(task, image.url) : undefined;
      return url === undefined ? image : { ...image, url };
    });
    const lost = sourcesOf(request).filter((image) => dies(image) || copies.has(image));
    const { files, task: linked } = await take({ ...task, request }, lost);
    const asTheyAre = new Set([...copies].map(({ url }) => url));
    const needed = [...files].filter(([url, file]) => !asTheyAre.has(url) || hosting.needs(file));
    return host(
      linked,
      files,
      needed.map(([url]) => url),
    );
  }

  return {
    prepare: async (task) =>
      sourcesOf(task.request).length === 0 ? task.request : held.shelved(task, () => prepare(task)),
    async renew(task) {
      const dies = (image: SourceImage) => isDying(image, task.request);
      return sourcesOf(task.request).some(dies) ? held.shelved(task, () => renew(task, dies)) : task.request;
    },
    release: held.release,
    clear: (task, others = []) => hosting.clear(task, { signal, others }),
  };
}
