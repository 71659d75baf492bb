import { PermissionFlagsBits } from 'discord.js';
import { UserError } from '../../errors.js';
import type { Origin } from '../../tasks/model/task.js';
import { type AnswerableInteraction, guildOf } from './request-origin.js';

/**
 * The guild an interaction is about.
 * @throws UserError in direct messages and where Easel isn't a member.
 */
export function requireGuild(interaction: AnswerableInteraction): string {
  const guildId = guildOf(interaction);
  if (guildId === undefined) throw new UserError({ key: 'error.guildOnly' });
  return guildId;
}

/**
 * The same, for members who may manage it. Checked at every use: Discord's permissions are per command, not per
 * subcommand (docs/discord-notes.md#commands-and-permissions), and a panel stays open after a member lost the
 * permission.
 * @throws UserError if they may not.
 */
export function requireManager(interaction: AnswerableInteraction): string {
  const guildId = requireGuild(interaction);
  if (!isManager(interaction)) throw new UserError({ key: 'error.manageGuild' });
  return guildId;
}

/** True for members who may manage the guild. */
export function isManager(interaction: AnswerableInteraction): boolean {
  return (
    guildOf(interaction) !== undefined &&
    (interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false)
  );
}

/** True for moderators: members who may manage messages or the guild. */
export function isModerator(interaction: AnswerableInteraction): boolean {
  return (
    guildOf(interaction) !== undefined &&
    (interaction.memberPermissions?.any([
      PermissionFlagsBits.ManageGuild,
      PermissionFlagsBits.ManageMessages,
    ]) ??
      false)
  );
}

/** The same for a task: one that was ordered here and isn't private. */
export function moderates(interaction: AnswerableInteraction, { guildId, private: secret }: Origin): boolean {
  return !secret && guildOf(interaction) === guildId && isModerator(interaction);
}

/**
 * @param key what anyone else reads.
 * @throws UserError for anyone else, and in direct messages.
 */
export function requireModerator(
  interaction: AnswerableInteraction,
  key: 'error.moderatorsOnly' | 'review.error.notYours' = 'error.moderatorsOnly',
): string {
  const guildId = requireGuild(interaction);
  if (!isModerator(interaction)) throw new UserError({ key });
  return guildId;
}

/**
 * For those who moderate members: with MODERATE_MEMBERS (the client says "Timeout Members") or Manage Server. Checked at
 * every use; Discord shows the command to the former.
 * @throws UserError for anyone else, and in direct messages.
 */
export function requireModeration(interaction: AnswerableInteraction): string {
  const guildId = requireGuild(interaction);
  if (!moderatesMembers(interaction)) throw new UserError({ key: 'error.moderate' });
  return guildId;
}

/** Whether someone may use `/moderate` in a server of which Easel is a member. */
export function moderatesMembers(interaction: AnswerableInteraction): boolean {
  const { ManageGuild, ModerateMembers } = PermissionFlagsBits;
  const held = interaction.memberPermissions;
  return guildOf(interaction) !== undefined && held?.any([ManageGuild, ModerateMembers]) === true;
}

/** @param operators OPERATOR_USER_IDS @throws UserError for anyone else. */
export function requireOperator({ user }: AnswerableInteraction, operators: readonly string[]): void {
  if (!operators.includes(user.id)) throw new UserError({ key: 'error.operatorOnly' });
}
