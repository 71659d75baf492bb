import { z } from 'zod';
import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';
import { day } from '../../util/time.js';

/** What Discord took in a place at most, learned from refusals; persisted. */
export interface LearnedLimits {
  /** Bytes a file; infinite if nothing was refused lately. Never throws. */
  of(place: string): Promise<number>;
  /** Discord refused a file of so many bytes there: less is tried from now on. Never throws. */
  refused(place: string, bytes: number): Promise<void>;
  /** @throws StoreError */
  forget(place: string): Promise<void>;
  /** Forgets what no longer counts. @throws StoreError */
  prune(): Promise<void>;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
}

const mebibyte = 1024 * 1024;
/** Sizes that Discord has had as limits, bytes; a refused file is taken to be over the next smaller one. */
const steps = [500, 100, 50, 25, 20, 10, 8, 4, 2, 1].map((size) => size * mebibyte);

const learnedSchema = z.object({ v: z.literal(1), bytes: z.number().positive(), at: z.number() });
type Learned = z.infer<typeof learnedSchema>;

/** How long a refusal counts, ms: a guild that was boosted since is tried with more again. */
const learnedForMs = 30 * day;

export function createLearnedLimits({ table, log, now }: Deps): LearnedLimits {
  const learned = new Map<string, Learned | undefined>();
  const isFresh = ({ at }: Learned) => now() - at < learnedForMs;

  async function read(place: string): Promise<Learned | undefined> {
    const stored = await table.get(place).catch((error: unknown) => {
      log.warn({ place, err: error }, 'an upload limit could not be looked up');
      return undefined;
    });
    return learnedSchema.safeParse(stored).data;
  }

  async function of(place: string): Promise<number> {
    if (!learned.has(place)) {
      const stored = await read(place);
      // What was learned meanwhile is newer.
      if (!learned.has(place)) learned.set(place, stored);
    }
    const known = learned.get(place);
    return known && isFresh(known) ? known.bytes : Number.POSITIVE_INFINITY;
  }

  return {
    of,
    async refused(place, bytes) {
      const below = steps.find((step) => step < bytes) ?? Math.floor(bytes / 2);
      const entry: Learned = { v: 1, bytes: below, at: now() };
      // An earlier, larger file may be refused late: that it is too large says nothing of smaller ones.
      if (below >= (await of(place))) return;
      learned.set(place, entry);
      log.warn({ place, bytes, limit: below }, 'the upload limit is lower than Discord said');
      await table.set(place, entry).catch((error: unknown) => {
        log.warn({ place, err: error }, 'an upload limit could not be saved');
      });
    },
    async forget(place) {
      learned.delete(place);
      await table.delete(place);
    },
    async prune() {
      const due: string[] = [];
      for await (const [key, stored] of table.entries()) {
        const entry = learnedSchema.safeParse(stored).data;
        if (!entry || !isFresh(entry)) due.push(key);
      }
      for (const key of due) await table.delete(key);
    },
  };
}
