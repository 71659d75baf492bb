import {
  type BaseInteraction,
  DiscordAPIError,
  DiscordjsErrorCodes,
  HTTPError,
  PermissionFlagsBits,
  RESTJSONErrorCodes,
} from 'discord.js';

/** Discord's code for an interaction that was answered before: perhaps by us, and only the confirmation got lost. */
export const alreadyAcknowledged = 40_060;

/** Discord's error code, where Discord gave one; else the HTTP status. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof DiscordAPIError ? Number(error.code) || error.status : undefined;
}

/** As Discord refuses the answer to a command that was used in an archived or a locked thread. */
const shutThread: ReadonlySet<number> = new Set([50_083, 160_005]);
/** It also says that there is no such interaction, which may mean anything. */
const unknownInteraction = 10_062;

/** Whether an answer was refused because its thread is archived or locked (docs/discord-notes.md#interactions). */
export function isThreadShut(
  error: unknown,
  { channel, appPermissions }: Pick<BaseInteraction, 'channel' | 'appPermissions'>,
): boolean {
  const code = codeOf(error) ?? 0;
  if (code !== unknownInteraction) return shutThread.has(code);
  const isShut = channel?.isThread() && (channel.locked || channel.archived);
  return Boolean(isShut) && !appPermissions.has(PermissionFlagsBits.ManageThreads);
}

/** Whether Discord answered and said no (4xx), as opposed to being unreachable or out of order. */
export function isRefusal(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status < 500;
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

/** What kept a request from Discord, `ECONNREFUSED` or `HTTP 503`; undefined if that was not the trouble. */
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
