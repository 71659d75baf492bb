import {
  type ChatInputCommandInteraction,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { FormHandler } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { customId } from '../../src/discord/views/custom-ids.js';
import { clip, escapeWords } from '../../src/discord/views/markdown.js';
import { drawPages, type PanelCard, say } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import { type Locale, text } from '../../src/locales/index.js';
import { readEntries } from '../../src/moderation/words/word-list.js';
import { type AnswerNeeds, answerForm } from '../settings/form-answer.js';

type Needs = Uses<'moderation' | 'guilds' | 'responder'>;

/** Most characters of a field, by Discord. */
const maxText = 4000;
/** Characters of an entry that is given back. */
const mostShown = 300;
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
    const typed = typedIn(interaction);
    let read: Awaited<ReturnType<typeof readLists>>;
    try {
      read = await readLists(typed, () => bot.guilds.get(guildId));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return bot.responder.whisper(
        interaction,
        ...drawRefused(error, typed, await bot.guilds.locale(interaction)),
      );
    }
    const { refuse, review } = read;
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

type Lists<T> = Readonly<Record<(typeof lists)[number], T>>;

function typedIn({ fields }: ModalSubmitInteraction): Lists<string> {
  return { refuse: fields.getTextInputValue('refuse'), review: fields.getTextInputValue('review') };
}

/** @throws UserError if an entry can't be used, or there is no one to review. */
async function readLists(
  typed: Lists<string>,
  settings: () => Promise<GuildSettings>,
): Promise<Lists<readonly string[]>> {
  const read = { refuse: readEntries(typed.refuse), review: readEntries(typed.review) };
  if (read.review.length > 0 && (await settings()).review.channel === undefined)
    throw new UserError({ key: 'words.error.nowhere' });
  return read;
}

/** Why nothing was saved, and both lists: Discord doesn't give a form back. */
function drawRefused(error: UserError, typed: Lists<string>, locale: Locale): readonly PanelCard[] {
  const filled = lists.filter((list) => typed[list].trim() !== '');
  const lines = filled.flatMap((list) => [
    `**${text(locale, `words.form.${list}`)}**`,
    ...typed[list].split('\n').map((entry) => escapeWords(entry, mostShown)),
  ]);
  return drawPages([
    ...error.sentences.map((sentence) => say(sentence, locale)),
    text(locale, 'words.typed'),
    ...lines,
  ]);
}
