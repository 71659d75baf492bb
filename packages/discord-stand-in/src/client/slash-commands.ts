import type { Choice, CommandBody } from '../body-schemas.js';
import { commandTypes } from '../interactions/command-rules.js';
import type { CommandRecord } from '../interactions/commands.js';
import { interactionTypes } from '../interactions/interactions.js';
import type { JsonObject } from '../types.js';
import { guildPermissions, has } from '../world/permissions.js';
import { type ClientContext, resolvedFor, start, type UserContext } from './client-context.js';
import { ClientRefusal } from './client-refusal.js';
import { fillOptions, leafOptions, type OptionValues } from './command-options.js';
import { contextOf, contexts } from './interaction-payload.js';
import type { Invocation } from './invocation.js';

export interface CommandSettings {
  /** Of the user's client, this time. */
  readonly locale?: string | undefined;
  /** The installation of the app that it is called by: the guild's (default) or the user's own. */
  readonly integration?: 'guild' | 'user' | undefined;
  /** By a client that someone changed: also where the user lacks the permissions that the command asks for. */
  readonly forged?: boolean | undefined;
}

/** A command as a user finds it here. Throws ClientRefusal with the reason why it is not offered. */
export function findCommand(
  context: ClientContext,
  { user, channel }: UserContext,
  name: string,
  type: number,
  by: 'guild' | 'user',
  forged = false,
): CommandRecord {
  const { commands, world } = context;
  const guild = world.findGuild(channel.guildId);
  const offered = commands.inGuild(channel.guildId).filter(({ body }) => (body.type ?? 1) === type);
  const found = offered.find(({ body }) => body.name === name);
  if (!found)
    throw new ClientRefusal(
      `there is no command ${name}; there are: ${offered.map(({ body }) => body.name).join(', ')}`,
    );
  const { body } = found;
  const place = contextOf(world, channel.id);
  const places =
    body.contexts ??
    (found.guildId === undefined && body.dm_permission !== false
      ? [contexts.guild, contexts.botDm]
      : [contexts.guild]);
  const refuse = (why: string): never => {
    throw new ClientRefusal(`${name}: ${why}`);
  };
  if (!places.includes(place)) refuse('is not offered in such a channel');
  if (!(body.integration_types ?? [0]).includes(by === 'user' ? 1 : 0))
    refuse(`is not offered to ${by} installs`);
  if (by === 'guild' && guild && !guild.installed) refuse('the app is not in this guild');
  if (guild) {
    const held = world.permissionsIn(channel, user.id);
    const needed = BigInt(body.default_member_permissions ?? 0);
    if (!has(held, 'UseApplicationCommands')) refuse('may not use commands here');
    if (
      !forged &&
      body.default_member_permissions !== null &&
      body.default_member_permissions !== undefined
    ) {
      const all = guildPermissions(guild, user.id);
      if (!has(all, 'Administrator') && (needed === 0n || (held & needed) !== needed))
        refuse('lacks the permissions that the command asks for');
    }
    if (body.nsfw && !channel.nsfw) refuse('is for age-restricted channels');
  }
  return found;
}

/** All commands of a kind that a user finds here. */
export function offeredCommands(
  context: ClientContext,
  userContext: UserContext,
  type: number,
): readonly CommandBody[] {
  const all = context.commands
    .inGuild(userContext.channel.guildId)
    .filter(({ body }) => (body.type ?? 1) === type);
  return all.flatMap(({ body }) => {
    try {
      return [findCommand(context, userContext, body.name, type, 'guild').body];
    } catch (error) {
      if (error instanceof ClientRefusal) return [];
      throw error;
    }
  });
}

/** Key 0: the guild the app is in ("0" in its DM); key 1: the user who installed it. */
export function ownersOf(
  { world }: ClientContext,
  { user, channel }: UserContext,
  by: 'guild' | 'user',
  types: readonly number[] = [0],
): JsonObject {
  if (by === 'user') return { '1': user.id };
  const guild = world.findGuild(channel.guildId);
  return { '0': guild ? guild.id : '0', ...(types.includes(1) ? { '1': user.id } : {}) };
}

export interface SlashCall {
  /** `settings show`: the command and its sub-commands. */
  readonly name: string;
  readonly options: OptionValues;
  readonly settings: CommandSettings;
}

export async function runCommand(
  context: ClientContext,
  userContext: UserContext,
  { name, options, settings }: SlashCall,
): Promise<Invocation> {
  const [first = '', ...path] = name.replace(/^\//, '').split(' ');
  const by = settings.integration ?? 'guild';
  const { id, body, guildId } = findCommand(
    context,
    userContext,
    first,
    commandTypes.chatInput,
    by,
    settings.forged,
  );
  const resolved = resolvedFor(context, userContext);
  const filled = await fillOptions(body, path, options, resolved);
  const data = { id, name: first, type: 1, guild_id: guildId, options: filled, resolved: resolved.json() };
  const owners = ownersOf(context, userContext, by, installs(body.integration_types));
  const draft = { type: interactionTypes.command, name: [first, ...path].join(' '), owners };
  return start(context, userContext, draft, { data, locale: settings.locale }).invocation;
}

export async function askChoices(
  context: ClientContext,
  userContext: UserContext,
  call: SlashCall & { focused: string },
): Promise<readonly Choice[]> {
  const [first = '', ...path] = call.name.replace(/^\//, '').split(' ');
  const by = call.settings.integration ?? 'guild';
  const { id, body, guildId } = findCommand(context, userContext, first, commandTypes.chatInput, by);
  const option = leafOptions(body, path).find(({ name }) => name === call.focused);
  if (!option?.autocomplete) throw new ClientRefusal(`${call.focused} offers no autocompletion`);
  const values = { ...call.options, [call.focused]: call.options[call.focused] ?? '' };
  const resolved = resolvedFor(context, userContext);
  const filled = await fillOptions(body, path, values, resolved, call.focused);
  const data = { id, name: first, type: 1, guild_id: guildId, options: filled, resolved: resolved.json() };
  const owners = ownersOf(context, userContext, by, installs(body.integration_types));
  const draft = { type: interactionTypes.autocomplete, name: first, owners };
  const { invocation } = start(context, userContext, draft, { data, locale: call.settings.locale });
  await invocation.acknowledged;
  return invocation.choices() ?? [];
}

/** A context menu command on a user. Discord docs: Application Commands, "User Commands". */
export function runUserCommand(
  context: ClientContext,
  userContext: UserContext,
  name: string,
  target: string,
  settings: CommandSettings,
): Invocation {
  const by = settings.integration ?? 'guild';
  const { id, body, guildId } = findCommand(
    context,
    userContext,
    name,
    commandTypes.user,
    by,
    settings.forged,
  );
  const resolved = resolvedFor(context, userContext);
  const target_id = resolved.user(target);
  const type = commandTypes.user;
  const data = { id, name, type, guild_id: guildId, target_id, resolved: resolved.json() };
  const owners = ownersOf(context, userContext, by, installs(body.integration_types));
  const draft = { type: interactionTypes.command, name, owners };
  return start(context, userContext, draft, { data, locale: settings.locale }).invocation;
}

export function runMessageCommand(
  context: ClientContext,
  userContext: UserContext,
  name: string,
  messageId: string,
  settings: CommandSettings,
): Invocation {
  const by = settings.integration ?? 'guild';
  const { id, body, guildId } = findCommand(
    context,
    userContext,
    name,
    commandTypes.message,
    by,
    settings.forged,
  );
  const target = context.messages.find(messageId);
  const visible = target && (target.visibleTo === undefined || target.visibleTo === userContext.user.id);
  if (!visible || target.channelId !== userContext.channel.id)
    throw new ClientRefusal(`there is no message ${messageId} here`);
  const resolved = resolvedFor(context, userContext);
  const target_id = resolved.message(target);
  const data = {
    id,
    name,
    type: commandTypes.message,
    guild_id: guildId,
    target_id,
    resolved: resolved.json(),
  };
  const owners = ownersOf(context, userContext, by, installs(body.integration_types));
  const draft = { type: interactionTypes.command, name, owners, targetMessageId: target.id };
  return start(context, userContext, draft, { data, locale: settings.locale }).invocation;
}

/** Which installs a command is for; a user-installable one called in a guild names both. */
function installs(types: readonly number[] | null | undefined): readonly number[] {
  return types ?? [0];
}
