import type { Log } from '../../log.js';
import type { CosBucket } from '../../media/cos/bucket.js';
import { retry } from '../../util/retry.js';
import { minute } from '../../util/time.js';
import { type Hosting, sourceFolder } from './source-hosting.js';

/**
 * SOURCE_HOST=auto: users' images go through the bucket once a put there has succeeded, and until then through
 * Discord.
 */
export interface AutoHosting extends Hosting {
  /** Where they currently go. */
  where(): 'cos' | 'discord';
  /** Puts a small object there until that succeeds or the signal aborts. Never throws. */
  tryOut(signal: AbortSignal): Promise<void>;
}

interface Deps {
  readonly cos: Hosting;
  readonly discord: Hosting;
  readonly bucket: Pick<CosBucket, 'put' | 'remove'>;
  readonly log: Log;
  /** ms between two trials. */
  readonly everyMs?: number;
}

const trial = `${sourceFolder}/trial.png`;
/** The smallest PNG there is. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export function hostWhereItWorks(deps: Deps): AutoHosting {
  const { cos, discord, bucket, log, everyMs = 10 * minute } = deps;
  let works = false;

  return {
    where: () => (works ? 'cos' : 'discord'),
    needs: (image) => (works ? cos : discord).needs(image),
    limit: async (task) => (works ? cos : discord).limit?.(task),
    async host(task, images, options) {
      if (!works) return discord.host(task, images, options);
      try {
        return await cos.host(task, images, options);
      } catch (error) {
        options.signal.throwIfAborted();
        log.error(
          { task: task.id, err: error },
          'an image could not be put into the bucket; hosting it on Discord instead',
        );
        // Images that MPS can reach anyway stay where the user uploaded them.
        const needed = images.filter((image) => discord.needs(image));
        const hosted = needed.length === 0 ? [] : await discord.host(task, needed, options);
        return images.map((image) => hosted[needed.indexOf(image)]);
      }
    },
    relink: (task, url) => cos.relink(task, url),
    clear: (task, options) => cos.clear(task, options),
    async tryOut(signal) {
      const attempt = async () => {
        await bucket.put(trial, pixel, { type: 'image/png', signal });
        works = true;
        await bucket.remove(trial, { signal });
      };
      const onFailure = (error: unknown) => {
        const message = works
          ? 'a test object could not be removed from the bucket'
          : "nothing could be put into the bucket; MPS fetches users' images from Discord";
        log.warn({ err: error }, message);
        if (works) throw error;
      };
      const options = { firstMs: everyMs, factor: 1, maxMs: everyMs, ref: false };
      await retry(attempt, { ...options, signal, onFailure }).catch(() => {});
    },
  };
}
