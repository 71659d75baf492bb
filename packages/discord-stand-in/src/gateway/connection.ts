import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Session } from './gateway-session.js';
import { intentFault } from './intents.js';

/** Discord docs: Opcodes and Status Codes, "Gateway". */
export const opcodes = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  members: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

export const closeCodes = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSeq: 4007,
  rateLimited: 4008,
  invalidShard: 4010,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

const Frame = z.object({ op: z.number(), d: z.unknown() });
const Identify = z.object({
  token: z.string(),
  intents: z.unknown(),
  properties: z.record(z.string(), z.unknown()),
  shard: z.tuple([z.number().int(), z.number().int()]).optional(),
});
const Resume = z.object({ token: z.string(), session_id: z.string(), seq: z.number().int() });
const Members = z.object({
  guild_id: z.string(),
  nonce: z.string().optional(),
  user_ids: z.union([z.string(), z.array(z.string())]).optional(),
});
export type MembersRequest = z.infer<typeof Members>;

export interface ConnectionHost {
  readonly token: string;
  readonly heartbeatIntervalMs: number;
  /** Privileged intents that the application has. */
  grantedIntents(): number;
  acksHeartbeats(): boolean;
  mayIdentify(shardId: number): boolean;
  identify(intents: number, shard: readonly [number, number], connection: Connection): Session;
  resume(id: string): Session | undefined;
  members(session: Session, request: MembersRequest): void;
  /** The connection is gone; `ended` when the bot took leave for good. */
  left(connection: Connection, ended: boolean): void;
}

export interface Connection {
  readonly session: Session | undefined;
  /** Sends something outside the sequence of events: op 7, op 9. */
  signal(op: number, data: unknown): void;
  /** Op 9: the session is over here; the bot may resume or identify on this very connection. */
  invalidate(resumable: boolean): void;
  close(code: number): void;
  /** Ends without a close frame, like a dead network. */
  cut(): void;
  /** Neither receives nor sends anything any more, not even a close frame, and stays open: a zombie. */
  freeze(): void;
}

/** The session that a connection has, if any. */
interface Held {
  session: Session | undefined;
}

/** Leads one WebSocket through Discord's protocol. Discord docs: Gateway, "Connection Lifecycle". */
export function createConnection(socket: WebSocket, host: ConnectionHost): Connection {
  const held: Held = { session: undefined };
  const { send, freeze } = createSender(socket);
  const tooMany = createFrameLimit();
  const connection: Connection = {
    get session() {
      return held.session;
    },
    signal: (op, data) => send(JSON.stringify({ op, d: data, s: null, t: null })),
    invalidate(resumable) {
      held.session?.detach();
      held.session = undefined;
      connection.signal(opcodes.invalidSession, resumable);
    },
    close: (code) => socket.close(code),
    cut: () => socket.terminate(),
    freeze,
  };

  const { identify, resume } = createLogin({ held, connection, send, host });

  function receive(text: string): number | undefined {
    const frame = Frame.safeParse(parse(text));
    if (!frame.success) return closeCodes.decodeError;
    if (tooMany()) return closeCodes.rateLimited;
    const { op, d } = frame.data;
    if (op === opcodes.heartbeat) {
      if (host.acksHeartbeats()) connection.signal(opcodes.heartbeatAck, null);
      return undefined;
    }
    if (op === opcodes.identify) return identify(d);
    if (op === opcodes.resume) return resume(d);
    return held.session ? hear(held.session, op, d, host) : closeCodes.notAuthenticated;
  }

  socket.on('message', (data) => {
    const code = receive(data.toString());
    if (code !== undefined) socket.close(code);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', (code) => {
    held.session?.detach();
    host.left(connection, code === 1000 || code === 1001);
  });
  connection.signal(opcodes.hello, { heartbeat_interval: host.heartbeatIntervalMs, _trace: ['stand-in'] });
  return connection;
}

interface LoginDeps {
  readonly held: Held;
  readonly connection: Connection;
  readonly send: (text: string) => void;
  readonly host: ConnectionHost;
}

/** Identify and Resume: how a connection gets its session. */
function createLogin({ held, connection, send, host }: LoginDeps) {
  /** Why the connection must end: a close code; undefined when all is well. */
  function identify(data: unknown): number | undefined {
    if (held.session) return closeCodes.alreadyAuthenticated;
    const asked = readIdentify(data, host);
    if (typeof asked === 'number') return asked;
    // Discord docs: Gateway, "Rate Limiting": too many identifies at once get an Invalid Session.
    if (!host.mayIdentify(asked.shard[0])) {
      connection.signal(opcodes.invalidSession, false);
      return undefined;
    }
    held.session = host.identify(asked.intents, asked.shard, connection);
    held.session.attach(send);
    return undefined;
  }

  function resume(data: unknown): number | undefined {
    if (held.session) return closeCodes.alreadyAuthenticated;
    const known = readResume(data, host);
    if (typeof known === 'number') return known;
    known.session?.attach(send);
    if (known.session?.replay(known.seq)) {
      held.session = known.session;
      held.session.send('RESUMED', { _trace: ['stand-in'] });
    } else {
      known.session?.detach();
      connection.signal(opcodes.invalidSession, false);
    }
    return undefined;
  }

  return { identify, resume };
}

/** Sends as long as the socket is open; frozen, it neither sends nor receives. */
function createSender(socket: WebSocket) {
  let frozen = false;
  return {
    send(text: string): void {
      if (!frozen && socket.readyState === socket.OPEN) socket.send(text);
    },
    freeze(): void {
      frozen = true;
      socket.pause();
    },
  };
}

/** The session for an Identify, or the close code that it gets. */
function readIdentify(
  data: unknown,
  host: ConnectionHost,
): { readonly intents: number; readonly shard: readonly [number, number] } | number {
  const parsed = Identify.safeParse(data);
  if (!parsed.success) return closeCodes.decodeError;
  const { token, intents, shard = [0, 1] } = parsed.data;
  if (token !== host.token) return closeCodes.authenticationFailed;
  if (shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1]) return closeCodes.invalidShard;
  const fault = intentFault(intents, host.grantedIntents());
  if (fault === 'disallowed') return closeCodes.disallowedIntents;
  if (fault === 'invalid' || typeof intents !== 'number') return closeCodes.invalidIntents;
  return { intents, shard };
}

/** The session that a Resume asks for, if it still exists, or the close code for the bot. */
function readResume(
  data: unknown,
  host: ConnectionHost,
): { readonly session: Session | undefined; readonly seq: number } | number {
  const parsed = Resume.safeParse(data);
  if (!parsed.success) return closeCodes.decodeError;
  const { token, session_id: id, seq } = parsed.data;
  if (token !== host.token) return closeCodes.authenticationFailed;
  const session = host.resume(id);
  return session && seq > session.seq ? closeCodes.invalidSeq : { session, seq };
}

/** Handles the other opcodes of a session; answers a close code for forbidden ones. */
function hear(session: Session, op: number, data: unknown, host: ConnectionHost): number | undefined {
  if (op === opcodes.presence || op === opcodes.voice) return undefined;
  if (op !== opcodes.members) return closeCodes.unknownOpcode;
  const asked = Members.safeParse(data);
  if (!asked.success) return closeCodes.decodeError;
  host.members(session, asked.data);
  return undefined;
}

/** Returns whether a frame exceeds the limit of 120 a minute. Discord docs: Gateway, "Rate Limiting". */
function createFrameLimit(): () => boolean {
  let received = 0;
  let since = performance.now();
  return () => {
    if (performance.now() - since > 60_000) {
      since = performance.now();
      received = 0;
    }
    received += 1;
    return received > 120;
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
