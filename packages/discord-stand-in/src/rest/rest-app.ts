import { setTimeout as sleep } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { ApiError, apiError } from '../api-errors.js';
import type { Fault, Faults } from '../faults.js';
import { interactionRoutes } from './callback-routes.js';
import { channelRoutes } from './channels/channel-routes.js';
import { commandRoutes } from './command-routes.js';
import { generalRoutes } from './general-routes.js';
import { guildRoutes } from './guild-routes.js';
import { type RateLimits, refusal } from './rate-limits.js';
import { createRequestLog, pathOf, prefix, type RequestLog, type RestObserver } from './request-log.js';
import { answer, type Call, type Env, type RestContext } from './rest-context.js';
import { webhookRoutes } from './webhook-routes.js';

/** Refused requests within ten minutes that get an address banned. Discord docs: Rate Limits, "Invalid Request Limit". */
const invalidLimit = 10_000;

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
export function createRest(options: RestOptions): Rest {
  const { context, observer } = options;
  const api = new Hono<Env>();
  const log = createRequestLog(context, observer);
  api.use('*', async (call, next) => {
    await next();
    if (!call.req.path.startsWith(prefix) || call.res.headers.has('x-hono-already-sent')) return;
    await log.answered(call);
  });
  serveCdn(api, options);
  guard(api, options, log);
  const routes = new Hono<Env>();
  commandRoutes(routes, context);
  generalRoutes(routes, context);
  guildRoutes(routes, context);
  channelRoutes(routes, context);
  interactionRoutes(routes, context);
  webhookRoutes(routes, context);
  api.route(prefix, routes);
  api.notFound(() => answer(apiError('general').body(), 404));
  api.onError((error, call) => {
    if (!(error instanceof ApiError)) throw error;
    log.refused(call, error);
    const response = answer(error.body(), error.status);
    for (const [name, value] of Object.entries(error.headers)) response.headers.set(name, value);
    return response;
  });
  return { fetch: (request, env) => api.fetch(request, env), invalidRequests: log.invalidRequests };
}

/** Files, which need no token; faults strike here too. */
function serveCdn(api: Hono<Env>, { context, faults }: RestOptions): void {
  for (const folder of ['attachments', 'ephemeral-attachments', 'stickers'])
    api.get(`/${folder}/*`, async (call) => {
      for (const fault of faults.take(call.req.method, call.req.path, 'cdn')) {
        const early = await misbehave(context, fault, call.req.path);
        if (early) return early;
      }
      return context.cdn.serve(call.req.raw) ?? call.notFound();
    });
}

/** Runs before every route: faults, authentication, and rate limits. */
function guard(api: Hono<Env>, { context, faults, limits }: RestOptions, log: RequestLog): void {
  api.use(`${prefix}/*`, async (call, next) => {
    const path = pathOf(call);
    const met = faults.take(call.req.method, path);
    const cut = (): Response => {
      call.env.incoming.socket.destroy();
      log.record(call, 0);
      return RESPONSE_ALREADY_SENT;
    };
    if (met.some(({ kind }) => kind === 'reset')) return cut();
    for (const fault of met) if (fault.kind === 'noFiles') call.set('keepsFiles', fault.keeps ?? 0);
    for (const fault of met) {
      const early = await misbehave(context, fault, path);
      if (early) return early;
    }
    if (log.invalidRequests() >= invalidLimit) return banned();
    identify(call, path, context.token);
    const { headers, retryAfter, global } = limits.take(call.req.method, path);
    if (retryAfter !== undefined) return tooMany(retryAfter, global ? 'global' : 'user', headers);
    await next();
    for (const [name, value] of Object.entries(headers)) call.res.headers.set(name, value);
    if (met.some(({ kind }) => kind === 'resetAfter')) call.res = cut();
    return undefined;
  });
}

/** Applies a fault before the request is processed; an answer ends it. */
async function misbehave(
  { interactions }: RestContext,
  fault: Fault,
  path: string,
): Promise<Response | undefined> {
  switch (fault.kind) {
    case 'delay':
      await sleep(fault.ms);
      return undefined;
    case 'status':
      return answer({ message: fault.message ?? `${fault.status}`, code: fault.code ?? 0 }, fault.status);
    case '429':
      return tooMany(fault.bare ? undefined : (fault.retryAfter ?? 0.2), fault.scope ?? 'user');
    case 'expireToken':
      interactions.expire(/^\/(?:webhooks|interactions)\/\d+\/([^/]+)/.exec(path)?.[1] ?? '', fault.code);
      return undefined;
    default:
      return undefined;
  }
}

/** The answer for an address with too many refused requests. */
function banned(): Response {
  const headers = { 'content-type': 'text/html', 'retry-after': '3600' };
  return new Response('error code: 1015', { status: 429, headers });
}

/** Throws ApiError for a missing user agent, and for a missing or wrong token. */
function identify(call: Call, path: string, token: string): void {
  // Discord docs: Reference, "User Agent".
  if (!/^DiscordBot \(.+, .+\)/.test(call.req.header('user-agent') ?? ''))
    throw new ApiError(403, 40333, 'internal network error');
  const given = call.req.header('authorization');
  const open = /^\/(interactions|webhooks)\/\d+\/./.test(path) || path === '/gateway';
  if (given === undefined ? !open : given !== `Bot ${token}`) throw apiError('unauthorized');
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
