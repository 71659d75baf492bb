import { PermissionFlagsBits } from 'discord.js';
import { UserError } from '../errors.js';
import { type AnswerableInteraction, guildOf } from './origin.js';

/**
 * The guild whose affairs an interaction is about.
 * @throws UserError in direct messages and where Easel is no member.
 */
export function requireGuild(interaction: AnswerableInteraction): string {
  const guildId = guildOf(interaction);
  if (guildId === undefined) throw new UserError({ key: 'error.guildOnly' });
  return guildId;
}

/**
 * The same, for those who may manage it. Asked at every use: Discord's own permissions are per command, not per
 * sub-command (facts/discord.md), and a panel stays open after somebody lost the permission.
 * @throws UserError where they may not.
 */
export function requireManager(interaction: AnswerableInteraction): string {
  const guildId = requireGuild(interaction);
  if (!interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild))
    throw new UserError({ key: 'error.manageGuild' });
  return guildId;
}

/** @param operators OPERATOR_USER_IDS @throws UserError for anybody else. */
export function requireOperator({ user }: AnswerableInteraction, operators: readonly string[]): void {
  if (!operators.includes(user.id)) throw new UserError({ key: 'error.operatorOnly' });
}
