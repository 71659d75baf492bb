import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import type { StarOutcome } from '../../src/discord/showcase/showcase.js';
import { drawLines } from '../../src/discord/views/message.js';
import { type Locale, text } from '../../src/locales/index.js';
import { visibleTask } from '../shared/task-visibility.js';

/** The star under a result: gives the user's star, or takes it back, and tells only them. */
export const starButton = {
  verb: 'star',
  async press(interaction, id, bot: Uses<'tasks' | 'guilds' | 'showcase' | 'responder'>) {
    const task = await visibleTask(id, interaction, bot);
    const outcome = await bot.showcase.press(interaction, task);
    const locale = await bot.guilds.locale(interaction);
    await bot.responder.whisper(interaction, drawLines([lineOf(outcome, locale)]));
  },
} satisfies Button<Bot>;

function lineOf({ isOn, stillReacted, stars, needed, showcaseId }: StarOutcome, locale: Locale): string {
  const counted = text(locale, 'star.stars', { count: stars });
  if (!isOn) return text(locale, stillReacted ? 'star.off.reacted' : 'star.off', { stars: counted });
  if (needed === undefined || showcaseId === undefined)
    return text(locale, 'star.on.plain', { stars: counted });
  const channel = `<#${showcaseId}>`;
  return stars < needed
    ? text(locale, 'star.on', { count: stars, needed, channel })
    : text(locale, 'star.on.shown', { stars: counted, channel });
}
