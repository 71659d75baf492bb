import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { addressOf } from '@easel/stand-in-kit';
import { WebSocketServer } from 'ws';
import type { JsonObject } from '../types.js';
import {
  type Connection,
  type ConnectionHost,
  closeCodes,
  createConnection,
  type MembersRequest,
  opcodes,
} from './connection.js';
import { createSession, type Dispatch, type Session } from './gateway-session.js';

/** How the gateway misbehaves. */
export interface GatewayFaults {
  /** Closes every connection with a code; without one they end as a dead network does. */
  drop(code?: number): void;
  /** Op 9: `resumable` false makes the bot identify anew. */
  invalidSession(resumable: boolean): void;
  /** Op 7: come again and resume. */
  reconnect(): void;
  /** Heartbeats get no answer (until `false`): the bot must take the connection for dead. */
  stopHeartbeatAcks(stopped?: boolean): void;
  /** Every connection falls silent in both directions and stays open; new ones work. */
  freeze(): void;
  /** Nobody is let in (until `false`): connecting ends with HTTP 503. */
  refuse(refused?: boolean): void;
  /** The last events come a second time, under their old numbers. */
  replay(lastN: number): void;
  /** Sends events of one name twice from now on, the second as a new one (`false` ends it). */
  duplicate(name: string, on?: boolean): void;
}

export interface Gateway {
  /** Takes an upgrade to `/gateway`; false when it is another's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Tells every session that wants it, those between two connections too. */
  dispatch(dispatch: Dispatch): void;
  /** Whether all shards of a bot are connected and identified. */
  isReady(): boolean;
  /** How often a bot has identified so far. */
  readonly identifies: number;
  /** How often a shard came too soon and was turned away. */
  readonly hasty: number;
  readonly resumes: number;
  readonly faults: GatewayFaults;
  close(): void;
}

export interface GatewayOptions {
  token: string;
  heartbeatIntervalMs: number;
  grantedIntents: number;
  /** Whether a shard may identify just now. */
  mayIdentify(shardId: number): boolean;
  nextSessionId(): string;
  /** Payload of READY. */
  ready(session: Session): JsonObject;
  /** Events that follow READY at once. */
  welcome(session: Session): readonly Dispatch[];
  members(session: Session, request: MembersRequest): JsonObject;
  /** Something about connections changed. */
  changed(): void;
}

/** Enough for sixteen shards whose processes were started anew a few times. */
const keptSessions = 100;

export function createGateway(options: GatewayOptions): Gateway {
  const sockets = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  const doubled = new Set<string>();
  let acks = true;
  let refused = false;
  let identifies = 0;
  let hasty = 0;
  let resumes = 0;

  function open(intents: number, shard: readonly [number, number], connection: Connection): Session {
    const session = createSession({ id: options.nextSessionId(), intents, shard });
    sessions.set(session.id, session);
    if (sessions.size > keptSessions) forgetOldest();
    identifies += 1;
    // The session listens only once this returns, so that READY goes out after it is attached.
    setImmediate(() => {
      if (!connections.has(connection)) return;
      session.send('READY', options.ready(session));
      for (const event of options.welcome(session))
        if (session.wants(event)) session.send(event.name, event.data(intents));
      greeted.add(session);
      options.changed();
    });
    return session;
  }

  /** Sessions that had their READY: nothing may come before it. */
  const greeted = new WeakSet<Session>();

  function forgetOldest(): void {
    const used = new Set([...connections].map(({ session }) => session));
    for (const session of sessions.values()) {
      if (used.has(session)) continue;
      sessions.delete(session.id);
      return;
    }
  }

  const host: ConnectionHost = {
    token: options.token,
    heartbeatIntervalMs: options.heartbeatIntervalMs,
    grantedIntents: options.grantedIntents,
    acksHeartbeats: () => acks,
    mayIdentify(shardId) {
      const may = options.mayIdentify(shardId);
      if (!may) hasty += 1;
      return may;
    },
    identify: open,
    resume(id) {
      const session = sessions.get(id);
      if (session) resumes += 1;
      setImmediate(options.changed);
      return session;
    },
    members: (session, request) => session.send('GUILD_MEMBERS_CHUNK', options.members(session, request)),
    left(connection, ended) {
      connections.delete(connection);
      if (ended && connection.session) sessions.delete(connection.session.id);
      options.changed();
    },
  };

  return {
    upgrade(request, socket, head) {
      const url = addressOf(request);
      if (!/^\/gateway\/?$/.test(url.pathname)) return false;
      if (refused) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
        return true;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        if ((url.searchParams.get('v') ?? '10') !== '10')
          return client.close(closeCodes.invalidVersion, 'Invalid API version.');
        if ((url.searchParams.get('encoding') ?? 'json') !== 'json' || url.searchParams.has('compress'))
          return client.close(closeCodes.decodeError, 'Only JSON, uncompressed, is spoken here.');
        connections.add(createConnection(client, host));
      });
      return true;
    },
    dispatch(event) {
      for (const session of sessions.values()) {
        if (!greeted.has(session) || !session.wants(event)) continue;
        const times = doubled.has(event.name) ? 2 : 1;
        for (let time = 0; time < times; time += 1) session.send(event.name, event.data(session.intents));
      }
    },
    isReady() {
      const alive = [...connections].flatMap(({ session }) =>
        session && greeted.has(session) ? [session.shard] : [],
      );
      const count = alive[0]?.[1] ?? 1;
      return new Set(alive.filter(([, of]) => of === count).map(([id]) => id)).size === count;
    },
    get identifies() {
      return identifies;
    },
    get hasty() {
      return hasty;
    },
    get resumes() {
      return resumes;
    },
    faults: {
      drop(code) {
        for (const connection of connections) code === undefined ? connection.cut() : connection.close(code);
      },
      invalidSession(resumable) {
        for (const connection of connections) {
          if (!resumable && connection.session) sessions.delete(connection.session.id);
          connection.invalidate(resumable);
        }
      },
      reconnect() {
        for (const connection of connections) connection.signal(opcodes.reconnect, null);
      },
      stopHeartbeatAcks(stopped = true) {
        acks = !stopped;
      },
      freeze() {
        for (const connection of connections) connection.freeze();
      },
      refuse(isRefused = true) {
        refused = isRefused;
      },
      replay(lastN) {
        for (const { session } of connections) session?.repeat(lastN);
      },
      duplicate(name, on = true) {
        if (on) doubled.add(name);
        else doubled.delete(name);
      },
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}
