import {
  ApplicationIntegrationType,
  type BaseInteraction,
  InteractionContextType,
  type Message,
  MessageFlags,
  PermissionFlagsBits,
  type PermissionsBitField,
} from 'discord.js';
import { UserError } from '../../errors.js';
import { nearestLocale, type TextKey } from '../../locales/index.js';
import type { Place } from '../../tasks/model/operator-access.js';
import type { Origin } from '../../tasks/model/task.js';
import { minute } from '../../util/time.js';

/** An interaction that can be answered: it has a token, and a channel it was made in. */
export type AnswerableInteraction = BaseInteraction & {
  readonly channelId: string | null;
  /** The message whose button was pressed, or opened the form. */
  readonly message?: Pick<Message, 'id' | 'channelId' | 'flags'> | null;
};

/** An interaction's token is valid for 15 minutes (Discord docs: "Interaction tokens"), less a safety margin. */
const tokenLifeMs = 15 * minute - 10_000;

/** Where a request came from and how it can be answered. Times are in ms since the epoch. */
export function originOf(interaction: AnswerableInteraction, now: number): Origin {
  const permissions = interaction.appPermissions;
  return {
    applicationId: interaction.applicationId,
    eventId: interaction.id,
    ...(interaction.guildId && { guildId: interaction.guildId }),
    channelId: interaction.channelId ?? interaction.channel?.id ?? '',
    userId: interaction.user.id,
    ...pressOf(interaction),
    locale: nearestLocale(interaction.locale),
    guildInstalled: guildOf(interaction) !== undefined,
    roles: rolesOf(interaction),
    private: false,
    token: interaction.token,
    tokenExpiresAt: now + tokenLifeMs,
    acknowledged: false,
    sizeLimit: interaction.attachmentSizeLimit,
    mayPostLater: isInstalledHere(interaction),
    mayReadHistory: permissions.has(PermissionFlagsBits.ReadMessageHistory),
  };
}

/** The button that asked, directly or by the form that it opened. */
function pressOf(interaction: AnswerableInteraction): Pick<Origin, 'pressed'> {
  if (!interaction.message) return {};
  const { id, channelId, flags } = interaction.message;
  return { pressed: flags.has(MessageFlags.Ephemeral) ? {} : { on: { channelId, messageId: id } } };
}

/**
 * Makes sure that a file can be posted here later, before money is spent. Where the bot isn't a member (user install)
 * there is only the answer, which needs no permission.
 * @throws UserError naming the missing permission.
 */
export function requirePostingRights(interaction: AnswerableInteraction): void {
  if (!isInstalledHere(interaction) || !interaction.guildId) return;
  const { channel, appPermissions } = interaction;
  const thread = channel?.isThread() ? channel : undefined;
  requireOpenThread(thread?.locked ?? false, appPermissions);
  requireRights(appPermissions, thread !== undefined);
}

/**
 * @param locked whether it is a locked thread: posting there needs Manage Threads (docs/discord-notes.md#interactions).
 *   A thread that is only archived reopens when someone posts in it.
 * @throws UserError if nothing could be posted there.
 */
export function requireOpenThread(locked: boolean, permissions: Readonly<PermissionsBitField>): void {
  if (locked && !permissions.has(PermissionFlagsBits.ManageThreads))
    throw new UserError({ key: 'error.thread.locked' });
}

/** @throws UserError naming the permission that is missing for a file to be posted. */
export function requireRights(permissions: Readonly<PermissionsBitField>, inThread: boolean): void {
  const needed: readonly (readonly [bigint, TextKey])[] = [
    [PermissionFlagsBits.ViewChannel, 'error.permission.view'],
    inThread
      ? [PermissionFlagsBits.SendMessagesInThreads, 'error.permission.sendInThread']
      : [PermissionFlagsBits.SendMessages, 'error.permission.send'],
    [PermissionFlagsBits.AttachFiles, 'error.permission.attach'],
  ];
  const missing = needed.find(([permission]) => !permissions.has(permission));
  if (missing) throw new UserError({ key: missing[1] });
}

/** True if the bot may post in a channel. Others aren't tried, because Discord counts every rejected request. */
export function mayWrite(
  permissions: Readonly<PermissionsBitField>,
  { inThread, locked }: { readonly inThread: boolean; readonly locked: boolean },
): boolean {
  const { ViewChannel, SendMessages, SendMessagesInThreads, ManageThreads } = PermissionFlagsBits;
  if (locked && !permissions.has(ManageThreads)) return false;
  return permissions.has([ViewChannel, inThread ? SendMessagesInThreads : SendMessages]);
}

/** The guild, with Easel as a member, in which the order was placed: its settings apply, and it pays. */
export function guildOf(interaction: AnswerableInteraction): string | undefined {
  return isInstalledHere(interaction) ? (interaction.guildId ?? undefined) : undefined;
}

/** Where a user asks, as far as it decides whether Easel takes orders there. */
export function placeOf(interaction: AnswerableInteraction): Place {
  return { guildId: interaction.guildId ?? undefined, installed: isInstalledHere(interaction) };
}

/** Ids of the user's roles. */
export function rolesOf({ member }: AnswerableInteraction): readonly string[] {
  if (!member) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}

/** The bot is a member of this guild, or this is its direct conversation with the user. */
export function isInstalledHere({ authorizingIntegrationOwners, context }: AnswerableInteraction): boolean {
  // discord.js lists every kind of installation, with no value if it doesn't apply: `in` says nothing.
  const guildInstall = authorizingIntegrationOwners[ApplicationIntegrationType.GuildInstall];
  return context === InteractionContextType.BotDM || guildInstall !== undefined;
}
