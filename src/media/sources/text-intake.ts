import { readFile } from 'node:fs/promises';
import { download, OversizeError } from '../http/download.js';
import type { AddressRule } from '../http/url-guard.js';
import type { Spool } from '../storage/spool.js';

/** Reads small files of text that users upload to Discord. */
export interface Texts {
  /**
   * Never rejects.
   * @param maxBytes of the file.
   * @returns its text (UTF-8), or why there is none.
   */
  read(url: string, maxBytes: number): Promise<{ readonly text: string } | 'large' | 'unreachable'>;
}

interface Deps {
  readonly addresses: AddressRule;
  readonly spool: Spool;
}

/** Longest wait for a byte, and for the whole: a command waits for it, ms. */
const stallMs = 10_000;
const timeoutMs = 30_000;

export function createTexts({ addresses, spool }: Deps): Texts {
  return {
    async read(url, maxBytes) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const { path } = await download(url, { addresses, spool, maxBytes, stallMs, signal });
        try {
          return { text: await readFile(path, 'utf8') };
        } finally {
          await spool.remove([path]);
        }
      } catch (error) {
        return error instanceof OversizeError ? 'large' : 'unreachable';
      }
    },
  };
}
