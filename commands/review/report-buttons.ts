import { requireModerator } from '../../src/discord/access/permissions.js';
import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';

/** Delete result: it goes, and so do all copies of it. Block member: they order nothing here any more. */
const expel = act('expel', 'deleted');
const ban = act('ban', 'blocked');

function act(verb: 'expel' | 'ban', done: 'deleted' | 'blocked'): Button<Bot> {
  return {
    verb,
    everywhere: true,
    async press(interaction, id, bot: Uses<'reports' | 'guilds' | 'deferred'>) {
      const guildId = requireModerator(interaction, 'review.error.notYours');
      await bot.deferred.whisper(interaction, async () => {
        const by = interaction.user.id;
        if (!(await bot.reports[verb](guildId, id, by))) throw new UserError({ key: 'report.error.gone' });
        const when = `<t:${Math.round(interaction.createdTimestamp / 1000)}:R>`;
        const locale = await bot.guilds.locale(interaction);
        return { card: drawLines([text(locale, `report.${done}`, { moderator: `<@${by}>`, when })]) };
      });
    },
  };
}

/** Dismiss: the report says so, and nothing else any more. */
const dismiss = {
  verb: 'dismiss',
  everywhere: true,
  async press(interaction, id, bot: Uses<'reports' | 'responder'>) {
    const guildId = requireModerator(interaction, 'review.error.notYours');
    if (!(await bot.reports.dismiss(guildId, id, interaction.user.id)))
      throw new UserError({ key: 'report.error.gone' });
    await bot.responder.deferUpdate(interaction);
  },
} satisfies Button<Bot>;

/** The buttons below a report, for moderators. */
export const reportButtons: readonly Button<Bot>[] = [expel, ban, dismiss];
