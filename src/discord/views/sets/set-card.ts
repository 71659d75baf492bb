import type { Locale } from '../../../locales/index.js';
import type { Catalogue } from '../../../mps/catalogue/catalogue.js';
import type { Task } from '../../../tasks/model/task.js';
import { isToldApart } from '../../../tasks/model/task-record.js';
import { clip } from '../markdown.js';
import { type Card, inLines, maxContent, message, type PanelCard } from '../message.js';
import { creditLine } from '../message-link.js';
import { quote } from '../task-card.js';
import { canPass, drawReason, endingButtons, endingLine, reasonOf } from '../task-ending.js';
import { rowsOf } from './set-controls.js';
import { cutTo, elsewhereLine, linesOf } from './set-lines.js';
import { statusLine } from './set-status.js';
import { endOf, hereIn, isFilling, isFruitless, labelOf, type SetView } from './set-view.js';

/** The message of a set: the prompt, a numbered line for each outcome in it, and one for those still to come. */
export interface SetCards {
  draw(view: SetView): PanelCard;
  /** Why the set failed, for its user alone. */
  drawReasons(view: SetView, locale: Locale, ping: boolean): Card;
}

/** Room for the mention that starts a separate message, UTF-16 units. */
const roomForMention = 30;
/** The least that is left of the prompt. */
const leastQuote = 100;

interface Deps {
  readonly catalogue: Catalogue;
  readonly keptIn?: ((task: Task) => string | undefined) | undefined;
}

export function createSetCards({ catalogue, keptIn }: Deps): SetCards {
  /** As an order of one that ended without a result. */
  function drawEnd(view: SetView): PanelCard {
    const end = endIn(view);
    const reasons = new Set(hereIn(view).map(({ task }) => endingLine(task)));
    const isMixed = reasons.size > 1 && !isToldApart(end);
    const lines = isMixed
      ? hereIn(view).map((member) => `${labelOf(member)} · ${endingLine(member.task) ?? ''}`)
      : [endingLine(end) ?? ''];
    const buttons = endingButtons(end);
    return {
      ...message(
        inLines([clip(quote(end), maxContent / 2), ...cutTo(lines, maxContent / 2 - roomForMention)]),
      ),
      components: buttons.length > 0 ? [{ type: 1, components: buttons }] : [],
    };
  }

  return {
    draw(view) {
      if (isFruitless(view) && hereIn(view).length > 0) return drawEnd(view);
      // How the lead itself ended says nothing about the set.
      const lead: Task = { ...view.lead, state: { name: 'queued' } };
      const wordless = view.members.some(({ task }) => task?.origin.wordless);
      const words = quote(wordless ? { ...lead, origin: { ...lead.origin, wordless } } : lead);
      const around = [
        ...(isFilling(view) ? [statusLine(view)] : []),
        ...[elsewhereLine(view)].filter((line) => line !== undefined),
      ];
      const credit = creditLine(lead);
      const room = maxContent - roomForMention - inLines([credit, ...around]).length - 2;
      const told = inLines([
        credit,
        ...cutTo(linesOf(view, { catalogue, keptIn }), room - leastQuote),
        ...around,
      ]);
      const content = inLines([clip(words, maxContent - told.length - roomForMention), told]);
      return { ...message(content), components: rowsOf(view, catalogue) };
    },
    drawReasons(view, locale, ping) {
      const end = endIn(view);
      const failed = hereIn(view).filter(({ task }) => task.state.name === 'failed');
      const reasons = new Set(failed.map(({ task }) => reasonOf(task, locale)));
      const card = drawReason(end, locale, ping);
      if (reasons.size <= 1) return card;
      const lines = failed.map((member) => `${labelOf(member)} · ${reasonOf(member.task, locale)}`);
      const start = ping ? `<@${end.origin.userId}>\n` : '';
      return { ...card, content: `${start}${cutTo(lines, maxContent - roomForMention).join('\n')}` };
    },
  };
}

function endIn(view: SetView): Task {
  const tasks = view.members.flatMap(({ task }) => task ?? []);
  return endOf(tasks, view.lead, ({ state }) => canPass(state));
}
