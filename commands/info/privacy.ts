import { ButtonStyle, ComponentType } from 'discord.js';
import type { Command, Panel } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { controlId } from '../../src/discord/views/custom-ids.js';
import { drawPanel, type PanelCard } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { type Locale, text } from '../../src/locales/index.js';
import { day } from '../../src/util/time.js';
import { slashCommand, subcommand } from '../shared/option-builders.js';

/** `/privacy`: what is stored, for how long, and how to delete it. */
export const privacy = {
  name: 'privacy',
  everywhere: true,
  data: () => slashCommand('privacy', [subcommand('privacy', 'show'), subcommand('privacy', 'delete')]),

  async run(interaction, bot: Uses<'guilds' | 'responder' | Kept>) {
    const locale = await bot.guilds.locale(interaction);
    const isDeletion = interaction.options.getSubcommand() === 'delete';
    await bot.responder.whisper(interaction, isDeletion ? drawQuestion(locale) : drawKept(bot, locale));
  },
} satisfies Command<Bot>;

/** Its buttons: the first asks for confirmation, the second deletes. */
export const privacyPanel = {
  id: 'privacy',
  everywhere: true,

  async use(interaction, control, bot: Uses<'guilds' | 'responder' | 'deferred' | 'dataDeletion'>) {
    const locale = await bot.guilds.locale(interaction);
    if (control === 'ask') return bot.responder.update(interaction, drawQuestion(locale));
    if (control !== 'delete') throw new UserError({ key: 'error.button.unknown' });
    await bot.deferred.update(interaction, async () => {
      const { emptied, later, isWhole } = await bot.dataDeletion.forgetUser(interaction.user.id);
      const done = text(locale, isWhole ? 'privacy.done' : 'privacy.partly', { count: emptied });
      const rest = later > 0 ? [text(locale, 'privacy.later', { count: later })] : [];
      const once = isWhole ? [] : [row('ask', text(locale, 'button.forget'))];
      return { card: drawPanel([done, ...rest], once) };
    });
  },
} satisfies Panel<Bot>;

/** What `/privacy show` needs. */
type Kept = 'config' | 'sourcesIn';

function drawKept({ config, sourcesIn }: Uses<Kept>, locale: Locale): PanelCard {
  const { archiveDir, cos } = config;
  const days = Math.round(config.retentionMs / day);
  const lines = [
    text(locale, 'privacy.kept'),
    text(locale, 'privacy.days', { days, count: days }),
    ...(archiveDir === undefined ? [] : [text(locale, 'privacy.archive', { days, count: days })]),
    text(locale, 'privacy.mps'),
    ...(cos ? [text(locale, 'privacy.cos')] : []),
    text(locale, `privacy.sources.${sourcesIn()}`),
    text(locale, 'privacy.guild'),
    text(locale, 'privacy.account'),
  ];
  return drawPanel(lines, [row('ask', text(locale, 'button.forget'))]);
}

function drawQuestion(locale: Locale): PanelCard {
  return drawPanel([text(locale, 'privacy.sure')], [row('delete', text(locale, 'button.forget.sure'))]);
}

function row(control: string, label: string): PanelCard['components'][number] {
  const custom_id = controlId('privacy', control);
  const type = ComponentType.Button;
  return {
    type: ComponentType.ActionRow,
    components: [{ type, style: ButtonStyle.Danger, label, custom_id }],
  };
}
