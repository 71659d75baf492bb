import { type Locale, text } from '../../locales/index.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { isOver } from '../../tasks/model/state-machine.js';
import type { Task } from '../../tasks/model/task.js';
import { receivedAt } from '../../tasks/model/task-record.js';
import { orderOf } from '../../tasks/model/task-set.js';
import { second } from '../../util/time.js';
import { escapeWords } from '../views/markdown.js';
import { jumpLink } from '../views/message-link.js';
import { moneyOf } from '../views/task-details.js';
import { ended } from '../views/task-list.js';

interface Look {
  readonly locale: Locale;
  readonly catalogue: Catalogue;
  /** Without the prompt: Discord refused it. */
  readonly wordless?: boolean;
}

/** Characters of a prompt. */
const longest = 120;

/** An order in one line, for moderators: when, model, words, what became of it, link. Of a private one neither words nor link. */
export function taskLine(task: Task, look: Look): string {
  return `<t:${Math.round(receivedAt(task) / second)}:f> ${orderParts(task, look).join(' · ')}`;
}

/** The same without the time. */
export function orderParts(task: Task, { locale, catalogue, wordless = false }: Look): readonly string[] {
  const { request, origin } = task;
  const model = catalogue.find(request.kind, request.model)?.label ?? request.model;
  const link = jumpLink(task);
  return [
    escapeWords(model, 60),
    ...moneyOf(task, locale, catalogue),
    origin.private ? text(locale, 'log.private') : wordless ? '' : wordsOf(task),
    stateOf(task, locale),
    ...(link ? [link] : []),
  ].filter((part) => part !== '');
}

/** What became of it so far. */
export function stateOf(task: Task, locale: Locale): string {
  return isOver(task.state) || task.removed ? ended(task, locale) : text(locale, `tasks.${task.state.name}`);
}

/** Its prompt, cut; of a private one it must not be shown. */
export function wordsOf(task: Task): string {
  return escapeWords(orderOf(task).prompt, longest);
}
