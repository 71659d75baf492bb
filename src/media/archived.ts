import { copyFile, link } from 'node:fs/promises';
import type { Log } from '../log.js';
import type { Archive } from './archive.js';
import type { FetchedFile, Fetcher, Results } from './fetch.js';
import type { Spool } from './spool.js';

interface Deps {
  readonly fetcher: Fetcher;
  readonly archive: Archive;
  readonly spool: Pick<Spool, 'newPath'>;
  readonly log: Log;
}

/** A fetcher that puts away what it fetched, and finds it there again when the links have died. */
export function createArchivedFetcher({ fetcher, archive, spool, log }: Deps): Fetcher {
  /** All of a task's results from the archive, or nothing. */
  async function restored({ taskId, known = [] }: Results): Promise<FetchedFile[] | undefined> {
    const found = await Promise.all(known.map((facts, index) => archive.find(taskId, index, facts)));
    const files: FetchedFile[] = [];
    for (const one of found) {
      if (!one) return undefined;
      const path = spool.newPath();
      await link(one.file.path, path).catch(() => copyFile(one.file.path, path));
      files.push({ ...one.file, path });
    }
    return files.length > 0 ? files : undefined;
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
