import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  ComponentType,
} from 'discord.js';
import { text } from '../../../locales/index.js';
import type { Catalogue } from '../../../mps/catalogue/catalogue.js';
import { isCancellable, isReleasable } from '../../../tasks/model/state-machine.js';
import { customId, type Verb } from '../custom-ids.js';
import { clip } from '../markdown.js';
import { button, canPass, starButtons } from '../task-ending.js';
import { hereIn, isFilling, isResult, numbersIn, type SetView } from './set-view.js';

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;
type Button = APIButtonComponentWithCustomId;

/** Discord's limits for a message and a row. */
const mostRows = 5;
const mostInRow = 5;

/** The rows under the message of a set, at most five. */
export function rowsOf(view: SetView, catalogue: Catalogue): Row[] {
  const picks = picksIn(view, catalogue);
  const rows = [
    ...inRows(wholeOf(view)),
    ...(picks.length > 0 ? [select(view, 'pick', picks)] : []),
    ...(asksWhichMoves(view, picks.length) ? [select(view, 'move', picks)] : []),
    ...inRows(retriesIn(view)),
  ];
  return rows.slice(0, mostRows);
}

/** What acts on the whole set. Delete comes last, once nothing is in progress any more. */
function wholeOf(view: SetView): Button[] {
  const { lead, members, restIn } = view;
  const one = (verb: 'again' | 'edit' | 'delete' | 'cancel' | 'release' | 'details') =>
    button(verb, lead.id, text(lead.origin.locale, `button.${verb}`));
  if (restIn !== undefined) return [];
  if (!isFilling(view)) return [one('again'), one('edit'), ...starButtons(lead), one('delete')];
  const coming = members.flatMap(({ task, standing }) => (task && standing === 'coming' ? [task] : []));
  const clips = coming.filter(({ after, state }) => after !== undefined && state.name === 'held');
  const parts = coming.filter(({ after }) => after === undefined);
  const acts = [
    ...(parts.some(({ state }) => isCancellable(state)) ? [one('cancel')] : []),
    ...(coming.some(({ state }) => isReleasable(state)) ? [one('release')] : []),
    ...clips.map(({ id, origin }) => button('cancel', id, text(origin.locale, 'button.cancelClip'))),
  ];
  // By its buttons a message of its own is found again after a crash.
  return acts.length > 0 ? acts : [one('details')];
}

interface Option {
  readonly label: string;
  /** The result's number. */
  readonly value: string;
}

function picksIn(view: SetView, catalogue: Catalogue): Option[] {
  return hereIn(view)
    .filter(({ task }) => isResult(task) && !task.removed)
    .flatMap((member) => {
      const { task, animates } = member;
      const model = catalogue.find(task.request.kind, task.request.model)?.label ?? task.request.model;
      const of =
        animates === undefined ? '' : ` · ${text(task.origin.locale, 'card.set.clip', { number: animates })}`;
      return numbersIn(member).map((number) => ({
        label: clip(`${number}${of} · ${model}`, 100),
        value: String(number),
      }));
    });
}

/** A clip was ordered with the set, and of which picture is still open. */
function asksWhichMoves({ lead, members }: SetView, picks: number): boolean {
  const isOpen = lead.set?.thenAnimate !== undefined && lead.set.wish?.pick === undefined;
  return isOpen && picks > 0 && members.every(({ animates }) => animates === undefined);
}

function select({ lead }: SetView, verb: Verb & ('pick' | 'move'), options: readonly Option[]): Row {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: customId(verb, lead.id),
        placeholder: text(lead.origin.locale, verb === 'pick' ? 'card.set.which' : 'card.set.whichMoves'),
        options: [...options],
      },
    ],
  };
}

/** Another try of what failed and may pass; as many as there is room for. */
function retriesIn(view: SetView): Button[] {
  if (!view.members.some(({ task, standing }) => standing === 'here' && task && isResult(task))) return [];
  return hereIn(view)
    .filter(({ task }) => task.state.name === 'failed' && canPass(task.state))
    .map(({ id, task: { origin }, first, animates }) => {
      const { locale } = origin;
      if (animates !== undefined) return button('retry', id, text(locale, 'button.tryAgainClip'));
      return button('retry', id, text(locale, 'button.tryAgain.number', { number: first }));
    });
}

function inRows(buttons: readonly Button[]): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < buttons.length; at += mostInRow)
    rows.push({ type: ComponentType.ActionRow, components: buttons.slice(at, at + mostInRow) });
  return rows;
}
