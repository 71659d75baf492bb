import { SourceError, type Sources, type TakenSource } from '../../media/sources/source-intake.js';
import { sourceRules } from '../../mps/catalogue/model-rules.js';
import type { GenerationRequest, SourceImage } from '../../mps/generation-request.js';
import { minute } from '../../util/time.js';
import { FileRefusedError, WordsRefusedError } from '../delivery/delivery-port.js';
import { AttemptsSpentError } from '../ledger/attempts.js';
import type { Task, TaskId } from '../model/task.js';
import { createPreparationTurns } from '../queue/preparation-turns.js';
import { createTaking } from './source-download.js';
import type { Hosting } from './source-hosting.js';
import { asUploaded, expiryOf, mapSources, sourcesOf } from './source-images.js';
import { createSourceShelf, type ShelfLimits } from './source-storage.js';

/**
 * Gets a task's source images ready for MPS: looked at, converted where necessary, reachable by a link that lives.
 */
export interface Preparation {
  /**
   * Takes every image's bytes as the user handed it in, and hosts those that MPS could not take or reach there.
   * @returns the request as it is to be ordered.
   * @throws SourceError for an image that cannot be used; the signal's reason.
   */
  prepare(task: Task): Promise<GenerationRequest>;
  /**
   * The request with links that live: what has died in the queue is linked or hosted again. @throws as `prepare`.
   */
  renew(task: Task): Promise<GenerationRequest>;
  /** MPS has answered the Create: the bytes are no longer needed. */
  release(id: TaskId): Promise<void>;
  /** The task is over: nothing of it needs to be hosted any more. Best effort: never throws. */
  clear(task: Task): Promise<void>;
}

interface Deps {
  readonly sources: Sources;
  readonly hosting: Hosting;
  /** A link to Discord's copy of the image a task made; undefined if there is none to be had. */
  readonly recall: (by: string) => Promise<string | undefined>;
  /** Pixels that each side of a request's images must have, for its model; undefined if any will do. */
  readonly leastSide?: (request: GenerationRequest) => number | undefined;
  /** Runs what looks at an image, which may end the process. @throws AttemptsSpentError */
  readonly attempt?: <T>(id: TaskId, work: () => Promise<T>) => Promise<T>;
  /** Whether a bare link names what lies in the operator's bucket, as it is configured now. */
  readonly lasts?: (url: string) => boolean;
  /** As for taking. */
  readonly freshen?: (image: SourceImage) => Promise<string | undefined>;
  /** As for taking. */
  readonly retryMs?: number;
  /** How much is held for orders that wait; as usual unless given. */
  readonly shelfLimits?: ShelfLimits;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** When MPS's own link to an image it made dies, ms since the epoch; never if the operator's bucket has it. */
const lifeOf = ({ until = Number.POSITIVE_INFINITY }: NonNullable<SourceImage['made']>) => until;

/** A link must outlive MPS's queue: one that dies sooner is replaced beforehand. */
const needsLifeMs = 10 * minute;

export function createPreparation(deps: Deps): Preparation {
  const { sources, hosting, recall, signal, now, freshen = async () => undefined, retryMs = 1_000 } = deps;
  const { attempt = (_id, work) => work(), leastSide = () => undefined, lasts = () => true } = deps;
  const { shelfLimits } = deps;
  const turns = createPreparationTurns();
  const takeOne = createTaking({ freshen, signal, retryMs });
  /** What was taken for each task, by the link MPS is given. */
  const taken = new Map<TaskId, Map<string, TakenSource>>();

  const shelf = createSourceShelf({
    drop: (id) => void drop(id),
    ...(shelfLimits && { limits: shelfLimits }),
  });

  async function drop(id: TaskId): Promise<void> {
    const files = taken.get(id);
    taken.delete(id);
    if (files) await sources.release([...files.values()]);
  }

  /** Runs a step that needs what is held for a task; afterwards its bytes may be dropped for those of others. */
  async function shelved<T>(task: Task, step: () => Promise<T>): Promise<T> {
    shelf.begin(task);
    try {
      return await step();
    } finally {
      shelf.settle(task.id);
    }
  }

  /**
   * The bytes behind some of the task's images, by their links, each taken once; and the task with the links by which they
   * were to be had.
   */
  async function take(task: Task, images: readonly SourceImage[]) {
    const { id, request } = task;
    const minSide = leastSide(request);
    const rule = sourceRules[request.kind];
    const rules = minSide === undefined ? rule : { ...rule, minSide };
    const had = taken.get(id) ?? new Map<string, TakenSource>();
    taken.set(id, had);
    const files = new Map<string, TakenSource>();
    const found = new Map<string, SourceImage>();
    // One after the other: each is held on disk alone, and the first bad one spares the rest.
    for (const image of images) {
      const known = had.get(image.url);
      // A turn is taken for each try: no one waits for a wait.
      const takeSafely = (source: SourceImage) =>
        attempt(id, () => sources.take(source, rules, { signal })).catch((error: unknown) => {
          if (!(error instanceof AttemptsSpentError)) throw error;
          throw new SourceError('heavy', { name: source.name }, { cause: error });
        });
      const ask = (source: SourceImage) => turns.run(task, () => takeSafely(source), signal);
      const { image: now, file } = known ? { image, file: known } : await takeOne(image, ask);
      had.set(now.url, file);
      if (!known && !shelf.hold(id, file.bytes)) throw new SourceError('crowded', { name: image.name });
      files.set(now.url, file);
      found.set(image.url, now);
    }
    const linked = mapSources(request, (image) => ({ ...image, ...linksOf(found.get(image.url)) }));
    return { files, task: { ...task, request: linked } };
  }

  /** The request, told what its images are, and pointed at where those in `needed` are hosted now. */
  async function host(task: Task, files: ReadonlyMap<string, TakenSource>, needed: readonly string[]) {
    const hosted = await hostFiles(
      task,
      needed.flatMap((url) => files.get(url) ?? []),
    );
    const places = new Map(needed.map((url, at) => [url, hosted[at]]));
    return mapSources(task.request, (image) => {
      const file = files.get(image.url);
      if (!file) return image;
      const place = places.get(image.url);
      // What was taken belongs to the image under its new link, too.
      if (place) taken.get(task.id)?.set(place.url, file);
      const { type, bytes } = file;
      return { ...image, type, bytes, ...(place && { ...place, uploaded: asUploaded(image).url }) };
    });
  }

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

  const livesOn = (until: number) => until >= now() + needsLifeMs;

  /** MPS made it and has it still, in a form that it takes. */
  const isAtMps = ({ made, url, type, bytes = 0 }: SourceImage, { kind }: GenerationRequest) => {
    const { types, maxBytes } = sourceRules[kind];
    return (
      made !== undefined &&
      (made.until === undefined ? lasts(url) : livesOn(made.until)) &&
      types.some((known) => type === `image/${known}`) &&
      bytes < maxBytes
    );
  };

  const isDying = (image: SourceImage, request: GenerationRequest) =>
    image.made && lifeOf(image.made) > 0 ? !isAtMps(image, request) : !livesOn(expiryOf(image.url));

  /** The request with Discord's copies in place of images that MPS has made and has no more. */
  async function recalled(
    request: GenerationRequest,
    isWanted: (image: SourceImage) => boolean,
  ): Promise<GenerationRequest> {
    const copies = new Map<string, SourceImage>();
    for (const image of sourcesOf(request).filter(isWanted)) {
      const { made, name, url: earlier } = image;
      const url = made && (await recall(made.by));
      if (made && url !== undefined) copies.set(earlier, { ...image, url, made: { ...made, until: 0 } });
      // What MPS gave is no address to be fetched from here.
      else if (made && lifeOf(made) > 0) throw new SourceError('unreachable', { name });
    }
    return mapSources(request, (image) => copies.get(image.url) ?? image);
  }

  async function prepare(task: Task): Promise<GenerationRequest> {
    // A request that is ordered again points at what was hosted for another task, and is gone by now.
    const uploaded = mapSources(task.request, asUploaded);
    const isElsewhere = (image: SourceImage) => !isAtMps(image, uploaded);
    const fresh = { ...task, request: await recalled(uploaded, isElsewhere) };
    const { files, task: linked } = await take(fresh, sourcesOf(fresh.request).filter(isElsewhere));
    const needed = [...files].filter(([, file]) => hosting.needs(file));
    return host(
      linked,
      files,
      needed.map(([url]) => url),
    );
  }

  async function renew(task: Task, dies: (image: SourceImage) => boolean): Promise<GenerationRequest> {
    const there = await recalled(task.request, dies);
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
      sourcesOf(task.request).length === 0 ? task.request : shelved(task, () => prepare(task)),
    async renew(task) {
      const dies = (image: SourceImage) => isDying(image, task.request);
      return sourcesOf(task.request).some(dies) ? shelved(task, () => renew(task, dies)) : task.request;
    },
    async release(id) {
      shelf.forget(id);
      await drop(id);
    },
    clear: (task) => hosting.clear(task, { signal }),
  };
}

/** Where it was found, whatever else one image in two places is there. */
function linksOf(image: SourceImage | undefined): Pick<SourceImage, 'url' | 'uploaded'> | undefined {
  return image && { url: image.url, ...(image.uploaded !== undefined && { uploaded: image.uploaded }) };
}
