import { request as undiciRequest } from 'undici';

/** Easel's version; a test compares it with package.json. */
export const version = '0.1.0';

/**
 * The User-Agent that Easel sends to every server. Discord's API requires `DiscordBot (url, version)`, which
 * discord.js sends, followed by this.
 */
export const userAgent = `Easel/${version}`;

/** undici's `request` with Easel's User-Agent. All outbound HTTP goes through here, or sends `userAgent` itself. */
export const request: typeof undiciRequest = (url, options) =>
  undiciRequest(url, { ...options, headers: { 'user-agent': userAgent, ...plain(options?.headers) } });

type Headers = NonNullable<Parameters<typeof undiciRequest>[1]>['headers'];

/** All our callers pass an object. */
function plain(headers: Headers | undefined): Record<string, string | string[] | undefined> {
  if (!headers) return {};
  if (Array.isArray(headers) || Symbol.iterator in headers) throw new TypeError('Pass headers as an object.');
  return headers as Record<string, string | string[] | undefined>;
}
