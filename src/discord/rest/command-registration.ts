import { isDeepStrictEqual } from 'node:util';
import {
  ApplicationCommandType,
  type REST,
  type RESTPostAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import { createRests } from './clients.js';
import { isUnknownGuild } from './errors.js';

type CommandBody = RESTPostAPIApplicationCommandsJSONBody;

/** A command as Discord lists it. */
export type Listed = CommandBody & { readonly id: string };

/**
 * Makes Discord's list of commands equal to ours, everywhere or in one guild. Writes only if something differs:
 * Discord allows 200 creations a day. An Entry Point command, which an application with Activities has, stays in the
 * list: without it Discord refuses the whole list (50240).
 * @returns whether anything had to be written.
 */
export async function registerCommands(
  rest: REST,
  applicationId: string,
  commands: readonly CommandBody[],
  guildId?: string,
): Promise<boolean> {
  return (await putCommands(rest, applicationId, commands, guildId)).changed;
}

/** The same. @returns also the commands with the ids that Discord gave them. */
export async function putCommands(
  rest: REST,
  applicationId: string,
  commands: readonly CommandBody[],
  guildId?: string,
): Promise<{ readonly changed: boolean; readonly listed: readonly Listed[] }> {
  const there = await list(rest, applicationId, guildId);
  if (areSame(there, commands)) return { changed: false, listed: there };
  const kept = there.filter(isEntryPoint).map((command) => normal(command));
  const body = [...commands, ...kept];
  const listed = (await rest.put(routeOf(applicationId, guildId), { body })) as readonly Listed[];
  return { changed: true, listed };
}

/** The commands that are registered everywhere, with their ids. @throws what Discord's REST API does. */
export function listCommands(rest: REST, applicationId: string): Promise<readonly Listed[]> {
  return list(rest, applicationId);
}

/**
 * Removes a guild's copies of commands that are registered everywhere as well: Discord shows both. A guild's other
 * commands stay.
 * @returns how many there were.
 */
export async function removeCopies(rest: REST, applicationId: string, guildId: string): Promise<number> {
  const copies = await copiesIn(rest, applicationId, guildId, await namesEverywhere(rest, applicationId));
  for (const { id } of copies) await rest.delete(Routes.applicationGuildCommand(applicationId, guildId, id));
  return copies.length;
}

/**
 * Finds guilds with copies; reads only. Guilds that let the bot register nothing refuse the question, and each refusal counts
 * towards a ban: after ten of them no more are asked.
 * @returns how many copies each has.
 */
export async function findCopies(
  rest: REST,
  applicationId: string,
  guildIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const everywhere = await namesEverywhere(rest, applicationId);
  const found = new Map<string, number>();
  let refused = 0;
  for (const id of guildIds) {
    if (everywhere.size === 0 || refused === mostRefused) break;
    const copies = await copiesIn(rest, applicationId, id, everywhere).catch((error: unknown) => {
      if (!isUnknownGuild(error)) throw error;
      refused += 1;
      return [];
    });
    if (copies.length > 0) found.set(id, copies.length);
  }
  return found;
}

async function namesEverywhere(rest: REST, applicationId: string): Promise<ReadonlySet<string>> {
  return new Set((await list(rest, applicationId)).map(keyOf));
}

async function copiesIn(rest: REST, applicationId: string, guildId: string, everywhere: ReadonlySet<string>) {
  const there = await list(rest, applicationId, guildId);
  return there.filter((command) => everywhere.has(keyOf(command)));
}

async function list(rest: REST, applicationId: string, guildId?: string): Promise<readonly Listed[]> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  return (await rest.get(routeOf(applicationId, guildId), { query })) as readonly Listed[];
}

function areSame(there: readonly CommandBody[], ours: readonly CommandBody[]): boolean {
  const comparable = there.filter((command) => !isEntryPoint(command));
  // Before the first registration nothing is there.
  return comparable.length === ours.length && isDeepStrictEqual(byName(comparable), byName(ours));
}

function isEntryPoint({ type }: CommandBody): boolean {
  return type === ApplicationCommandType.PrimaryEntryPoint;
}

/** Discord takes one command of a kind and name in each list. */
function keyOf({ type = ApplicationCommandType.ChatInput, name }: CommandBody): string {
  return `${type} ${name}`;
}

/** Whether Discord's list of commands equals ours; reads only. */
export async function areRegistered(
  rest: REST,
  applicationId: string,
  commands: readonly CommandBody[],
  guildId?: string,
): Promise<boolean> {
  return areSame(await list(rest, applicationId, guildId), commands);
}

function routeOf(applicationId: string, guildId: string | undefined): `/${string}` {
  return guildId
    ? Routes.applicationGuildCommands(applicationId, guildId)
    : Routes.applicationCommands(applicationId);
}

/** What `npm run register` did. */
export interface Registered {
  /** Whether anything had to be written. */
  readonly changed: boolean;
  /** The guild shows commands twice now: its own, and those that are registered everywhere. */
  readonly twice: boolean;
  /** Copies of commands that were removed, and from how many guilds. */
  readonly removed: { readonly copies: number; readonly guilds: number };
}

interface Once {
  readonly token: string;
  readonly apiUrl: string;
}

/**
 * The same without a running bot, which finds out by itself who it is. Registered everywhere, commands replace the
 * copies that were made to try them in single guilds.
 * @throws DiscordAPIError if Discord refuses the token or the guild.
 */
export async function registerOnce(
  { token, apiUrl }: Once,
  commands: readonly CommandBody[],
  guildId?: string,
): Promise<Registered> {
  const { bot } = createRests(apiUrl, token);
  const { id } = (await bot.get(Routes.currentApplication())) as { id: string };
  const changed = await registerCommands(bot, id, commands, guildId);
  if (guildId === undefined) return { changed, twice: false, removed: await removeAllCopies(bot, id) };
  const ours = new Set(commands.map(keyOf));
  const twice = (await list(bot, id)).some((command) => ours.has(keyOf(command)));
  return { changed, twice, removed: { copies: 0, guilds: 0 } };
}

/** `npm run register -- --guild ID --remove`. @returns how many copies there were. @throws DiscordAPIError */
export async function removeCopiesOnce({ token, apiUrl }: Once, guildId: string): Promise<number> {
  const { bot } = createRests(apiUrl, token);
  const { id } = (await bot.get(Routes.currentApplication())) as { id: string };
  return removeCopies(bot, id, guildId);
}

/** Guilds looked at: those of one page of Discord's list. Commands are tried in a few test servers. */
async function removeAllCopies(bot: REST, applicationId: string): Promise<Registered['removed']> {
  const guilds = (await bot.get(Routes.userGuilds())) as readonly { readonly id: string }[];
  const found = await findCopies(
    bot,
    applicationId,
    guilds.map(({ id }) => id),
  );
  let copies = 0;
  for (const id of found.keys()) copies += await removeCopies(bot, applicationId, id);
  return { copies, guilds: found.size };
}

const mostRefused = 10;

function byName(commands: readonly CommandBody[]): unknown[] {
  // A command without a type is a slash command.
  const typed = commands.map((command) => ({ type: ApplicationCommandType.ChatInput, ...command }));
  return typed.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).map(normal);
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
