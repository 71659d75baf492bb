import { isDeepStrictEqual } from 'node:util';
import { type REST, type RESTPostAPIApplicationCommandsJSONBody, Routes } from 'discord.js';
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
  const route = guildId
    ? Routes.applicationGuildCommands(applicationId, guildId)
    : Routes.applicationCommands(applicationId);
  const query = new URLSearchParams({ with_localizations: 'true' });
  const there = (await rest.get(route, { query })) as readonly CommandBody[];
  if (isDeepStrictEqual(byName(there), byName(commands))) return false;
  await rest.put(route, { body: commands });
  return true;
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
  return commands
    .map((command) => normal(command, commandKeys))
    .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
}

/** What we set; Discord adds ids and versions, and spells out what was left to it. */
const commandKeys = [
  'type',
  'name',
  'description',
  'name_localizations',
  'description_localizations',
  'options',
  'contexts',
  'integration_types',
  'nsfw',
  'default_member_permissions',
];
const optionKeys = [
  'type',
  'name',
  'description',
  'name_localizations',
  'description_localizations',
  'options',
  'required',
  'choices',
  'autocomplete',
  'min_value',
  'max_value',
  'min_length',
  'max_length',
  'channel_types',
];

function normal(given: object, keys: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(given).filter(
    ([key, value]) => keys.includes(key) && !isDefault(key, value),
  );
  const plain = Object.fromEntries(entries);
  const options: unknown = plain.options;
  return Array.isArray(options)
    ? { ...plain, options: options.map((option: object) => normal(option, optionKeys)) }
    : plain;
}

function isDefault(key: string, value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true;
  if (key === 'type') return value === 1 ? false : value === undefined;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
