import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import type { Shards } from '../config/config.js';
import type { Log } from '../log.js';
import { leasesKey } from '../store/redis-fencing.js';
import { minute } from '../util/time.js';
import {
  asking,
  type Counts,
  counts,
  type Errand,
  type Outcome,
  outcome,
  type Reply,
  reply,
  type TaskErrand,
} from './peer-messages.js';
import { listenOn } from './redis-subscriber.js';
import { holds } from './shard-ranges.js';

export type { Counts, Outcome, PressAnswer, TaskErrand } from './peer-messages.js';

/** Requests between processes: only the one that runs a task may change it. */
export interface PeerRequests {
  /**
   * Asks the process that runs a task to act on it.
   * @returns undefined if that process is offline or didn't answer in time; it may have been done anyway, and may be
   * requested again.
   */
  run(errand: TaskErrand): Promise<Outcome | undefined>;
  /** Asks all other processes to delete a user's data. `isWhole`: the process of every shard confirmed. */
  forget(userId: string): Promise<Counts & { readonly isWhole: boolean }>;
  /** Serves requests of other processes until the signal aborts. */
  serve(work: Work, signal: AbortSignal): void;
  close(): void;
}

/**
 * Handles requests of other processes. A response means that it is persisted. If it throws it wasn't done, and there
 * is no response.
 */
export interface Work {
  run(errand: TaskErrand): Promise<Outcome>;
  forget(userId: string): Promise<Counts>;
}

interface Deps {
  /** What is asked and answered goes through it. */
  readonly redis: Redis;
  /** One more connection, which only listens. */
  readonly connect: () => Redis;
  /** This process's. */
  readonly shards: Exclude<Shards, 'auto'>;
  /** The number of this process's lease; empty while it holds none. */
  readonly lease: () => string;
  readonly log: Log;
  /** ms between two checks whether the connection is alive. */
  readonly lookMs?: number;
  /** A process that hasn't started by then counts as unavailable, ms. */
  readonly patienceMs?: number;
}

/** Discord waits three seconds for the answer to a press. */
export const pressPatienceMs = 1_500;
/** A started request is waited for a little longer, ms. */
export const pressMs = 500;
/**
 * Time-out for deleting a user's data, ms: the deferred answer can be filled for minutes, and a ledger may be long.
 */
const forgetMs = minute;

export function createPeerRequests({
  redis,
  connect,
  shards,
  lease,
  log,
  lookMs = 5_000,
  patienceMs = pressPatienceMs,
}: Deps): PeerRequests {
  const self = randomUUID();
  // Each Redis database is a separate Easel, but channels ignore databases.
  const line = `easel:errands:${redis.options.db ?? 0}`;
  const own = { redis, line, self, shards, lease, log, patienceMs };
  const { send, hear } = createCalls(own);
  const service = createService(own);

  const listener = listenOn({
    connect,
    log,
    lookMs,
    channels: [line, `${line}:${self}`],
    onMessage: (channel, text) => (channel === line ? void service.hear(text) : hear(text)),
  });

  return {
    async run(errand) {
      const [answer] = await send(errand, 1, pressMs);
      return outcome.safeParse(answer?.done).data;
    },
    async forget(userId) {
      const others = shards.count - shards.ids.length;
      const replies = await send({ what: 'forget', userId }, others, forgetMs);
      const told = replies.flatMap((one) => {
        const { data } = counts.safeParse(one.done);
        return data ? [{ ...data, shards: one.shards }] : [];
      });
      const sum = (of: 'emptied' | 'later' | 'shards') => told.reduce((total, one) => total + one[of], 0);
      return { emptied: sum('emptied'), later: sum('later'), isWhole: sum('shards') >= others };
    },
    serve: service.serve,
    close: listener.close,
  };
}

interface Own extends Pick<Deps, 'redis' | 'shards' | 'lease' | 'log'> {
  readonly patienceMs: number;
  readonly line: string;
  /** This process. */
  readonly self: string;
}

/** Requests to other processes, and what comes back. */
function createCalls({ redis, line, self, log, patienceMs }: Own) {
  const hearers = new Map<string, (heard: Reply) => void>();

  async function send(errand: Errand, wanted: number, longestMs: number): Promise<readonly Reply[]> {
    const id = randomUUID();
    const replies = new Map<string, Reply>();
    const enough = new AbortController();
    const isDone = ({ done }: Reply) => done !== undefined;
    let least = wanted;
    const look = () => void (shardsOf(replies, isDone) >= least && enough.abort());
    const wait = (ms: number) => sleep(ms, undefined, { signal: enough.signal }).catch(() => {});
    hearers.set(id, (heard) => {
      replies.set(heard.from, heard);
      look();
    });
    try {
      await redis.publish(line, JSON.stringify({ id, from: self, errand }));
      await wait(patienceMs);
      // Processes that haven't started are no longer waited for.
      least = shardsOf(replies);
      look();
      await wait(longestMs);
    } catch (error) {
      log.warn({ ...nameOf(errand), err: error }, 'a request to other processes failed');
    } finally {
      hearers.delete(id);
    }
    return [...replies.values()].filter(isDone);
  }

  function hear(text: string): void {
    const heard = read(reply, text, log);
    if (heard) hearers.get(heard.id)?.(heard);
  }

  return { send, hear };
}

/** What other processes ask of this one. */
function createService({ redis, line, self, shards, lease, log }: Own) {
  let work: Work | undefined;

  function isOurs(errand: Errand): boolean {
    return errand.what === 'forget' || holds(shards, errand.home);
  }

  async function hear(text: string): Promise<void> {
    const asked = read(asking, text, log);
    if (!work || !asked || asked.from === self || !isOurs(asked.errand)) return;
    const { id, from, errand } = asked;
    const answer = (done?: Outcome | Counts) =>
      redis.publish(`${line}:${from}`, JSON.stringify({ id, from: self, shards: shards.ids.length, done }));
    const { run, forget } = work;
    try {
      // Without its lease it would answer from memory about tasks that another process runs.
      if ((await redis.hexists(leasesKey, lease())) !== 1) return;
      await answer();
      await answer(errand.what === 'forget' ? await forget(errand.userId) : await run(errand));
    } catch (error) {
      log.warn({ ...nameOf(errand), err: error }, 'a request from another process failed');
    }
  }

  return {
    hear,
    serve(given: Work, signal: AbortSignal): void {
      if (signal.aborted) return;
      work = given;
      signal.addEventListener('abort', () => (work = undefined), { once: true });
    },
  };
}

/** Messages of other versions are ignored; their content must not be logged. */
function read<T>(schema: z.ZodType<T>, text: string, log: Log): T | undefined {
  const { data, error } = schema.safeParse(parse(text));
  const fields = error?.issues.map(({ path }) => path.join('.'));
  if (fields) log.warn({ fields }, 'a message from another process could not be parsed');
  return data;
}

function shardsOf(replies: ReadonlyMap<string, Reply>, which: (one: Reply) => boolean = () => true): number {
  return [...replies.values()].filter(which).reduce((sum, { shards }) => sum + shards, 0);
}

/** What the log may contain of a request: neither the token nor its user. */
function nameOf(errand: Errand): object {
  return { errand: errand.what, ...('id' in errand && { task: errand.id }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
