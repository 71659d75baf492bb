import { setTimeout as sleep } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { ApiError, apiError } from '../api-errors.js';
import type { Fault, Faults } from '../faults.js';
import type { JsonObject } from '../types.js';
import { interactionRoutes } from './callback-routes.js';
import { channelRoutes } from './channel-routes.js';
import { commandRoutes } from './command-routes.js';
import { generalRoutes } from './general-routes.js';
import { type RateLimits, refusal } from './rate-limits.js';
import { answer, type Call, type Env, type RestContext } from './rest-context.js';
import { webhookRoutes } from './webhook-routes.js';

/** A request that the bot made. */
export interface RestRecord {
  /** ms since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Below `/api/v10`, with the tokens of interactions cut out. */
  readonly path: string;
  /** The interaction that it is about, if any. */
  readonly interactionId: string | undefined;
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly code: number | undefined;
  /** The JSON that was sent. */
  readonly body: unknown;
}

/** A request that the real Discord would have refused for what it says: a mistake of the bot. */
export interface Problem {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly code: number;
  readonly message: string;
  readonly errors: JsonObject | undefined;
  readonly body: unknown;
}

export interface RestObserver {
  request(record: RestRecord): void;
  problem(problem: Problem): void;
}

/** What a body is to blame for: bad form, nothing in it, broken JSON. */
const bodyCodes: ReadonlySet<number> = new Set([50035, 50006, 50109]);
/** Refused requests within ten minutes that get an address banned. Discord docs: Rate Limits, "Invalid Request Limit". */
const invalidLimit = 10_000;
const invalidWindowMs = 10 * 60_000;
const prefix = '/api/v10';

export interface RestOptions {
  context: RestContext;
  faults: Faults;
  limits: RateLimits;
  observer: RestObserver;
}

export interface Rest {
  fetch(request: Request, env: Env['Bindings']): Response | Promise<Response>;
  /** Answers of 401, 403 and 429 within the last ten minutes. */
  invalidRequests(): number;
}

/** Discord's REST API, version 10, as far as a bot like ours uses it. */
export function createRest({ context, faults, limits, observer }: RestOptions): Rest {
  const api = new Hono<Env>();
  const { clock, token } = context;
  let invalid: number[] = [];

  const pathOf = (call: Call): string =>
    decodeURIComponent(new URL(call.req.url).pathname).slice(prefix.length);

  function invalidRequests(): number {
    invalid = invalid.filter((at) => clock.now() - at < invalidWindowMs);
    return invalid.length;
  }

  function record(call: Call, status: number, code?: number): void {
    const path = pathOf(call).replace(/^(\/(?:interactions|webhooks)\/\d+\/)[^/]+/, '$1:token');
    const interactionId = context.interactions.idIn(pathOf(call));
    observer.request({
      at: clock.now(),
      method: call.req.method,
      path,
      interactionId,
      status,
      code,
      body: call.get('payload'),
    });
  }

  /** Does what a fault asks for before the request is looked at; an answer ends it. */
  async function misbehave(fault: Fault, path: string): Promise<Response | undefined> {
    switch (fault.kind) {
      case 'delay':
        await sleep(fault.ms);
        return undefined;
      case 'status':
        return answer({ message: fault.message ?? `${fault.status}`, code: fault.code ?? 0 }, fault.status);
      case '429':
        return tooMany(fault.bare ? undefined : (fault.retryAfter ?? 0.2), fault.scope ?? 'user');
      case 'expireToken':
        context.interactions.expire(
          /^\/(?:webhooks|interactions)\/\d+\/([^/]+)/.exec(path)?.[1] ?? '',
          fault.code,
        );
        return undefined;
      default:
        return undefined;
    }
  }

  /** Throws ApiError 401 for a wrong token, or none where one is needed. */
  function authenticate(call: Call, path: string): void {
    const given = call.req.header('authorization');
    const open = /^\/(interactions|webhooks)\/\d+\/./.test(path) || path === '/gateway';
    if (given === undefined ? !open : given !== `Bot ${token}`) throw apiError('unauthorized');
  }

  function gate(call: Call, path: string): Response | undefined {
    if (invalidRequests() >= invalidLimit)
      return new Response('error code: 1015', {
        status: 429,
        headers: { 'content-type': 'text/html', 'retry-after': '3600' },
      });
    // Discord docs: Reference, "User Agent".
    if (!/^DiscordBot \(.+, .+\)/.test(call.req.header('user-agent') ?? ''))
      throw new ApiError(403, 40333, 'internal network error');
    authenticate(call, path);
    return undefined;
  }

  api.use('*', async (call, next) => {
    await next();
    if (!call.req.path.startsWith(prefix) || call.res.headers.has('x-hono-already-sent')) return;
    const { status } = call.res;
    const counts =
      status === 401 ||
      status === 403 ||
      (status === 429 && call.res.headers.get('x-ratelimit-scope') !== 'shared');
    if (counts) invalid.push(clock.now());
    record(call, status, status < 400 ? undefined : await codeOf(call.res.clone()));
  });
  for (const folder of ['attachments', 'ephemeral-attachments', 'stickers'])
    api.get(`/${folder}/*`, async (call) => {
      for (const fault of faults.take(call.req.method, call.req.path, 'cdn')) {
        const early = await misbehave(fault, call.req.path);
        if (early) return early;
      }
      return context.cdn.serve(call.req.raw) ?? call.notFound();
    });

  api.use(`${prefix}/*`, async (call, next) => {
    const path = pathOf(call);
    const { socket } = call.env.incoming;
    const met = faults.take(call.req.method, path);
    const cut = (): Response => {
      socket.destroy();
      record(call, 0);
      return RESPONSE_ALREADY_SENT;
    };
    if (met.some(({ kind }) => kind === 'reset')) return cut();
    call.set(
      'losesFiles',
      met.some(({ kind }) => kind === 'noFiles'),
    );
    for (const fault of met) {
      const early = await misbehave(fault, path);
      if (early) return early;
    }
    const closed = gate(call, path);
    if (closed) return closed;
    const { headers, retryAfter, global } = limits.take(call.req.method, path);
    if (retryAfter !== undefined) return tooMany(retryAfter, global ? 'global' : 'user', headers);
    await next();
    for (const [name, value] of Object.entries(headers)) call.res.headers.set(name, value);
    if (met.some(({ kind }) => kind === 'resetAfter')) call.res = cut();
    return undefined;
  });

  const routes = new Hono<Env>();
  commandRoutes(routes, context);
  generalRoutes(routes, context);
  channelRoutes(routes, context);
  interactionRoutes(routes, context);
  webhookRoutes(routes, context);
  api.route(prefix, routes);
  api.notFound(() => answer(apiError('general').body(), 404));
  api.onError((error, call) => {
    if (!(error instanceof ApiError)) throw error;
    const { code, message, errors } = error;
    if (bodyCodes.has(code))
      observer.problem({
        at: clock.now(),
        method: call.req.method,
        path: pathOf(call),
        code,
        message,
        errors,
        body: call.get('payload'),
      });
    const response = answer(error.body(), error.status);
    for (const [name, value] of Object.entries(error.headers)) response.headers.set(name, value);
    return response;
  });
  return { fetch: (request, env) => api.fetch(request, env), invalidRequests };
}

function tooMany(
  retryAfter: number | undefined,
  scope: 'user' | 'global' | 'shared',
  headers: Readonly<Record<string, string>> = {},
): Response {
  const response = answer(
    { message: 'You are being rate limited.', retry_after: retryAfter, global: scope === 'global' },
    429,
  );
  for (const [name, value] of Object.entries({ ...headers, ...refusal(retryAfter ?? 0, scope).headers }))
    response.headers.set(name, value);
  if (retryAfter === undefined) response.headers.delete('retry-after');
  return response;
}

async function codeOf(response: Response): Promise<number | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'number'
    ? body.code
    : undefined;
}
