import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, text } from '../../locales/index.js';
import type { Posted, Task } from '../../tasks/model/task.js';
import { customId, type Verb } from '../views/custom-ids.js';
import { clip, escapeWords } from '../views/markdown.js';
import { type Card, inLines, maxContent, message } from '../views/message.js';
import { linkTo } from '../views/message-link.js';

export interface ReportLook {
  readonly locale: Locale;
  /** Ids of the members who reported it, the first one first. */
  readonly reporters: readonly string[];
  /** The reported message. */
  readonly at: Posted;
  /** It couldn't be copied. */
  readonly noCopy?: boolean;
  /** Discord blocks the words in the moderators' channel. */
  readonly wordless?: boolean;
}

/** Longest quote of a prompt, UTF-16 units. */
const maxWords = 900;

/** What moderators read about a reported result, of a set about its first task. Pure. */
export function drawReport(task: Task, look: ReportLook): Card {
  const { locale, reporters, at, noCopy, wordless } = look;
  const [first, ...others] = reporters;
  const { origin, request } = task;
  const link = linkTo(at, origin.guildId);
  const user = `<@${origin.userId}>`;
  const title =
    first === undefined
      ? text(locale, 'report.title.unnamed', { user, link })
      : text(locale, 'report.title', { reporter: `<@${first}>`, user, link });
  const words = wordless
    ? `-# ${text(locale, 'review.wordless')}`
    : request.prompt.trim() && `> ${escapeWords(clip(request.prompt, maxWords))}`;
  const lines = [
    title,
    origin.private ? `-# ${text(locale, 'report.private')}` : words,
    ...(others.length > 0 ? [`-# ${text(locale, 'report.more', { count: others.length })}`] : []),
    ...(noCopy ? [`-# ${text(locale, 'report.noCopy')}`] : []),
  ];
  const components = buttonsOf(task, look);
  return message(clip(inLines(lines), maxContent), [{ type: ComponentType.ActionRow, components }]);
}

function buttonsOf({ id }: Task, { locale }: ReportLook): APIButtonComponentWithCustomId[] {
  const one = (verb: Verb, style: ButtonStyle.Danger | ButtonStyle.Secondary, label: string) => ({
    type: ComponentType.Button as const,
    style,
    label,
    custom_id: customId(verb, id),
  });
  return [
    one('expel', ButtonStyle.Danger, text(locale, 'button.report.delete')),
    one('ban', ButtonStyle.Danger, text(locale, 'button.report.block')),
    one('dismiss', ButtonStyle.Secondary, text(locale, 'button.report.dismiss')),
  ];
}
