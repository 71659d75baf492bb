import type { TakenClip } from '../../media/sources/clip-intake.js';
import { SourceError, type TakenSource } from '../../media/sources/source-intake.js';
import { FileRefusedError, TooLargeError, WordsRefusedError } from '../delivery/delivery-port.js';
import type { Task, TaskId } from '../model/task.js';
import type { Hosting } from './source-hosting.js';
import { asUploaded, isClip, mapSources, sourcesOf } from './source-images.js';

interface Deps {
  readonly hosting: Hosting;
  readonly signal: AbortSignal;
  /** What was taken belongs to an image under this link, too. */
  readonly belongs: (id: TaskId, url: string, file: TakenSource) => void;
}

function clipName({ request }: Task): string {
  return sourcesOf(request).find(isClip)?.name ?? '';
}

function tooLarge(task: Task, bytes: number, cause: TooLargeError): SourceError {
  return new SourceError(
    'clip.bucket',
    { name: clipName(task), max: Math.ceil(bytes / 1e5) / 10 },
    { cause },
  );
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
      const hasClip = files.some(({ type }) => type.startsWith('video/'));
      const reason = error instanceof FileRefusedError ? 'refused' : 'hosting';
      if (!hasClip) throw new SourceError(reason, { name }, { cause: error });
      const largest = Math.max(...files.map(({ bytes }) => bytes));
      if (error instanceof TooLargeError) throw tooLarge(task, largest, error);
      throw new SourceError(`clip.${reason}`, { name: clipName(task) }, { cause: error });
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
      return { ...image, ...factsOf(file), ...(place && { ...place, uploaded: asUploaded(image).url }) };
    });
  };
}

/** What is known of a file once it was inspected; of a clip also how long and how large it is. */
function factsOf(file: TakenSource | TakenClip) {
  const { type, bytes } = file;
  if (!('seconds' in file)) return { type, bytes };
  const { seconds, width, height } = file;
  return { type, bytes, seconds, width, height };
}
