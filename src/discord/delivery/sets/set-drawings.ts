import { type Member, membersOf, type SetMembers } from '../../../tasks/delivery/set-members.js';
import type { Ledger } from '../../../tasks/ledger/ledger.js';
import { type Progress, soonMs, type TimeWindow } from '../../../tasks/model/progress.js';
import { isAlive, isOver } from '../../../tasks/model/state-machine.js';
import type { Posted, Route, Task, TaskId } from '../../../tasks/model/task.js';
import type { PanelCard } from '../../views/message.js';
import type { SetCards } from '../../views/sets/set-card.js';
import { timeIn } from '../../views/sets/set-status.js';
import type { SetView, ShownMember } from '../../views/sets/set-view.js';

/** What of a set is drawn on one message. */
export interface SetDrawing {
  readonly set: SetMembers;
  readonly route: Route;
  /** The message, if there is one yet. */
  readonly messageId: string | undefined;
  /** Outcomes that are about to be in it. */
  readonly posting?: readonly Task[];
  /** As for SetView. */
  readonly restIn?: Posted;
}

/** Draws messages of sets, and the edits that only keep their status line true. */
export interface SetDrawings {
  /** @throws StoreError */
  membersOf(task: Task): Promise<SetMembers | undefined>;
  view(drawing: SetDrawing): SetView;
  draw(drawing: SetDrawing): PanelCard;
  /**
   * The answer to a set as it is now; undefined if the task belongs to none.
   * @throws StoreError
   */
  answer(task: Task): Promise<PanelCard | undefined>;
  /** What is known of a task in progress. */
  note(id: TaskId, progress: Progress | undefined): void;
  /** Asks whether a card that only brings news of the way may be drawn now, and notes that it is. */
  mayRedraw(set: SetMembers, eventId: string): boolean;
}

interface Deps {
  readonly ledger: Pick<Ledger, 'find'>;
  readonly cards: SetCards;
  readonly now: () => number;
}

/**
 * Cards drawn without an outcome for each set: the first one, and one that says how things stand. A set of four is then
 * complete within six edits; more are only made to correct what has become wrong.
 */
const usualCards = 2;
/** ms between two corrections. */
const correctedEvery = 30_000;
/** How many tasks and sets are remembered: the last ones. */
const mostKnown = 5_000;

/** What the card of a set said last. */
interface Said {
  readonly cards: number;
  readonly at: number;
  /** The time that it says, ms since the epoch. */
  readonly time: number | undefined;
  readonly phase: string;
}

export function createSetDrawings({ ledger, cards, now }: Deps): SetDrawings {
  const progress = new Map<TaskId, Progress>();
  const said = new Map<string, Said>();

  const shown = (drawing: SetDrawing, member: Member): ShownMember => {
    const posting = drawing.posting?.find(({ id }) => id === member.id);
    if (posting) return { ...member, task: posting, standing: 'here' };
    const known = progress.get(member.id);
    return {
      ...member,
      standing: standingOf(member, drawing),
      ...(known && { progress: inTime(known, now()) }),
    };
  };

  const view = (drawing: SetDrawing): SetView => {
    const { set, restIn } = drawing;
    const lead = set.lead ?? set.members.find(({ task }) => task)?.task ?? drawing.posting?.[0];
    if (!lead) throw new Error('A set of which no record is left was to be drawn.');
    return {
      lead,
      members: set.members.map((member) => shown(drawing, member)),
      ...(restIn && { restIn }),
    };
  };

  const draw = (drawing: SetDrawing) => cards.draw(view(drawing));
  const find = (task: Task) => membersOf(task, ledger.find);

  return {
    membersOf: find,
    view,
    draw,
    async answer(task) {
      const set = await find(task);
      return set && draw({ set, route: 'answer', messageId: task.origin.messageId });
    },
    note(id, known) {
      if (known) keep(progress, id, known);
    },
    mayRedraw({ members }, eventId) {
      const coming = members.filter(({ task }) => task && isAlive(task.state));
      const known = coming.map(({ id }) => progress.get(id) ?? {});
      const times = known.flatMap((one) => timeIn(one) ?? []);
      const phase = phaseOf(coming, known);
      const last = said.get(eventId) ?? { cards: 0, at: 0, time: undefined, phase: '' };
      const isWrong = phase !== last.phase || (last.time !== undefined && last.time - now() < soonMs);
      if (last.cards >= usualCards && !(isWrong && now() - last.at >= correctedEvery)) return false;
      const time = times.length > 0 ? Math.max(...times) : undefined;
      keep(said, eventId, { cards: last.cards + 1, at: now(), time, phase });
      return true;
    },
  };
}

function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) if (map.size > mostKnown) map.delete(oldest);
}

/** What can't be said by a time: whether something is being made already, or is in trouble. */
function phaseOf(coming: readonly Member[], known: readonly Progress[]): string {
  const trouble = known.find(({ waitingFor }) => waitingFor)?.waitingFor;
  const isRunning = coming.some(({ task }) => task?.state.name === 'running');
  const isLate = coming.some(({ task }) => task?.state.name === 'running' && task.state.letGo);
  return trouble ?? (isLate ? 'late' : isRunning ? 'running' : 'waiting');
}

/** Without the times that have passed since, or are about to. */
function inTime({ expected, starts, ...rest }: Progress, now: number): Progress {
  return {
    ...rest,
    ...(expected && { expected: ahead(expected, now) }),
    ...(starts && { starts: ahead(starts, now) }),
  };
}

function ahead({ from, to }: TimeWindow, now: number): TimeWindow {
  return {
    ...(from !== undefined && from - now >= soonMs && { from }),
    ...(to !== undefined && to - now >= soonMs && { to }),
  };
}

/** Where the outcome of a member is, seen from one message. */
function standingOf({ task }: Member, { set, route, messageId }: SetDrawing): ShownMember['standing'] {
  // Before the set is reserved only its lead is persisted; after that a missing record was deleted.
  if (!task) return set.lead?.state.name === 'received' ? 'coming' : 'elsewhere';
  const { state, origin } = task;
  if (!isOver(state)) return origin.collected ? 'elsewhere' : 'coming';
  const at = 'posted' in state ? state.posted : undefined;
  if (at) return at.messageId === messageId ? 'here' : 'elsewhere';
  return route === 'answer' ? 'here' : 'elsewhere';
}
