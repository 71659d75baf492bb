import type { Log } from '../../log.js';
import { type Attempts, AttemptsSpentError } from '../ledger/attempts.js';
import type { Packing } from './attachments.js';
import { asItIs } from './parcels.js';

/**
 * The same packing, except that a task found in it for the third time (it may have crashed the process) gets its
 * files unchanged: they are paid for, and unopened files crash nothing.
 */
export function packSafely(packing: Packing, attempts: Attempts, log: Log): Packing {
  return {
    ...packing,
    async pack(task, files, limit, options) {
      // A file that fits and isn't a video is at most rewritten by our own code.
      const isPlain = files.every(({ type, bytes }) => bytes <= limit && !type.startsWith('video/'));
      const pack = () => packing.pack(task, files, limit, options);
      if (isPlain) return pack();
      return attempts.run(task.id, 'files', pack).catch(async (error: unknown) => {
        if (!(error instanceof AttemptsSpentError)) throw error;
        // It is packed again per route and after each restart.
        await attempts.spend(task.id, 'files');
        log.error({ task: task.id, err: error }, 'posting a result unchanged');
        return files.map((original) => asItIs(original, limit));
      });
    },
  };
}
