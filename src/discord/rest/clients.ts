import { openAsBlob } from 'node:fs';
import {
  DiscordAPIError,
  DiscordjsErrorCodes,
  HTTPError,
  REST,
  RESTEvents,
  RESTJSONErrorCodes,
} from 'discord.js';
import { Agent } from 'undici';
import type { LocalFile } from '../../media/files.js';
import { userAgent } from '../../util/http.js';
import { createRestGuard, type RestGuard } from './request-guard.js';

/**
 * Discord's REST API by three doors, all of them discord.js's own.
 */
export interface Rests {
  /**
   * Routes that an interaction's token opens. Discord counts them in no global limit, so neither do we: five hundred
   * commands at one instant are all acknowledged within their three seconds.
   */
  readonly answers: REST;
  /** Routes that the bot's token opens. */
  readonly bot: REST;
  /** Bodies with files: no own retry (a post that timed out may have arrived), and time enough for the largest one. */
  readonly uploads: REST;
  /** What all of them pass, and the gateway's own client too. */
  readonly guard: RestGuard;
}

/** ms for the answer to an upload, and the bytes that at least go out in each beyond that (1 Mbit/s). */
const patience = { ms: 60_000, bytesPerMs: 128 } as const;
/** Beyond any upload's own time. */
const longestUploadMs = 2 * 60 * 60_000;

/**
 * Connections that answers share: opened anew for each of five hundred commands at one instant, the handshakes would hold
 * up all of them.
 */
const answersAtOnce = 64;

/** Requests a second that Discord lets a bot send, all its processes together. Discord docs: Rate Limits, "Global". */
const globalRate = 50;

/**
 * @param apiUrl DISCORD_API_URL.
 * @param share this process's part of what the bot may send, of 1.
 */
export function createRests(apiUrl: string, token: string, share = 1): Rests {
  const guard = createRestGuard({ share });
  const options = {
    api: apiUrl,
    version: '10',
    userAgentAppendix: userAgent,
    makeRequest: guard.makeRequest,
  } as const;
  // Not 0: discord.js takes that for one request a second.
  const unlimited = { ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY };
  const globalRequestsPerSecond = Math.max(1, Math.floor(globalRate * share));
  return {
    answers: new REST({ ...unlimited, agent: new Agent({ connections: answersAtOnce }) }),
    bot: keepToken(new REST({ ...options, globalRequestsPerSecond }), token),
    uploads: keepToken(new REST({ ...unlimited, retries: 0, timeout: longestUploadMs }), token),
    guard,
  };
}

/**
 * A client that keeps its token: discord.js drops it at the first 401, and would send nothing more until a restart, while
 * a single 401 may be Discord's own trouble. The guard sees to it that a dead one is not tried over and over.
 */
export function keepToken(rest: REST, token: string): REST {
  const set = rest.setToken.bind(rest);
  rest.setToken = (given) => set(given || token);
  return set(token);
}

/** Calls `tell` for each answer 429, with the door it came through. */
export function watchRateLimits(
  rests: Rests,
  tell: (door: keyof Rests, scope: 'user' | 'shared' | 'global') => void,
): void {
  for (const door of ['answers', 'bot', 'uploads'] as const) {
    rests[door].on(RESTEvents.Response, (_request, { status, headers }) => {
      if (status !== 429) return;
      const scope = headers.get('x-ratelimit-scope');
      tell(door, scope === 'shared' || scope === 'global' ? scope : 'user');
    });
  }
}

/** A message's JSON; what an edit keeps of its files is listed. */
export type UploadBody = object & { readonly attachments?: readonly { readonly id: string }[] };

/** A file as it is to appear in a message. */
export interface NamedFile {
  readonly file: LocalFile;
  readonly name: string;
  /** What people are shown in place of the name, without its ending. */
  readonly title?: string | undefined;
  /** For screen readers, at most 1024 characters. */
  readonly description: string;
}

/**
 * A multipart body that is read from disk while it is sent: discord.js's own way holds whole files in memory
 * (facts/discord.md).
 */
async function multipart(body: UploadBody, files: readonly NamedFile[]): Promise<FormData> {
  const form = new FormData();
  const added = files.map(({ name, title, description }, id) => ({
    id,
    filename: name,
    ...(title !== undefined && { title }),
    ...(description && { description }),
  }));
  form.append(
    'payload_json',
    JSON.stringify({ ...body, attachments: [...(body.attachments ?? []), ...added] }),
  );
  for (const [index, { file, name }] of files.entries()) {
    form.append(`files[${index}]`, await openAsBlob(file.path, { type: file.type }), name);
  }
  return form;
}

/**
 * How a body with files is sent: read from disk meanwhile, and given up after a time that grows with its length. One that
 * was given up may have arrived.
 */
export async function upload(...[body, files]: Parameters<typeof multipart>) {
  const bytes = files.reduce((sum, { file }) => sum + file.bytes, 0);
  const signal = AbortSignal.timeout(patience.ms + Math.ceil(bytes / patience.bytesPerMs));
  return { body: await multipart(body, files), passThroughBody: true, signal } as const;
}

/** Discord's error code, where Discord gave one; else the HTTP status. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof DiscordAPIError ? Number(error.code) || error.status : undefined;
}

/** Whether Discord refuses an intent that is not switched on for the application (close code 4014; @discordjs/ws). */
export function isIntentRefused(error: unknown): boolean {
  return error instanceof Error && error.message === 'Used disallowed intents';
}

/** Whether Discord does not know the bot's token: no retry will help. */
export function isTokenRefused(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.status === 401;
  return error instanceof Error && 'code' in error && error.code === DiscordjsErrorCodes.TokenInvalid;
}

/** Whether Discord refused a guild's commands because the bot is not in that guild, or there is no such guild. */
export function isUnknownGuild(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError) || !/\/guilds\/\d+\/commands/.test(error.url)) return false;
  return error.code === RESTJSONErrorCodes.MissingAccess || error.code === RESTJSONErrorCodes.UnknownGuild;
}

/** What kept a request from Discord, `ECONNREFUSED` or `HTTP 503`; undefined where that was not the trouble. */
export function outageOf(error: unknown): string | undefined {
  if (error instanceof HTTPError) return `HTTP ${error.status}`;
  if (!(error instanceof Error)) return undefined;
  // How discord.js ends a request that took too long.
  if (error.name === 'AbortError') return 'no answer in time';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^(ECONN|EAI_|ENET|EHOST|ENOTFOUND|ETIMEDOUT|EPIPE|UND_ERR_|ERR_TLS_)|CERT/.test(code)
    ? code
    : undefined;
}
