import { requireManager } from '../../src/discord/access/permissions.js';
import type { Panel } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import { drawSettings } from '../settings/panel-view.js';
import { kindsOf } from '../settings/summary.js';
import { seenBy } from '../settings/view-model.js';
import { type FormNeeds, openForm } from '../shared/order-form.js';
import { drawRules, type HelpNeeds } from './help.js';

/** The buttons under the greeting, which any member can press, at any time. */
export const greetingPanel = {
  id: 'greeting',

  async use(interaction, control, bot: Uses<FormNeeds | HelpNeeds>) {
    if (control === 'try') {
      // Nothing is ordered before the form is sent.
      const [kind = 'image'] = kindsOf(bot);
      const title = kind === 'image' ? 'form.title.imagine' : 'form.title.animate';
      return openForm(interaction, { kind, pictures: [] }, title, bot);
    }
    if (control === 'rules') return bot.responder.whisper(interaction, await drawRules(interaction, bot));
    if (control !== 'setup') throw new UserError({ key: 'error.button.unknown' });
    const settings = await bot.guilds.get(requireManager(interaction));
    await bot.responder.whisper(interaction, drawSettings(await seenBy(interaction, bot, settings), 'usual'));
  },
} satisfies Panel<Bot>;
