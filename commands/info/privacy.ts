import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Command, Panel } from '../../src/discord/interactions/command.js';
import { outcomeOfForgetting } from '../../src/discord/interactions/message-deletion.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { controlId } from '../../src/discord/views/custom-ids.js';
import { drawPages, drawPanel, type PanelCard } from '../../src/discord/views/message.js';
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
    const cards = isDeletion ? [drawQuestion(locale)] : drawKept(bot, locale);
    await bot.responder.whisper(interaction, ...cards);
  },
} satisfies Command<Bot>;

/** Its buttons: the first asks for confirmation, the others delete the data, and the messages too if wanted. */
export const privacyPanel = {
  id: 'privacy',
  everywhere: true,

  async use(interaction, control, bot: Uses<'guilds' | 'responder' | Forgetting>) {
    const locale = await bot.guilds.locale(interaction);
    if (control === 'ask') return bot.responder.update(interaction, drawQuestion(locale));
    if (control !== 'delete' && control !== 'everything')
      throw new UserError({ key: 'error.button.unknown' });
    const isEverything = control === 'everything';
    let said: readonly string[] | undefined;
    try {
      await bot.deferred.update(interaction, async () => {
        // First, because only the records know the messages.
        const count = isEverything ? await bot.messageDeletion.keep(interaction, locale) : undefined;
        const { lines, isWhole } = await forget(interaction, locale, bot);
        if (count !== undefined) said = lines;
        const going = count === undefined ? [] : [text(locale, 'privacy.messages.going', { count })];
        const once = isWhole ? [] : [row(button('ask', text(locale, 'button.forget')))];
        return { card: drawPanel([...lines, ...going], once) };
      });
    } finally {
      // In the background, also if the answer could not be edited: it edits it again at the end.
      if (said) void bot.messageDeletion.run(interaction, said);
    }
  },
} satisfies Panel<Bot>;

type Forgetting = 'deferred' | 'dataDeletion' | 'messageDeletion';

/** @throws StoreError: then the messages stay too. */
async function forget(
  interaction: AnswerableInteraction,
  locale: Locale,
  { dataDeletion, messageDeletion }: Uses<'dataDeletion' | 'messageDeletion'>,
) {
  try {
    const outcome = await dataDeletion.forgetUser(interaction.user.id);
    return { lines: outcomeOfForgetting(outcome, locale), isWhole: outcome.isWhole };
  } catch (error) {
    await messageDeletion.drop(interaction);
    throw error;
  }
}

/** What `/privacy show` needs. */
type Kept = 'config' | 'sourcesIn';

/** In as many messages as it takes: what is most asked for comes first, with the button. */
function drawKept({ config, sourcesIn }: Uses<Kept>, locale: Locale): readonly PanelCard[] {
  const { archiveDir, cos } = config;
  const days = Math.round(config.retentionMs / day);
  const lines = [
    text(locale, 'privacy.kept'),
    text(locale, 'privacy.days', { days, count: days }),
    ...(archiveDir === undefined ? [] : [text(locale, 'privacy.archive', { days, count: days })]),
    text(locale, 'privacy.mps'),
    ...(cos ? [text(locale, 'privacy.cos')] : []),
    text(locale, `privacy.sources.${sourcesIn()}`),
    text(locale, 'privacy.account'),
    text(locale, 'privacy.guild'),
    text(locale, 'privacy.preferences'),
    text(locale, 'privacy.stars'),
    text(locale, 'privacy.review'),
    text(locale, 'privacy.moderation'),
    text(locale, 'privacy.log'),
  ];
  const [first, ...rest] = drawPages(lines);
  const controls = [row(button('ask', text(locale, 'button.forget')))];
  return first ? [{ ...first, components: controls }, ...rest] : [];
}

function drawQuestion(locale: Locale): PanelCard {
  const lines = [text(locale, 'privacy.sure'), text(locale, 'privacy.sure.messages')];
  const data = button('delete', text(locale, 'button.forget.sure'));
  const everything = button('everything', text(locale, 'button.forget.everything'));
  return drawPanel(lines, [row(data, everything)]);
}

function row(...components: APIButtonComponentWithCustomId[]): PanelCard['components'][number] {
  return { type: ComponentType.ActionRow, components };
}

function button(control: string, label: string): APIButtonComponentWithCustomId {
  const custom_id = controlId('privacy', control);
  return { type: ComponentType.Button, style: ButtonStyle.Danger, label, custom_id };
}
