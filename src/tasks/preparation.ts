import { SourceError, type Sources, type TakenSource } from '../media/source.js';
import type { GenerationRequest, SourceImage } from '../mps/generation.js';
import { sourceRules } from '../mps/model.js';
import { type Delivery, RouteClosedError } from './delivery.js';
import type { Task, TaskId } from './task.js';

/** Gets a task's source images ready for MPS: looked at, converted where need be, reachable by a link that lives. */
export interface Preparation {
  /**
   * Takes every image's bytes and hosts those that MPS could not take as they are.
   * @returns the request as it is to be ordered.
   * @throws SourceError for an image that cannot be used.
   */
  prepare(task: Task): Promise<GenerationRequest>;
  /** The request with links that live: what has died in the queue is hosted anew. @throws SourceError */
  renew(task: Task): Promise<GenerationRequest>;
  /** MPS has answered the Create: the bytes are no longer needed. */
  release(id: TaskId): Promise<void>;
}

interface Deps {
  readonly sources: Sources;
  readonly delivery: Pick<Delivery, 'host'>;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** A link must outlive MPS's queue: one that dies sooner is replaced beforehand. */
const needsLifeMs = 10 * 60_000;

export function createPreparation({ sources, delivery, signal, now }: Deps): Preparation {
  const taken = new Map<TaskId, Map<SourceImage, TakenSource>>();

  /** The bytes of every image of the task, taken once. */
  async function take({ id, request }: Task): Promise<Map<SourceImage, TakenSource>> {
    const rule = sourceRules[request.kind];
    const had = taken.get(id) ?? new Map<SourceImage, TakenSource>();
    taken.set(id, had);
    // One after the other: each is held on disk alone, and the first bad one spares the rest.
    for (const source of sourcesOf(request)) {
      if (!had.has(source)) had.set(source, await sources.take(source, rule, { signal }));
    }
    return had;
  }

  /** Attaches the images that need a link to the answer, and points the request at them. */
  async function host(task: Task, needed: ReadonlyMap<SourceImage, TakenSource>): Promise<GenerationRequest> {
    const { request } = task;
    if (needed.size === 0) return request;
    const hosted = await hostFiles(task, needed);
    const replaced = new Map(
      [...needed].map(([source, file], index) => [
        source,
        { ...source, ...hosted[index], bytes: file.bytes },
      ]),
    );
    // What was taken belongs to the image under its new link, too.
    const had = taken.get(task.id);
    for (const [source, image] of replaced) {
      const file = needed.get(source);
      if (file) had?.set(image, file);
    }
    return mapSources(request, (source) => replaced.get(source) ?? source);
  }

  async function hostFiles(task: Task, needed: ReadonlyMap<SourceImage, TakenSource>) {
    try {
      return await delivery.host(task, [...needed.values()]);
    } catch (error) {
      const [first] = needed.keys();
      if (!(error instanceof RouteClosedError) || !first) throw error;
      throw new SourceError('unreachable', { name: first.name }, { cause: error });
    }
  }

  return {
    async prepare(task) {
      const files = await take(task);
      return host(task, new Map([...files].filter(([, file]) => file.converted)));
    },
    async renew(task) {
      const dying = sourcesOf(task.request).filter(({ url }) => expiryOf(url) < now() + needsLifeMs);
      if (dying.length === 0) return task.request;
      const files = await take(task);
      return host(task, new Map([...files].filter(([source]) => dying.includes(source))));
    },
    async release(id) {
      const files = taken.get(id);
      taken.delete(id);
      if (files) await sources.release([...files.values()]);
    },
  };
}

/** Every image a request brings along. */
export function sourcesOf(request: GenerationRequest): readonly SourceImage[] {
  const frames = request.kind === 'video' ? [request.image, request.lastImage] : [];
  return [...frames, ...(request.references ?? [])].filter((source) => source !== undefined);
}

function mapSources(
  request: GenerationRequest,
  map: (source: SourceImage) => SourceImage,
): GenerationRequest {
  const { references, ...rest } = request;
  const mapped = references ? { references: references.map((one) => ({ ...one, ...map(one) })) } : {};
  if (rest.kind === 'image') return { ...rest, ...mapped };
  const { image, lastImage } = rest;
  return {
    ...rest,
    ...mapped,
    ...(image && { image: map(image) }),
    ...(lastImage && { lastImage: map(lastImage) }),
  };
}

/** When a link of Discord's dies, ms since the epoch: its `ex` is hexadecimal seconds. Others live on. */
export function expiryOf(url: string): number {
  const ex = new URL(url).searchParams.get('ex');
  return ex && /^[0-9a-f]+$/i.test(ex) ? Number.parseInt(ex, 16) * 1000 : Number.POSITIVE_INFINITY;
}
