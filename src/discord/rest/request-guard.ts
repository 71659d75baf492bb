import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultRestOptions, type RESTOptions, type ResponseLike } from 'discord.js';
import { minute } from '../../util/time.js';
import { createInvalidBudget, type InvalidBudget } from './invalid-requests.js';
import { type Asked, createKnownRefusals, type KnownRefusals, type Refused } from './known-refusals.js';

type MakeRequest = RESTOptions['makeRequest'];

/**
 * All requests to Discord pass through here, whichever client sends them: the one place that keeps loops from causing
 * a ban. Known refusals are answered locally; a 429 or 5xx is never retried faster than a floor that doubles; and
 * invalid requests stay far below Discord's limit.
 */
export interface RestGuard extends Pick<KnownRefusals, 'forget'> {
  /** For the option of discord.js of that name. */
  readonly makeRequest: MakeRequest;
  /** True if there is budget for cosmetic requests: cards, lookups. */
  hasRoom(): boolean;
  /** Invalid requests within the last ten minutes. */
  spent(): number;
  /** Called for each invalid request, and when half of the budget is spent. */
  watch(observer: RestObserver): void;
}

export interface RestObserver {
  invalid(status: number): void;
  /** At most once in ten minutes. */
  near(spent: number, limit: number): void;
}

interface Options {
  /** This process's part of what the bot may send, of 1. */
  readonly share?: number;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly send?: MakeRequest;
  /** Called before each request; if it rejects, nothing is sent. */
  readonly confirm?: () => Promise<boolean>;
  /** As a whole: a tenth of what Discord bans for, so that nine other mistakes at the same address are survived too. */
  readonly limit?: number;
}

/** The request was held back because the budget of invalid requests is nearly spent: it can be retried later. */
export class RequestHeldError extends Error {
  override readonly name = 'RequestHeldError';
}

const usualLimit = 1_000;
/** First floor under a repeated 429 of one route, ms; doubles. */
const leastRetryMs = 500;
const mostRetryMs = minute;
/** First pause after a 5xx of one route, ms; doubles. discord.js repeats it at once otherwise. */
const leastFaultMs = 100;
const mostFaultMs = 4_000;
/** discord.js gives a request up after 15 s, its pause here included. */
const longestHoldMs = 10_000;
const mostRoutes = 2_000;

export function createRestGuard(options: Options = {}): RestGuard {
  const { share = 1, now = Date.now, random = Math.random, send = DefaultRestOptions.makeRequest } = options;
  const limit = Math.max(50, Math.floor((options.limit ?? usualLimit) * share));
  const budget = createInvalidBudget({ limit, now });
  const invalid = createInvalidCount(budget, limit, now);
  const refusals = createKnownRefusals({ now });
  const floors = createFloors(random);

  /** Discord's answer, with what is learnt from it. */
  async function learn(asked: Asked, response: ResponseLike): Promise<ResponseLike> {
    const { status } = response;
    invalid.count(status);
    if (status === 429) return withRetryAfter(response, floors.retry(asked, secondsIn(response)));
    if (status < 400) refusals.accepted(asked);
    if (status < 500) floors.clear(asked);
    if (status !== 401 && status !== 403) return response;
    const body = await response.text();
    const refused = { status, body, code: codeIn(body) };
    refusals.note(asked, refused);
    return replay(refused, response.headers);
  }

  return {
    async makeRequest(url, init) {
      const asked = askedBy(url, init);
      const known = refusals.find(asked);
      if (known) return replay(known);
      const signal = init.signal ?? undefined;
      await takeTurn(asked, budget, signal as AbortSignal | undefined);
      await options.confirm?.();
      const response = await learn(asked, await send(url, init));
      if (response.status >= 500)
        await sleep(floors.fault(asked), undefined, signal && { signal: signal as AbortSignal });
      return response;
    },
    hasRoom: () => budget.level() === 'free',
    spent: budget.spent,
    forget: refusals.forget,
    watch: invalid.watch,
  };
}

/** Counts what Discord takes for invalid, and reports it. */
function createInvalidCount(budget: InvalidBudget, limit: number, now: () => number) {
  let observer: RestObserver | undefined;
  let warnedAt = Number.NEGATIVE_INFINITY;
  return {
    count(status: number): void {
      if (!budget.count(status)) return;
      observer?.invalid(status);
      if (budget.level() === 'free' || now() - warnedAt < 10 * minute) return;
      warnedAt = now();
      observer?.near(budget.spent(), limit);
    },
    watch(given: RestObserver): void {
      observer = given;
    },
  };
}

/** @throws RequestHeldError; the signal's reason. */
async function takeTurn(asked: Asked, budget: InvalidBudget, signal: AbortSignal | undefined): Promise<void> {
  const ms = holdFor(asked, budget);
  if (ms > longestHoldMs) throw new RequestHeldError('Discord rejected too many requests recently.');
  if (ms > 0) await sleep(ms, undefined, signal && { signal });
}

/** ms that a request has to wait for the budget's sake. */
function holdFor({ method, path }: Asked, budget: InvalidBudget): number {
  // A user is waiting for it, it is due in 3 s, and a late one is only refused once.
  if (path.startsWith('/interactions/')) return 0;
  const isLook = method === 'GET' && /^\/(channels\/\d+\/messages|webhooks\/)/.test(path);
  if (isLook && budget.level() !== 'free') return Number.POSITIVE_INFINITY;
  if (budget.level() === 'over') return Number.POSITIVE_INFINITY;
  return budget.reserve();
}

/** How long each route is paused, by consecutive refusals. */
function createFloors(random: () => number) {
  const inRow = new Map<string, number>();

  function next(key: string, least: number, most: number): number {
    const times = inRow.get(key) ?? 0;
    inRow.delete(key);
    inRow.set(key, times + 1);
    for (const oldest of inRow.keys()) if (inRow.size > mostRoutes) inRow.delete(oldest);
    // Jitter on top, never below: many that were refused at one instant must not come back at one.
    return Math.min(most, least * 2 ** Math.min(times, 20)) * (1 + random() / 4);
  }

  const keyOf = ({ method, path }: Asked) => `${method} ${path}`;
  return {
    /** Seconds after a 429: what Discord said, but at least the floor. */
    retry: (asked: Asked, said: number) =>
      Math.max(said, next(keyOf(asked), leastRetryMs, mostRetryMs) / 1000),
    /** ms after a 5xx. */
    fault: (asked: Asked) => next(`5xx ${keyOf(asked)}`, leastFaultMs, mostFaultMs),
    clear(asked: Asked) {
      inRow.delete(keyOf(asked));
      inRow.delete(`5xx ${keyOf(asked)}`);
    },
  };
}

function askedBy(url: string, init: Parameters<MakeRequest>[1]): Asked {
  const { pathname } = new URL(url);
  const headers = new Headers(init.headers as ConstructorParameters<typeof Headers>[0]);
  return {
    method: (init.method ?? 'GET').toUpperCase(),
    path: pathname.replace(/^.*?\/v\d+(?=\/)/, ''),
    files: typeof init.body === 'object' && init.body !== null && !Buffer.isBuffer(init.body),
    byBot: headers.has('authorization'),
  };
}

/** Seconds; 0 if Discord said nothing that is a time. */
function secondsIn({ headers }: ResponseLike): number {
  const said = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(said) && said > 0 ? said : 0;
}

/** The same answer; discord.js takes one without the header for "at once". */
function withRetryAfter(response: ResponseLike, seconds: number): ResponseLike {
  const headers = new Headers([...response.headers]);
  headers.set('retry-after', seconds.toFixed(3));
  const { body, status, statusText, ok, bodyUsed } = response;
  return {
    body,
    status,
    statusText,
    ok,
    bodyUsed,
    headers,
    arrayBuffer: () => response.arrayBuffer(),
    json: () => response.json(),
    text: () => response.text(),
  };
}

function replay({ status, body }: Refused, headers?: ResponseLike['headers']): ResponseLike {
  const all = new Headers(headers ? [...headers] : { 'content-type': 'application/json' });
  // The text is read: what described its bytes on the wire is no longer true.
  all.delete('content-encoding');
  all.delete('content-length');
  return new Response(body, { status, headers: all }) as unknown as ResponseLike;
}

function codeIn(body: string): number {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null && 'code' in json ? Number(json.code) || 0 : 0;
  } catch {
    return 0;
  }
}
