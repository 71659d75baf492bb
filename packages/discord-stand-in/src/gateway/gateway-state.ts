import type { Connection } from './connection.js';
import type { Session } from './gateway-session.js';

/** The gateway's state about its bots. */
export interface State {
  readonly sessions: Map<string, Session>;
  readonly connections: Set<Connection>;
  /** Sessions that had their READY: no event is sent before it. */
  readonly greeted: WeakSet<Session>;
  /** Names of events that are sent twice. */
  readonly doubled: Set<string>;
  acks: boolean;
  refused: boolean;
  identifies: number;
  hasty: number;
  resumes: number;
  unanswered: number;
}

export function createState(): State {
  return {
    sessions: new Map(),
    connections: new Set(),
    greeted: new WeakSet(),
    doubled: new Set(),
    acks: true,
    refused: false,
    identifies: 0,
    hasty: 0,
    resumes: 0,
    unanswered: 0,
  };
}

/** Enough for sixteen shards whose processes were restarted a few times. */
export const keptSessions = 100;

/** Forgets the oldest session that no connection has. */
export function forgetOldest({ sessions, connections }: State): void {
  const used = new Set([...connections].map(({ session }) => session));
  for (const session of sessions.values()) {
    if (used.has(session)) continue;
    sessions.delete(session.id);
    return;
  }
}

/** Whether all shards of a bot are connected and have had their READY. */
export function isWhole({ connections, greeted }: State): boolean {
  const alive = [...connections].flatMap(({ session }) =>
    session && greeted.has(session) ? [session.shard] : [],
  );
  const count = alive[0]?.[1] ?? 1;
  return new Set(alive.filter(([, of]) => of === count).map(([id]) => id)).size === count;
}
