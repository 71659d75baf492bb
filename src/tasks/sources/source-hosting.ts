import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Log } from '../../log.js';
import type { CosBucket } from '../../media/cos/bucket.js';
import { extensions } from '../../media/formats/magic-bytes.js';
import type { TakenSource } from '../../media/sources/source-intake.js';
import { retry } from '../../util/retry.js';
import { hour } from '../../util/time.js';
import { type Delivery, isFinalRefusal } from '../delivery/delivery-port.js';
import type { Task } from '../model/task.js';
import { leadId, orderOf } from '../model/task-set.js';
import { asUploaded, sourcesOf } from './source-images.js';

/** A place where MPS can fetch users' images (SOURCE_HOST). */
export interface Hosting {
  /** Whether MPS needs the image to be hosted here; otherwise it gets the link of the user's upload. */
  needs(image: TakenSource): boolean;
  /**
   * Hosts images.
   * @returns their links in the same order; undefined for one that stays where it is.
   */
  host(
    task: Task,
    images: readonly TakenSource[],
    options: { signal: AbortSignal },
  ): Promise<readonly (Hosted | undefined)[]>;
  /** Bytes that a file of a task may have to be hosted here, if that is less than MPS accepts. */
  limit?(task: Task): Promise<number | undefined>;
  /** A fresh link to an image already hosted here; undefined if its bytes are needed again. */
  relink(task: Task, url: string): string | undefined;
  /**
   * Removes what was hosted for a task once MPS is done with it. Best effort: never throws.
   * @param options.others unfinished parts of its set: what they use, too, stays.
   */
  clear(task: Task, options: { signal: AbortSignal; others?: readonly Task[] }): Promise<void>;
}

interface Hosted {
  readonly url: string;
  /** Id of the attachment of the answer. */
  readonly hostedAs?: string;
}

/** Attempts to attach images before hosting fails. */
const mostTries = 4;

interface AnswerOptions {
  /** ms before a temporary error is retried; doubles each time. */
  readonly retryMs?: number;
  /** Called before attaching an image that only its user has seen: everyone who sees the answer will see it. */
  readonly onShow?: (task: Task) => Promise<void>;
}

/** Hosts images as attachments of the answer; the outcome replaces them. */
export function hostOnAnswer(
  delivery: Pick<Delivery, 'host'> & Partial<Pick<Delivery, 'limitOf'>>,
  { retryMs = 1_000, onShow = async () => {} }: AnswerOptions = {},
): Hosting {
  async function attach(task: Task, images: readonly TakenSource[], signal: AbortSignal) {
    if (isPrivate(task)) await onShow(task);
    // Safe to repeat: the next attempt replaces what an earlier one may have attached.
    return retry(() => delivery.host(task, images), {
      firstMs: retryMs,
      tries: mostTries,
      signal,
      onFailure(error) {
        if (isFinalRefusal(error)) throw error;
      },
    });
  }
  return {
    needs: ({ converted }) => converted,
    host: (task, images, { signal }) => attach(task, images, signal),
    limit: async (task) => delivery.limitOf?.(task, 'answer'),
    relink: () => undefined,
    clear: async () => {},
  };
}

/** Uploads in a command are visible to no one else, and private orders show nothing to others. */
function isPrivate({ origin, request }: Task): boolean {
  if (origin.private) return true;
  return sourcesOf(request).some((image) => /\/ephemeral-attachments\//.test(asUploaded(image).url));
}

/** Separate from MPS's results, so that a lifecycle rule of the bucket can clean up here. */
export const sourceFolder = 'easel-sources';
/** Lifetime of a link, ms: MPS fetches soon after the Create, but an off-peak task may wait two days. */
const linkLifeMs = { usual: 2 * hour, offPeak: 48 * hour } as const;

/** Hosts all images in the operator's bucket: this setting means that MPS can't reach Discord. */
export function hostInCos({ bucket, log }: { bucket: CosBucket; log: Log }): Hosting {
  return {
    needs: () => true,
    host: (task, images, { signal }) =>
      Promise.all(
        images.map(async ({ path, type }) => {
          const bytes = await readFile(path);
          // Named by its content: repeating it after a crash overwrites the same object.
          const name = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
          const key = `${folderOf(task)}${name}.${extensions[type]}`;
          await bucket.put(key, bytes, { type, signal });
          return { url: bucket.link(key, lifeMs(task)) };
        }),
      ),
    relink(task, url) {
      const key = keyOf(task, url);
      return key && bucket.link(key, lifeMs(task));
    },
    async clear(task, { signal, others = [] }) {
      const kept = new Set(others.flatMap(keysOf));
      for (const key of new Set(keysOf(task))) {
        if (kept.has(key)) continue;
        await bucket.remove(key, { signal }).catch((error: unknown) => {
          log.warn({ task: task.id, key, err: error }, 'a source image could not be removed from the bucket');
        });
      }
    },
  };

  function keysOf(task: Task): string[] {
    return sourcesOf(orderOf(task)).flatMap(({ url }) => keyOf(task, url) ?? []);
  }

  /** Matches objects of this task, or of its set: the lead prepares the images of all parts. */
  function keyOf(task: Task, url: string): string | undefined {
    const key = bucket.keyOf(url);
    return key?.startsWith(folderOf(task)) ? key : undefined;
  }
}

function folderOf({ id, set }: Task): string {
  return `${sourceFolder}/${(set ? leadId(id) : id).replace(':', '-')}/`;
}

/** How long a link to a task's image is valid, ms. */
export function lifeMs({ request }: Pick<Task, 'request'>): number {
  return request.kind === 'video' && request.offPeak ? linkLifeMs.offPeak : linkLifeMs.usual;
}
