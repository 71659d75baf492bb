import { type ChatInputCommandInteraction, ComponentType, TextInputStyle } from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { FormHandler } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { customId } from '../../src/discord/views/custom-ids.js';
import { clip } from '../../src/discord/views/markdown.js';
import { UserError } from '../../src/errors.js';
import { type Locale, text } from '../../src/locales/index.js';
import { readEntries } from '../../src/moderation/words/word-list.js';
import { type AnswerNeeds, answerForm } from '../settings/form-answer.js';

type Needs = Uses<'moderation' | 'guilds' | 'responder'>;

/** Most characters of a field, by Discord. */
const maxText = 4000;
const lists = ['refuse', 'review'] as const;

/** `/moderate words`, and the button in the settings: a form with both lists. */
export async function openWords(
  interaction: AnswerableInteraction & ({ readonly id: string } & Pick<ChatInputCommandInteraction, 'token'>),
  bot: Needs,
): Promise<void> {
  const guildId = requireModeration(interaction);
  const [{ words }, { review }, locale] = await Promise.all([
    bot.moderation.rules.get(guildId),
    bot.guilds.get(guildId),
    bot.guilds.locale(interaction),
  ]);
  // What is typed there without a moderators' channel is refused, and a form that was sent is lost.
  const hints = {
    refuse: 'words.form.refuse.hint',
    review: review.channel === undefined ? 'words.form.review.nowhere' : 'words.form.review.hint',
  } as const;
  await bot.responder.openForm(interaction, {
    custom_id: customId('words', `${interaction.id}:1`),
    title: clip(text(locale, 'words.form.title'), 45),
    components: lists.map((list) => field(list, text(locale, hints[list]), words[list].join('\n'), locale)),
  });
}

function field(list: (typeof lists)[number], hint: string, value: string, locale: Locale) {
  return {
    type: ComponentType.Label as const,
    label: clip(text(locale, `words.form.${list}`), 45),
    description: clip(hint, 100),
    component: {
      type: ComponentType.TextInput as const,
      custom_id: list,
      style: TextInputStyle.Paragraph as const,
      required: false,
      max_length: maxText,
      value: value.slice(0, maxText),
    },
  };
}

/** Saves both lists. */
export const wordsForm = {
  verb: 'words',
  async submit(interaction, _, bot: AnswerNeeds) {
    const guildId = requireModeration(interaction);
    const typed = (list: string) => readEntries(interaction.fields.getTextInputValue(list));
    const [refuse, review] = [typed('refuse'), typed('review')];
    const settings = review.length > 0 ? await bot.guilds.get(guildId) : undefined;
    if (settings && settings.review.channel === undefined)
      throw new UserError({ key: 'words.error.nowhere' });
    const entry = { act: 'words' as const, by: interaction.user.id };
    await bot.moderation.rules.change(guildId, entry, (rules) => ({
      ...rules,
      words: { refuse: [...refuse], review: [...review] },
    }));
    const locale = await bot.guilds.locale(interaction);
    const params = { refuse: refuse.length, review: review.length };
    const said = text(locale, 'words.saved', params);
    await answerForm(interaction, guildId, { section: 'moderation', said }, bot);
  },
} satisfies FormHandler<Bot>;
