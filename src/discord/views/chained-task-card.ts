import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import { text } from '../../locales/index.js';
import { endsInWords, isAlive } from '../../tasks/model/state-machine.js';
import type { Task } from '../../tasks/model/task.js';
import { isToldApart } from '../../tasks/model/task-record.js';
import { customId, type Verb } from './custom-ids.js';
import { isShrunk } from './resize-notes.js';
import { canPass } from './task-ending.js';

type Button = APIButtonComponentWithCustomId;

/** An image and its follow-up video in one message. */
export interface Both {
  readonly picture: Task;
  readonly clip: Task;
  /** The video comes in a separate message: this one won't show its progress. */
  readonly apart: boolean;
}

/**
 * A video as shown beneath its image before its own post. Only that post may have the button that identifies an
 * outcome: otherwise the video would count as posted after a crash.
 */
export function withoutOutcome(clip: Task): Task {
  return clip.state.name === 'delivering' ? { ...clip, state: { ...clip.state, name: 'fetching' } } : clip;
}

/**
 * The lines about a video beneath its image. `told`: what its own card would say; `facts`: its model and options.
 */
export function linesOfClip(
  { picture, clip, apart }: Both,
  told: () => readonly string[],
  facts: () => string,
): readonly string[] {
  const { state, made, origin } = picture;
  const { locale } = origin;
  if (isDropped(clip)) {
    if (state.name === 'cancelled') return [];
    if (endsInWords(state)) return [text(locale, 'card.clip.spared')];
    return [`-# ${text(locale, 'card.clip.cancelled')}`];
  }
  const count = made?.billed ?? 1;
  const which = count > 1 ? [`-# ${text(locale, 'card.firstMoves', { count })}`] : [];
  // Its own message tells how it ended; said here too, one end would be told twice.
  if (apart && (isAlive(clip.state) || endsInWords(clip.state)))
    return [`-# ${facts()} · ${text(locale, 'card.follows')}`, ...which];
  return [...told(), ...which];
}

/**
 * Rows of buttons for both. The video's outcome has an `again` button, like every outcome, by which it is found after
 * a crash. Delete is only offered once both are finished.
 */
export function buttonsOfBoth(
  both: Both,
  own: (task: Task) => readonly Button[],
): readonly (readonly Button[])[] {
  const { picture, clip, apart } = both;
  const verbs = (task: Task) => own(task).map((button) => ({ button, verb: verbOf(button) }));
  const isTold = clip.state.name === 'delivering' || !isAlive(clip.state);
  const without = clip.state.name === 'held' ? [labelled(clip, 'cancel', 'cancelClip')] : [];
  const pictures = verbs(picture).filter(({ verb }) => verb !== 'delete');
  const last = verbs(picture).filter(({ verb }) => verb === 'delete' && (apart || isTold));
  const first = [...pictures.map(({ button }) => button), ...without];
  const second = [...buttonsOfClip(both, own), ...last.map(({ button }) => button)];
  const isThere = clip.state.name === 'delivering' || clip.state.name === 'delivered';
  const third = isThere && !apart ? verbs(clip).filter(({ verb }) => isOfClip(verb)) : [];
  // Discord allows five in a row.
  return [first.slice(0, 5), [...first.slice(5), ...second], third.map(({ button }) => button)];
}

/** What makes another clip of this one: a picture has nothing of the kind. */
function isOfClip(verb: string | undefined): boolean {
  return verb === 'changeclip' || verb === 'extend';
}

function buttonsOfClip({ clip, apart }: Both, own: (task: Task) => readonly Button[]): readonly Button[] {
  if (isDropped(clip) || clip.state.name === 'held') return [];
  if (isAlive(clip.state) && clip.state.name !== 'delivering') return own(clip);
  if (apart) return [];
  const isMissing = clip.state.name === 'failed' || clip.state.name === 'cancelled';
  return [
    ...(canPass(clip.state) ? [labelled(clip, 'again', isMissing ? 'tryAgainClip' : 'againClip')] : []),
    labelled(clip, 'edit', 'editClip'),
    ...(isToldApart(clip) ? [labelled(clip, 'details', 'whyClip')] : []),
    ...(isShrunk(clip) ? [labelled(clip, 'original', 'originalClip')] : []),
  ];
}

/** It was dropped with its image, or cancelled before the image was ready. */
function isDropped({ state, history }: Task): boolean {
  return state.name === 'cancelled' && !history.some((past) => past.state === 'queued');
}

function verbOf({ custom_id }: Button): string | undefined {
  return custom_id.split(':')[1];
}

function labelled(
  { id, origin: { locale } }: Task,
  verb: Verb,
  label: 'whyClip' | 'cancelClip' | 'againClip' | 'tryAgainClip' | 'editClip' | 'originalClip',
): Button {
  const words = text(locale, `button.${label}`);
  return {
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label: words,
    custom_id: customId(verb, id),
  };
}
