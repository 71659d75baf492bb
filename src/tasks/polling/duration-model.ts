import { z } from 'zod';
import type { Log } from '../../log.js';
import type { GenerationRequest, Kind } from '../../mps/generation-request.js';
import type { Table } from '../../store/store.js';
import { minute } from '../../util/time.js';
import { buckets, type Distribution, fromRange } from './distribution.js';
import { blend, createLifeTable, type LifeTable, type Observation, observe } from './life-table.js';

/**
 * How long tasks take at MPS: `whole` from the Create, `run` from the last WAIT for tasks that were queued there.
 * Off-peak tasks are excluded: nothing is known about them but the limit of two days.
 */
export interface Durations {
  /** The current estimate for such a request. */
  of(request: GenerationRequest, part?: Part): Distribution;
  /** The estimate for a kind, whatever the model. */
  ofKind(kind: Kind): Distribution;
  /** Learns from one response. */
  note(request: GenerationRequest, seen: Observation, part?: Part): void;
  /** Loads what was learned before. Unreadable data is dropped; never throws. */
  load(): Promise<void>;
  /** Persists what was learned since, and stops the periodic saving; never throws. */
  close(): Promise<void>;
}

export type Part = 'whole' | 'run';

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  /** ms between two saves: of little value, so they are rare. */
  readonly saveMs?: number;
}

/** As stated in Tencent's guide: 1–3 and 3–5 minutes, ms. */
export const guideRanges = {
  image: [minute, 3 * minute],
  video: [180_000, 300_000],
} as const satisfies Record<Kind, readonly [number, number]>;

/** Size of the observation window: at one a minute, a few hours. */
const memory = 400;
/** Number of observations that outweigh the estimate of the next larger family. */
const strength = 12;

/**
 * The weight of an end relative to a "still running" response. Estimates are recomputed only after enough of them.
 */
const newsOfEnd = 8;

const count = z.number().min(0).max(1e6);
/** Per observed bucket: its index, how many entered, how many ended. */
const row = z.object({
  v: z.literal(1),
  seen: z.array(
    z.tuple([
      z
        .int()
        .min(0)
        .max(buckets - 1),
      count,
      count,
    ]),
  ),
});

export function createDurations({ table, log, saveMs = minute }: Deps): Durations {
  const seen = new Map<string, LifeTable>();
  const unsaved = new Set<string>();
  const estimates = createEstimates(seen);
  let timer: NodeJS.Timeout | undefined;

  async function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    try {
      for (const [family, lives] of seen) {
        if (unsaved.delete(family)) await table.set(family, toRow(lives));
      }
    } catch (error) {
      // More will be learned and saved; until then nothing is missing.
      log.warn({ err: error }, 'learned durations could not be saved');
    }
  }

  return {
    of: estimates.of,
    ofKind: estimates.ofKind,
    note(request, observation, part = 'whole') {
      const belief = estimates.of(request, part);
      for (const family of familiesOf(request, part)) {
        const table = seen.get(family) ?? createLifeTable();
        observe(table, observation, belief, memory);
        seen.set(family, table);
        unsaved.add(family);
      }
      estimates.outdate(request.kind, observation);
      timer ??= setTimeout(() => void save(), saveMs).unref();
    },
    async load() {
      await readInto(seen, { table, log });
      estimates.clear();
    },
    close: save,
  };
}

/** Estimates from what was seen of each family, computed when they are first asked for and kept for a while. */
function createEstimates(seen: ReadonlyMap<string, LifeTable>) {
  const believed = new Map<string, Distribution>();
  const priors = { image: fromRange(guideRanges.image), video: fromRange(guideRanges.video) };
  /** Observations since the estimates were computed. */
  let news = 0;

  /** The distribution of the last of `families`, each shrunk towards the one before it, and the first towards `prior`. */
  function believe(families: readonly string[], prior: Distribution): Distribution {
    const family = families.at(-1);
    if (family === undefined) return prior;
    const known = believed.get(family);
    if (known) return known;
    const before = believe(families.slice(0, -1), prior);
    const table = seen.get(family);
    const fresh = table ? blend(table, before, strength) : before;
    believed.set(family, fresh);
    return fresh;
  }

  function ofKind(kind: Kind): Distribution {
    return believe([kind], priors[kind]);
  }

  function of(request: GenerationRequest, part: Part = 'whole'): Distribution {
    const { kind } = request;
    return believe(familiesOf(request, part), part === 'whole' ? priors[kind] : ofKind(kind));
  }

  /** Counts an observation; after enough of them estimates are computed again. */
  function outdate(kind: Kind, { ended }: Observation): void {
    news += ended ? newsOfEnd : 1;
    if (news < newsOfEnd + (seen.get(kind)?.worth ?? 0) / 4) return;
    // A change in a larger family changes the estimates of all smaller ones.
    believed.clear();
    news = 0;
  }

  return { of, ofKind, outdate, clear: () => believed.clear() };
}

/** Adds the rows of `table`; unreadable ones are logged and left out. */
async function readInto(seen: Map<string, LifeTable>, { table, log }: Pick<Deps, 'table' | 'log'>) {
  try {
    for await (const [family, stored] of table.entries()) {
      const read = row.safeParse(stored);
      if (read.success) seen.set(family, fromRow(read.data));
      else log.warn({ family }, 'learned durations are unreadable; starting from scratch');
    }
  } catch (error) {
    log.warn({ err: error }, 'learned durations could not be read; starting from scratch');
  }
}

/** From the largest family to the request's own: kind, model, version, and options that make it slower. */
function familiesOf(request: GenerationRequest, part: Part): string[] {
  const { kind, model, resolution = '-' } = request;
  const [name = model] = model.split('-');
  const duration = request.kind === 'video' ? (request.duration ?? '-') : '-';
  const own = [kind, `${kind}/${name}`, `${kind}/${model}`, `${kind}/${model}/${duration}/${resolution}`];
  return part === 'whole' ? own : own.map((family) => `${family}/run`);
}

function toRow({ entered, ended }: LifeTable): z.infer<typeof row> {
  const rounded = (value = 0) => Math.round(value * 1_000) / 1_000;
  const all = [...entered].map((count, n): [number, number, number] => [
    n,
    rounded(count),
    rounded(ended[n]),
  ]);
  return { v: 1, seen: all.filter(([, count]) => count > 0) };
}

function fromRow(stored: z.infer<typeof row>): LifeTable {
  const table = createLifeTable();
  for (const [n, count, ends] of stored.seen) {
    table.entered[n] = count;
    table.ended[n] = ends;
    table.worth += ends;
  }
  return table;
}
