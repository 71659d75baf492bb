/** How often one route may be called: `limit` times within `window` ms, for each major parameter. */
interface Rule {
  readonly method: string;
  readonly route: RegExp;
  readonly limit: number;
  readonly window: number;
}

/** Discord does not publish its numbers and changes them; these are of the size that bots meet in practice. */
const rules: readonly Rule[] = [
  { method: 'POST', route: /^\/channels\/(\d+)\/messages$/, limit: 5, window: 5000 },
  { method: 'PATCH', route: /^\/channels\/(\d+)\/messages\/\d+$/, limit: 5, window: 5000 },
  { method: 'DELETE', route: /^\/channels\/(\d+)\/messages\/\d+$/, limit: 5, window: 1000 },
  { method: 'GET', route: /^\/channels\/(\d+)\/messages/, limit: 10, window: 2000 },
  { method: 'POST', route: /^\/channels\/(\d+)\/typing$/, limit: 5, window: 5000 },
  { method: 'POST', route: /^\/webhooks\/\d+\/([^/]+)$/, limit: 5, window: 2000 },
  { method: 'PATCH', route: /^\/webhooks\/\d+\/([^/]+)\/messages\//, limit: 5, window: 2000 },
  { method: 'DELETE', route: /^\/webhooks\/\d+\/([^/]+)\/messages\//, limit: 5, window: 2000 },
  { method: 'GET', route: /^\/webhooks\/\d+\/([^/]+)\/messages\//, limit: 5, window: 1000 },
  { method: 'PUT', route: /^\/applications\/(\d+)\/(?:guilds\/\d+\/)?commands$/, limit: 5, window: 20_000 },
  { method: 'POST', route: /^\/users\/@me\/channels$/, limit: 10, window: 10_000 },
];

/** Interactions and their webhooks do not count against the 50 a second. Discord docs: Rate Limits. */
const exempt = /^\/(interactions|webhooks)\//;
const globalLimit = 50;

/** A request's rate limit headers. */
export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds to wait, when the request is refused. */
  readonly retryAfter: number | undefined;
  readonly global: boolean;
}

export interface RateLimits {
  take(method: string, path: string): Verdict;
}

/** Counts requests in fixed windows, as Discord does. `scale` shortens the routes' windows for tests. `now`: ms of a clock that only goes forward. */
export function createRateLimits(scale = 1, now: () => number = () => performance.now()): RateLimits {
  const windows = new Map<string, { used: number; ends: number }>();

  function count(key: string, limit: number, length: number): { remaining: number; wait: number } {
    const time = now();
    let window = windows.get(key);
    if (!window || window.ends <= time) {
      window = { used: 0, ends: time + length };
      windows.set(key, window);
      if (windows.size > 10_000) forget(time);
    }
    window.used += 1;
    return { remaining: limit - window.used, wait: (window.ends - time) / 1000 };
  }

  function forget(time: number): void {
    for (const [key, { ends }] of windows) if (ends <= time) windows.delete(key);
  }

  return {
    take(method, path) {
      if (!exempt.test(path)) {
        const { remaining, wait } = count('global', globalLimit, 1000);
        if (remaining < 0) return { ...refusal(wait, 'global'), global: true };
      }
      const rule = rules.find((each) => each.method === method && each.route.test(path));
      if (!rule) return { headers: {}, retryAfter: undefined, global: false };
      const major = rule.route.exec(path)?.[1] ?? '';
      const { remaining, wait } = count(`${method} ${rule.route} ${major}`, rule.limit, rule.window * scale);
      const headers = {
        'x-ratelimit-bucket': bucketName(rules.indexOf(rule)),
        'x-ratelimit-limit': String(rule.limit),
        'x-ratelimit-remaining': String(Math.max(0, remaining)),
        'x-ratelimit-reset': (Date.now() / 1000 + wait).toFixed(3),
        'x-ratelimit-reset-after': wait.toFixed(3),
      };
      if (remaining >= 0) return { headers, retryAfter: undefined, global: false };
      const refused = refusal(wait, 'user');
      return { headers: { ...headers, ...refused.headers }, retryAfter: refused.retryAfter, global: false };
    },
  };
}

/** The headers and the wait (seconds) of a 429. */
export function refusal(wait: number, scope: 'user' | 'global' | 'shared'): Omit<Verdict, 'global'> {
  const headers = { 'retry-after': String(Math.ceil(wait)), 'x-ratelimit-scope': scope };
  return {
    headers: scope === 'global' ? { ...headers, 'x-ratelimit-global': 'true' } : headers,
    retryAfter: wait,
  };
}

function bucketName(index: number): string {
  return `be5e${index.toString(16).padStart(28, '0')}`;
}
