import type { Log } from '../log.js';
import { MpsError } from '../mps/api/errors.js';
import type { TaskId } from '../tasks/model/task.js';
import type { Observer } from './observer.js';

/** Adds a task's guild and shard to every log line about it. */
export interface LogContext extends Pick<Observer, 'task'> {
  /** Wraps a log: lines about a task, event or guild also get the guild, its shard and MPS's request id. */
  locate(log: Log): Log;
}

interface Deps {
  /** Total number of shards; 0 while unknown. */
  readonly shardCount: () => number;
}

/** The details of a line that identify its subject. */
interface About {
  readonly task?: unknown;
  readonly event?: unknown;
  readonly mpsTaskId?: unknown;
  readonly guild?: unknown;
  readonly requestId?: unknown;
  readonly err?: unknown;
}

interface Place {
  readonly task: TaskId;
  readonly guild?: string;
}

const mostRemembered = 10_000;

export function createLogContext({ shardCount }: Deps): LogContext {
  const places = new Map<string, Place>();

  function remember(key: string, place: Place): void {
    places.delete(key);
    places.set(key, place);
    for (const [oldest] of places) {
      if (places.size <= mostRemembered) break;
      places.delete(oldest);
    }
  }

  function placeOf({ task, event, mpsTaskId }: About): Place | undefined {
    for (const key of [task, event && `${String(event)}:1`, mpsTaskId])
      if (typeof key === 'string' && places.has(key)) return places.get(key);
    return undefined;
  }

  function located(details: object): object {
    const about: About = details;
    const { task = about.task, guild = about.guild } = placeOf(about) ?? {};
    const shard = typeof guild === 'string' ? shardOf(guild, shardCount()) : undefined;
    const requestId = about.requestId ?? (about.err instanceof MpsError ? about.err.requestId : undefined);
    return { ...details, ...given({ task, guild, shard, requestId }) };
  }

  function locate(log: Log): Log {
    return {
      debug: (details, message) => log.debug(located(details), message),
      info: (details, message) => log.info(located(details), message),
      warn: (details, message) => log.warn(located(details), message),
      error: (details, message) => log.error(located(details), message),
      child: (bindings) => locate(log.child({ ...bindings, ...located(bindings) })),
    };
  }

  return {
    locate,
    task({ id, origin, state }) {
      const place = { task: id, ...(origin.guildId !== undefined && { guild: origin.guildId }) };
      remember(id, place);
      if (state.name === 'running') remember(state.mpsTaskId, place);
    },
  };
}

/** Discord docs: Gateway, "Sharding". */
function shardOf(guildId: string, count: number): number | undefined {
  return count > 0 && /^\d+$/.test(guildId) ? Number((BigInt(guildId) >> 22n) % BigInt(count)) : undefined;
}

function given(details: object): object {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}
