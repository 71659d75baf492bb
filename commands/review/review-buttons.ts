import type { ButtonInteraction } from 'discord.js';
import { requireModerator } from '../../src/discord/access/permissions.js';
import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import type { Reviewed, TaskId } from '../../src/tasks/model/task.js';

type Needs = Uses<'reviews' | 'responder' | 'guilds'>;

/** The buttons below what moderators are reviewed. */
export const reviewButtons: readonly Button<Bot>[] = [
  decision('approve', 'result', true),
  decision('reject', 'result', false),
  decision('allow', 'order', true),
  decision('refuse', 'order', false),
  decisions('approveall', true),
  decisions('rejectall', false),
];

/** About all results of a set that were shown by then. */
function decisions(verb: 'approveall' | 'rejectall', approve: boolean): Button<Bot> {
  return {
    verb,
    everywhere: true,
    async press(interaction, id, bot: Needs) {
      const guildId = requireModerator(interaction, 'review.error.notYours');
      const message = { channelId: interaction.channelId, messageId: interaction.message.id };
      const decision = { what: 'result', approve, by: interaction.user.id } as const;
      if ((await bot.reviews.decideAll(guildId, id, decision, message)) === 0)
        throw new UserError({ key: 'review.error.over' });
      await bot.responder.deferUpdate(interaction);
    },
  };
}

function decision(
  verb: 'approve' | 'reject' | 'allow' | 'refuse',
  what: Reviewed,
  approve: boolean,
): Button<Bot> {
  return {
    verb,
    everywhere: true,
    press: (interaction, id, bot: Needs) => decide(interaction, id, { what, approve }, bot),
  };
}

/** @throws UserError for anyone but moderators, or if there is nothing to decide. */
async function decide(
  interaction: ButtonInteraction,
  id: TaskId,
  { what, approve }: { readonly what: Reviewed; readonly approve: boolean },
  bot: Needs,
): Promise<void> {
  const guildId = requireModerator(interaction, 'review.error.notYours');
  const message = { channelId: interaction.channelId, messageId: interaction.message.id };
  const by = interaction.user.id;
  const { task, counted } = await bot.reviews.decide(guildId, id, { what, approve, by }, message);
  if (counted) return bot.responder.deferUpdate(interaction);
  const locale = await bot.guilds.locale(interaction);
  const decision = task.review?.decision;
  const said =
    decision?.what === what && decision.by !== undefined
      ? text(locale, 'review.error.decided', { moderator: `<@${decision.by}>` })
      : text(locale, 'review.error.over');
  await bot.responder.whisper(interaction, drawLines([said]));
}
