import type { Log } from '../../log.js';
import { type Attempts, AttemptsSpentError } from '../ledger/attempts.js';
import type { Packing } from './attachments.js';
import { asItIs } from './parcels.js';

/**
 * The same packing, where a task that was found for the third time in it gets its files as they are: they are paid for, and
 * what is not looked at ends no process.
 */
export function packSafely(packing: Packing, attempts: Attempts, log: Log): Packing {
  return {
    ...packing,
    async pack(task, files, limit, options) {
      // What fits and is no video is at most read and written, by our own code.
      const isPlain = files.every(({ type, bytes }) => bytes <= limit && !type.startsWith('video/'));
      const pack = () => packing.pack(task, files, limit, options);
      if (isPlain) return pack();
      return attempts.run(task.id, 'files', pack).catch(async (error: unknown) => {
        if (!(error instanceof AttemptsSpentError)) throw error;
        // It is packed again for each route, and after each restart.
        await attempts.spend(task.id, 'files');
        log.error({ task: task.id, err: error }, 'posting a result unchanged');
        return files.map((original) => asItIs(original, limit));
      });
    },
  };
}
