import type { AttachmentView, InteractionView, MessageView, ModalView } from '@easel/discord-stand-in';
import { fieldsOf } from './form-fields.js';
import { buttonsOf, type Names, plainTextOf, sentenceOf, textOf } from './message-text.js';

/** `answered`: in words, as asked for. `failed`: accepted without a result. `refused`: not accepted. */
export type Outcome = 'delivered' | 'answered' | 'failed' | 'refused' | 'timeout';

/** The outcome of a user's action. */
export interface Verdict {
  readonly outcome: Outcome;
  /** The sentence that explains a missing result; null if it was delivered or answered. */
  readonly reason: string | null;
  /** The words of an answer, line by line. */
  readonly text?: string;
  /** Paths of the files. */
  readonly messages: readonly MessageView[];
}

/** Everything that Discord shows about an action's outcome. */
export interface Sight {
  /** Undefined for a message that was written. */
  readonly interaction: InteractionView | undefined;
  /** The answer, follow-ups and other messages of the bot, oldest first. */
  readonly messages: readonly MessageView[];
  /** Whether a file was asked for, so that words alone are a refusal. */
  readonly asksForFile: boolean;
  readonly names: Names;
}

/** The type of a first answer in words: Discord docs, "Interaction Callback Type", CHANNEL_MESSAGE_WITH_SOURCE. */
const answeredAtOnce = 4;

/** Judges by what users see, knowing nothing of the bot; undefined while something is still pending. */
export function judge({ interaction, messages, asksForFile, names }: Sight): Verdict | undefined {
  if (interaction?.failed) return silence;
  if (interaction?.modal) return formOpened(interaction.modal);
  const ended = messages.filter((message) => !isWaiting(message));
  const delivered = ended.filter((message) => resultsOf(message).length > 0);
  if (delivered.length > 0) return { outcome: 'delivered', reason: null, messages: delivered };
  const [words] = isAnsweredInWords(interaction) ? messages : ended;
  if (!words) return !asksForFile && changesMessage(interaction) ? answered('') : undefined;
  if (!asksForFile) return answered(plainTextOf(words, names));
  // An order that was deferred, or answered with its card, was accepted; but an answer in other words has not failed.
  const isOrder = /^(> |⚠)/m.test(textOf(words));
  const wasTaken = interaction && !isAnsweredInWords(interaction);
  const outcome = wasTaken && isOrder ? 'failed' : 'refused';
  return { outcome, reason: sentenceOf(words, names), messages: [] };
}

function answered(text: string): Verdict {
  return { outcome: 'answered', reason: null, text, messages: [] };
}

/** Whether the first answer is a message, and not the card of an order that waits. */
function isAnsweredInWords(interaction: InteractionView | undefined): boolean {
  const { type, text = '' } = interaction?.acknowledged ?? {};
  return type === answeredAtOnce && !saysState(text);
}

/** Whether a press was answered by a change of its message, or only by that: types 6 and 7. */
function changesMessage(interaction: InteractionView | undefined): boolean {
  return [6, 7].includes(interaction?.acknowledged?.type ?? 0);
}

/** In Discord's own words. */
export const silence: Verdict = {
  outcome: 'timeout',
  reason: 'The application did not respond',
  messages: [],
};

function formOpened(form: ModalView): Verdict {
  const names = fieldsOf(form).map(({ custom_id: id }) => id);
  const reason = `A form opened, "${form.title}": fill it in on the same line, as in press:Edit prompt:a blue fox or form:/presets add | name:ink. It has ${names.join(', ')}`;
  return { outcome: 'refused', reason, messages: [] };
}

/** Files that are a result, and not the user's own pictures, which a waiting card may hold for MPS to fetch. */
export function resultsOf({ author, attachments }: MessageView): readonly AttachmentView[] {
  return author.bot ? attachments.filter(({ filename }) => !/^source-?\d+\./.test(filename)) : [];
}

/** The label or custom id of a button that only exists while something is pending. */
const endsWaiting = /cancel|release|stop waiting|取消|不再等待/i;

/** The button's label on a card that only says that it failed. */
const tellsWhy =
  /^(why\?|查看原因|檢視原因|warum\?|¿por qué\?|pourquoi\s?\?|perché\?|理由|왜요\?|dlaczego\?|por quê\?|почему\?|neden\?|vì sao\?)$/iu;

/** The line of several results that says how many of them are done, while some are still to come. */
const fillsUp =
  /^-# (\d+ (of \d+ done|von \d+ fertig|de \d+ (listos|prontos)|sur \d+ terminés)|(pronte|готово) \d+ (su|из) \d+|gotowe: \d+ z \d+|\d+(件中|개 중 )\d+[件개]|\d+\/\d+ bitti|(xong|已完成) \d+\/\d+)/mu;

/**
 * A card that shows a state: the prompt and small print, without buttons, or with a way
 * to cancel it or to stop waiting for it. Buttons with numbers are those of a list, which waits for nothing.
 */
export function isWaiting(message: MessageView): boolean {
  if (message.loading || fillsUp.test(textOf(message))) return true;
  const buttons = buttonsOf(message).filter(({ label }) => !/\d/.test(label));
  if (buttons.some(({ label, customId }) => endsWaiting.test(`${label} ${customId}`))) return true;
  if (resultsOf(message).length > 0) return false;
  // The reason is a separate message, visible only to the user who asked.
  if (buttons.some(({ label }) => tellsWhy.test(label))) return true;
  if (buttonsOf(message).length > 0) return false;
  return saysState(textOf(message));
}

/** Nothing but the prompt and small print. */
function saysState(text: string): boolean {
  const lines = text.split('\n');
  const isCard = lines.every((line) => /^(> |-# |$)/.test(line));
  return isCard && (lines.join('') === '' || lines.some((line) => line.startsWith('-# ')));
}
