import { SourceError, type TakenSource } from '../../media/sources/source-intake.js';
import { FileRefusedError, WordsRefusedError } from '../delivery/delivery-port.js';
import type { Task, TaskId } from '../model/task.js';
import type { Hosting } from './source-hosting.js';
import { asUploaded, mapSources, sourcesOf } from './source-images.js';

interface Deps {
  readonly hosting: Hosting;
  readonly signal: AbortSignal;
  /** What was taken belongs to an image under this link, too. */
  readonly belongs: (id: TaskId, url: string, file: TakenSource) => void;
}

/** Puts what was taken where MPS can fetch it. */
export function createPlacing({ hosting, signal, belongs }: Deps) {
  async function hostFiles(task: Task, files: readonly TakenSource[]) {
    if (files.length === 0) return [];
    try {
      return await hosting.host(task, files, { signal });
    } catch (error) {
      signal.throwIfAborted();
      const name = sourcesOf(task.request)[0]?.name ?? '';
      if (error instanceof WordsRefusedError) throw error;
      const reason = error instanceof FileRefusedError ? 'refused' : 'hosting';
      throw new SourceError(reason, { name }, { cause: error });
    }
  }

  /** The request with the types of its images, and new links for those in `needed`. */
  return async function host(task: Task, files: ReadonlyMap<string, TakenSource>, needed: readonly string[]) {
    const hosted = await hostFiles(
      task,
      needed.flatMap((url) => files.get(url) ?? []),
    );
    const places = new Map(needed.map((url, at) => [url, hosted[at]]));
    return mapSources(task.request, (image) => {
      const file = files.get(image.url);
      if (!file) return image;
      const place = places.get(image.url);
      if (place) belongs(task.id, place.url, file);
      const { type, bytes } = file;
      return { ...image, type, bytes, ...(place && { ...place, uploaded: asUploaded(image).url }) };
    });
  };
}
