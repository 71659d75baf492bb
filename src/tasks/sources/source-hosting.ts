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
import { asUploaded, sourcesOf } from './source-images.js';

/** A place where MPS can fetch users' images (SOURCE_HOST). */
export interface Hosting {
  /** Whether MPS needs the image to lie here; else it is pointed at the user's own upload. */
  needs(image: TakenSource): boolean;
  /** Puts images there. @returns for each its link, in the same order; undefined for one that stays where it is. */
  host(
    task: Task,
    images: readonly TakenSource[],
    options: { signal: AbortSignal },
  ): Promise<readonly (Hosted | undefined)[]>;
  /** A link that lives to what lies here already under a dying one; undefined if the bytes are needed again. */
  relink(task: Task, url: string): string | undefined;
  /** MPS is done with the task: removes what was put here for it. Best effort: never throws. */
  clear(task: Task, options: { signal: AbortSignal }): Promise<void>;
}

interface Hosted {
  readonly url: string;
  /** Id of the attachment of the answer. */
  readonly hostedAs?: string;
}

/** Times that images are attached before they count as impossible to host. */
const mostTries = 4;

interface AnswerOptions {
  /** ms before trouble that may pass is met again; doubles each time. */
  readonly retryMs?: number;
  /** Called before an image is attached that its user has shown to no one: whoever sees the answer sees it. */
  readonly onShow?: (task: Task) => Promise<void>;
}

/** On the answer itself, as attachments; the outcome takes their place. */
export function hostOnAnswer(
  delivery: Pick<Delivery, 'host'>,
  { retryMs = 1_000, onShow = async () => {} }: AnswerOptions = {},
): Hosting {
  async function attach(task: Task, images: readonly TakenSource[], signal: AbortSignal) {
    if (isPrivate(task)) await onShow(task);
    // Repeating it does no harm: the next attempt replaces what an earlier one may have attached.
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
    relink: () => undefined,
    clear: async () => {},
  };
}

/** What is uploaded with a command is seen by no one else, and an order in private shows nothing to others. */
function isPrivate({ origin, request }: Task): boolean {
  if (origin.private) return true;
  return sourcesOf(request).some((image) => /\/ephemeral-attachments\//.test(asUploaded(image).url));
}

/** Apart from MPS's results, so that a rule of the bucket can sweep here. */
export const sourceFolder = 'easel-sources';
/** ms a link lives: MPS fetches soon after the Create, but an off-peak task may wait two days for its turn. */
const linkLifeMs = { usual: 2 * hour, offPeak: 48 * hour } as const;

/** In the operator's bucket: all of them, since whoever sets this up says that MPS cannot reach Discord. */
export function hostInCos({ bucket, log }: { bucket: CosBucket; log: Log }): Hosting {
  return {
    needs: () => true,
    host: (task, images, { signal }) =>
      Promise.all(
        images.map(async ({ path, type }) => {
          const bytes = await readFile(path);
          // Named by what is in it: done over after a crash, it takes the place of the same.
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
    async clear(task, { signal }) {
      const keys = new Set(sourcesOf(task.request).map(({ url }) => keyOf(task, url)));
      for (const key of keys) {
        if (key === undefined) continue;
        await bucket.remove(key, { signal }).catch((error: unknown) => {
          log.warn({ task: task.id, key, err: error }, 'a source image could not be removed from the bucket');
        });
      }
    },
  };

  /** Of an object of this very task. */
  function keyOf(task: Task, url: string): string | undefined {
    const key = bucket.keyOf(url);
    return key?.startsWith(folderOf(task)) ? key : undefined;
  }
}

function folderOf({ id }: Task): string {
  return `${sourceFolder}/${id.replace(':', '-')}/`;
}

/** How long a link to a task's image lives, ms. */
export function lifeMs({ request }: Pick<Task, 'request'>): number {
  return request.kind === 'video' && request.offPeak ? linkLifeMs.offPeak : linkLifeMs.usual;
}
