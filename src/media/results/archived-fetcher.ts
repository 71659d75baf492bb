import { copyFile, link } from 'node:fs/promises';
import type { Log } from '../../log.js';
import type { FetchedFile } from '../files.js';
import type { Archive } from '../storage/archive.js';
import type { Spool } from '../storage/spool.js';
import type { Fetcher, Results } from './result-fetcher.js';

interface Deps {
  readonly fetcher: Fetcher;
  readonly archive: Archive;
  readonly spool: Pick<Spool, 'newPath' | 'remove'>;
  readonly log: Log;
}

/** A fetcher that archives results, and serves them from the archive once the links have expired. */
export function createArchivedFetcher({ fetcher, archive, spool, log }: Deps): Fetcher {
  /** All of a task's results from the archive, or nothing. */
  async function restored({ taskId, known = [] }: Results): Promise<FetchedFile[] | undefined> {
    const found = await Promise.all(known.map((facts, index) => archive.find(taskId, index, facts)));
    const kept = found.flatMap((one) => one?.file ?? []);
    if (kept.length === 0 || kept.length < found.length) return undefined;
    const files = kept.map((file) => ({ ...file, path: spool.newPath() }));
    try {
      for (const [index, { path }] of files.entries()) {
        const from = kept[index]?.path ?? '';
        await link(from, path).catch(() => copyFile(from, path));
      }
      return files;
    } catch (error) {
      await spool.remove(files.map(({ path }) => path));
      throw error;
    }
  }

  return {
    async fetch(results, options) {
      const kept = await restored(results).catch(() => undefined);
      if (kept) return kept;
      const files = await fetcher.fetch(results, options);
      await archive.keep(results.taskId, files).catch((error: unknown) => {
        log.error({ task: results.taskId, err: error }, 'a result could not be put into ARCHIVE_DIR');
      });
      return files;
    },
    discard: (files) => fetcher.discard(files),
  };
}
