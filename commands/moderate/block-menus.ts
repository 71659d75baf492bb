import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  ComponentType,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
  PermissionFlagsBits,
  TextInputStyle,
  type UserContextMenuCommandInteraction,
} from 'discord.js';
import { askerIn } from '../../src/discord/access/message-asker.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { FormHandler, MessageCommand, UserCommand } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { customId } from '../../src/discord/views/custom-ids.js';
import { clip } from '../../src/discord/views/markdown.js';
import { UserError } from '../../src/errors.js';
import { type Locale, localizations, type TextKey, text } from '../../src/locales/index.js';
import { day } from '../../src/util/time.js';
import { block, longestReason, reasonIn } from './blocks.js';

const name = 'Block member';
const mostDays = 366;

const placed = {
  name,
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
  default_member_permissions: String(PermissionFlagsBits.ModerateMembers),
};

/** Apps › Block member, on a member. */
export const blockUser = {
  name,
  data: () => ({
    type: ApplicationCommandType.User,
    ...placed,
    name_localizations: localizations('menu.block'),
  }),
  run: (interaction, bot) => openBlock(interaction, interaction.targetUser, bot),
} satisfies UserCommand<Bot>;

/** Apps › Block member, on a message: its author, or who ordered it if it is one of Easel's own. */
export const blockAuthor = {
  name,
  data: () => ({
    type: ApplicationCommandType.Message,
    ...placed,
    name_localizations: localizations('menu.block'),
  }),
  async run(interaction, bot) {
    const { targetMessage: target, applicationId, client } = interaction;
    const isOwn = [applicationId, client.user.id].includes(target.author.id);
    const id = isOwn ? askerIn(target) : target.author.id;
    if (id === undefined) throw new UserError({ key: 'error.moderate.noMember' });
    await openBlock(interaction, { id, bot: !isOwn && target.author.bot }, bot);
  },
} satisfies MessageCommand<Bot>;

async function openBlock(
  interaction: UserContextMenuCommandInteraction | MessageContextMenuCommandInteraction,
  member: { readonly id: string; readonly bot: boolean },
  bot: Uses<'guilds' | 'responder'>,
): Promise<void> {
  requireModeration(interaction);
  if (member.bot) throw new UserError({ key: 'error.moderate.bot' });
  const locale = await bot.guilds.locale(interaction);
  await bot.responder.openForm(interaction, {
    // The member is named by the form, and looked at again when it comes back.
    custom_id: customId('block', `${member.id}:1`),
    title: clip(text(locale, 'block.form.title'), 45),
    components: [
      field('days', 'block.form.days', 3, locale),
      field('reason', 'block.form.reason', longestReason, locale),
    ],
  });
}

function field(id: string, label: TextKey, longest: number, locale: Locale) {
  return {
    type: ComponentType.Label as const,
    label: clip(text(locale, label), 45),
    component: {
      type: ComponentType.TextInput as const,
      custom_id: id,
      style: TextInputStyle.Short as const,
      required: false,
      max_length: longest,
    },
  };
}

/** Blocks the member whom the form is about. */
export const blockForm = {
  verb: 'block',
  async submit(interaction, id, bot: Parameters<typeof block>[2]) {
    const [userId = ''] = id.split(':');
    const typed = interaction.fields.getTextInputValue('days').trim();
    const days = typed === '' ? undefined : Number(typed);
    if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= mostDays))
      throw new UserError({ key: 'error.moderate.days', params: { asked: typed } });
    await block(interaction, { id: userId, bot: false }, bot, {
      ...(days !== undefined && { until: bot.now() + days * day }),
      ...reasonIn(interaction.fields.getTextInputValue('reason')),
    });
  },
} satisfies FormHandler<Bot>;
