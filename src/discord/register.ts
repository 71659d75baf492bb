import { isDeepStrictEqual } from 'node:util';
import {
  ApplicationCommandType,
  type REST,
  type RESTPostAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import { createRests } from './rest.js';

type CommandBody = RESTPostAPIApplicationCommandsJSONBody;

/**
 * Makes Discord's list of commands equal to ours, everywhere or in one guild. Writes only where something differs:
 * Discord allows 200 creations a day.
 * @returns whether anything had to be written.
 */
export async function registerCommands(
  rest: REST,
  applicationId: string,
  commands: readonly CommandBody[],
  guildId?: string,
): Promise<boolean> {
  if (await areRegistered(rest, applicationId, commands, guildId)) return false;
  await rest.put(routeOf(applicationId, guildId), { body: commands });
  return true;
}

/** Whether Discord's list of commands equals ours; reads only. */
export async function areRegistered(
  rest: REST,
  applicationId: string,
  commands: readonly CommandBody[],
  guildId?: string,
): Promise<boolean> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  const there = (await rest.get(routeOf(applicationId, guildId), { query })) as readonly CommandBody[];
  return isDeepStrictEqual(byName(there), byName(commands));
}

function routeOf(applicationId: string, guildId: string | undefined): `/${string}` {
  return guildId
    ? Routes.applicationGuildCommands(applicationId, guildId)
    : Routes.applicationCommands(applicationId);
}

/**
 * The same without a running bot, which finds out by itself who it is.
 * @throws DiscordAPIError where Discord refuses the token or the guild.
 */
export async function registerOnce(
  { token, apiUrl }: { readonly token: string; readonly apiUrl: string },
  commands: readonly CommandBody[],
  guildId?: string,
): Promise<boolean> {
  const { bot } = createRests(apiUrl, token);
  const application = (await bot.get(Routes.currentApplication())) as { id: string };
  return registerCommands(bot, application.id, commands, guildId);
}

function byName(commands: readonly CommandBody[]): unknown[] {
  // A command without a type is a slash command.
  const typed = commands.map((command) => ({ type: ApplicationCommandType.ChatInput, ...command }));
  return typed.sort((a, b) => (a.name < b.name ? -1 : 1)).map(normal);
}

/** What Discord adds to a command of ours; `dm_permission` is the old spelling of `contexts`. */
const added: readonly string[] = ['id', 'application_id', 'guild_id', 'version', 'dm_permission'];

/** The same without what Discord adds, and without what means the same as nothing. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).filter(([key, part]) => !added.includes(key) && !isDefault(part));
  return Object.fromEntries(own.map(([key, part]) => [key, normal(part)]));
}

function isDefault(value: unknown): boolean {
  // Commands in a message's menu come back with an empty description.
  if (value === null || value === undefined || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
