import type { z } from 'zod';
import { minute } from '../../util/time.js';
import { type Action, envelope, refusal } from '../wire.js';
import { type Failure, toMpsError } from './errors.js';
import { conceal, plainId } from './redact.js';
import type { Clock } from './server-clock.js';
import { type Credentials, sign } from './tc3-signature.js';
import type { Incoming, Transport } from './transport.js';

const version = '2019-06-12';

/**
 * Time-out of one request from connecting to the last byte, ms. A Create waits longer: its response is worth money.
 */
export const requestTimeouts = { create: 30_000, describe: 15_000 } as const;

/** Fields that hold user input. */
const personal = new Set(['Prompt', 'NegativePrompt', 'AdditionalParameters']);

export interface RequestDeps {
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly timeouts: { readonly create: number; readonly describe: number };
}

export interface Call<T> {
  readonly action: Action;
  readonly body: object;
  readonly answer: z.ZodType<T>;
  /** Aborts the request at any point. */
  readonly signal?: AbortSignal;
}

/** Signs one attempt. What it returns sends it, once, and reads the answer: throws MpsError, or the signal's reason. */
export type Sign = <T>(call: Call<T>) => () => Promise<T>;

/** A signature is renewed if it is sent later than this, ms: MPS takes one for five minutes, by its own clock. */
const freshMs = minute;

export function createSign(deps: RequestDeps): Sign {
  return (call) => {
    const body = JSON.stringify(call.body);
    let headers = headersOf(deps, call.action, body);
    const signedAt = deps.clock.now();
    return async () => {
      if (Math.abs(deps.clock.now() - signedAt) > freshMs) headers = headersOf(deps, call.action, body);
      const incoming = await send(deps, call, headers, body);
      return read(call, incoming, secretsOf(deps.credentials, headers.authorization, call.body));
    };
  };
}

function headersOf({ credentials, clock, endpoint, region }: RequestDeps, action: Action, body: string) {
  return {
    ...sign({ host: endpoint.hostname, body }, credentials, clock.now()),
    'x-tc-action': action,
    'x-tc-version': version,
    'x-tc-region': region,
    'x-tc-language': 'en-US',
  };
}

async function send(
  { endpoint, transport, timeouts }: RequestDeps,
  { action, signal }: Call<unknown>,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Incoming> {
  const precious = action.startsWith('Create');
  const cut = new AbortController();
  const follow = () => cut.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', follow, { once: true });
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      cut.abort();
    },
    precious ? timeouts.create : timeouts.describe,
  );
  let written = false;
  const onWrite = () => {
    written = true;
  };
  try {
    const { origin } = endpoint;
    return await transport.send({ origin, headers, body, precious, signal: cut.signal, onWrite });
  } catch (cause) {
    if (signal?.aborted && !timedOut) throw signal.reason;
    throw toMpsError({ kind: timedOut ? 'timed-out' : 'network', action, written, cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', follow);
  }
}

function read<T>({ action, answer }: Call<T>, incoming: Incoming, hidden: readonly string[]): T {
  const response = envelope.safeParse(parseJson(incoming.text)).data?.Response;
  const refused = refusal.safeParse(response).data;
  const known = { action, ...circumstances(incoming) };
  if (refused) {
    const { Code, Message } = refused.Error;
    throw toMpsError({
      ...known,
      kind: 'refused',
      code: plainId(Code),
      // A message about a task may quote its prompt, and a Describe doesn't know what to redact.
      detail: action.startsWith('Create') && Message ? conceal(Message, hidden) : undefined,
      requestId: plainId(refused.RequestId),
    });
  }
  const parsed = answer.safeParse(response);
  if (parsed.success && incoming.status === 200) return parsed.data;
  throw toMpsError({ ...known, kind: 'unreadable', cause: response && parsed.error });
}

function circumstances({
  status,
  header,
}: Incoming): Pick<Extract<Failure, { kind: 'refused' }>, 'httpStatus' | 'retryAfterMs' | 'serverTime'> {
  return {
    httpStatus: status,
    serverTime: parseDate(header('date')),
    retryAfterMs: parseRetryAfter(header('retry-after')),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseDate(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Retry-After in seconds, the form that servers send; dates are ignored because they come from another clock. */
function parseRetryAfter(text: string | undefined): number | undefined {
  return text && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

/** What a server may quote but a log must not contain: keys, signature, user input. */
function secretsOf(credentials: Credentials, authorization: string, body: object): string[] {
  const { secretId, secretKey, sessionToken = '' } = credentials;
  const signature = authorization.slice(authorization.lastIndexOf('=') + 1);
  const written = Object.entries(body).filter(([field]) => personal.has(field));
  return [secretId, secretKey, sessionToken, signature, ...written.map(([, text]) => String(text))];
}
