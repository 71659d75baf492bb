import { createHash } from 'node:crypto';
import type { StandInClock } from '@easel/stand-in-kit';

/** An object under its key. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: Buffer;
  /** MD5 in hexadecimal, without quotes. */
  readonly etag: string;
  readonly type: string;
  /** Headers kept with it and sent again: Cache-Control, x-cos-meta-… */
  readonly headers: Readonly<Record<string, string>>;
  /** ms since the epoch, by the server's clock. */
  readonly modifiedAt: number;
}

export interface Objects {
  get(key: string): StoredObject | undefined;
  put(object: Pick<StoredObject, 'key' | 'bytes'> & Partial<StoredObject>): StoredObject;
  delete(key: string): void;
  /** All there are, by key. */
  readonly all: ReadonlyMap<string, StoredObject>;
  /** Those a listing shows now, in the order of their keys' UTF-8 bytes. */
  listed(): StoredObject[];
}

interface Shown {
  readonly object: StoredObject;
  /** Task time, ms: a listing shows it from here, and up to there. */
  readonly from: number;
  readonly until: number;
}

/** Reads by key are consistent at once; a listing reflects writes and deletions later (@param delay ms of task time). */
export function createObjects(clock: StandInClock, delay: () => number): Objects {
  const all = new Map<string, StoredObject>();
  const shown = new Map<string, Shown>();

  return {
    all,
    get: (key) => all.get(key),
    put({ key, bytes, type = 'application/octet-stream', headers = {} }) {
      const etag = createHash('md5').update(bytes).digest('hex');
      const object = { key, bytes, etag, type, headers, modifiedAt: clock.server() };
      const before = shown.get(key);
      const now = clock.task();
      const isShown = before !== undefined && now >= before.from && now < before.until;
      all.set(key, object);
      shown.set(key, { object, from: isShown ? before.from : now + delay(), until: Infinity });
      return object;
    },
    delete(key) {
      all.delete(key);
      const before = shown.get(key);
      if (before) shown.set(key, { ...before, until: clock.task() + delay() });
    },
    listed() {
      const now = clock.task();
      for (const [key, { until }] of shown) if (now >= until) shown.delete(key);
      return [...shown.values()]
        .filter(({ from }) => now >= from)
        .map(({ object }) => ({ object, order: Buffer.from(object.key) }))
        .sort((left, right) => Buffer.compare(left.order, right.order))
        .map(({ object }) => object);
    },
  };
}
