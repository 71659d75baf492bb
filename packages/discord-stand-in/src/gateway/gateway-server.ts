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
} from './connection.js';
import { createFaults, type GatewayFaults } from './gateway-faults.js';
import { createSession, type Dispatch, type Session } from './gateway-session.js';
import { createState, forgetOldest, isWhole, keptSessions, type State } from './gateway-state.js';

export interface Gateway {
  /** Takes an upgrade to `/gateway`; false when it is another's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Dispatches to every session with the intent, including those between two connections. */
  dispatch(dispatch: Dispatch): void;
  /** Whether all shards of a bot are connected and identified. */
  isReady(): boolean;
  /** How often a bot has identified so far. */
  readonly identifies: number;
  /** How often a shard identified too soon and was rejected. */
  readonly hasty: number;
  readonly resumes: number;
  /** How many heartbeats got no answer so far. */
  readonly unanswered: number;
  readonly faults: GatewayFaults;
  close(): void;
}

export interface GatewayOptions {
  token: string;
  heartbeatIntervalMs: number;
  /** Privileged intents that are switched on for the application just now. */
  grantedIntents(): number;
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

export function createGateway(options: GatewayOptions): Gateway {
  const sockets = new WebSocketServer({ noServer: true });
  const state = createState();
  const host = createHost(options, state);
  return {
    upgrade(request, socket, head) {
      const url = addressOf(request);
      if (!/^\/gateway\/?$/.test(url.pathname)) return false;
      if (state.refused) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
        return true;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        const problem = objectionTo(url);
        if (problem) return client.close(problem.code, problem.reason);
        state.connections.add(createConnection(client, host));
      });
      return true;
    },
    dispatch(event) {
      for (const session of state.sessions.values()) {
        if (!state.greeted.has(session) || !session.wants(event)) continue;
        const times = state.doubled.has(event.name) ? 2 : 1;
        for (let time = 0; time < times; time += 1) session.send(event.name, event.data(session.intents));
      }
    },
    isReady: () => isWhole(state),
    get identifies() {
      return state.identifies;
    },
    get hasty() {
      return state.hasty;
    },
    get resumes() {
      return state.resumes;
    },
    get unanswered() {
      return state.unanswered;
    },
    faults: createFaults(state),
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

/** The error in the address that a bot connects to. */
function objectionTo({ searchParams }: URL): { readonly code: number; readonly reason: string } | undefined {
  if ((searchParams.get('v') ?? '10') !== '10')
    return { code: closeCodes.invalidVersion, reason: 'Invalid API version.' };
  if ((searchParams.get('encoding') ?? 'json') !== 'json' || searchParams.has('compress'))
    return { code: closeCodes.decodeError, reason: 'Only JSON, uncompressed, is spoken here.' };
  return undefined;
}

/** The gateway's interface for connections. */
function createHost(options: GatewayOptions, state: State): ConnectionHost {
  return {
    token: options.token,
    heartbeatIntervalMs: options.heartbeatIntervalMs,
    grantedIntents: options.grantedIntents,
    acksHeartbeats() {
      if (!state.acks) state.unanswered += 1;
      return state.acks;
    },
    mayIdentify(shardId) {
      const may = options.mayIdentify(shardId);
      if (!may) state.hasty += 1;
      return may;
    },
    identify: (intents, shard, connection) => open(options, state, { intents, shard, connection }),
    resume(id) {
      const session = state.sessions.get(id);
      if (session) state.resumes += 1;
      setImmediate(options.changed);
      return session;
    },
    members: (session, request) => session.send('GUILD_MEMBERS_CHUNK', options.members(session, request)),
    left(connection, ended) {
      state.connections.delete(connection);
      if (ended && connection.session) state.sessions.delete(connection.session.id);
      options.changed();
    },
  };
}

interface Identified {
  readonly intents: number;
  readonly shard: readonly [number, number];
  readonly connection: Connection;
}

/** Opens a session, which gets its READY as soon as it listens. */
function open(options: GatewayOptions, state: State, { intents, shard, connection }: Identified): Session {
  const session = createSession({ id: options.nextSessionId(), intents, shard });
  state.sessions.set(session.id, session);
  if (state.sessions.size > keptSessions) forgetOldest(state);
  state.identifies += 1;
  // The session listens only once this returns, so that READY goes out after it is attached.
  setImmediate(() => {
    if (!state.connections.has(connection)) return;
    session.send('READY', options.ready(session));
    for (const event of options.welcome(session))
      if (session.wants(event)) session.send(event.name, event.data(intents));
    state.greeted.add(session);
    options.changed();
  });
  return session;
}
