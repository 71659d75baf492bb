import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceImage } from '../../mps/generation-request.js';
import type { Delivery } from '../delivery/delivery-port.js';
import { nextId } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Task, TaskId } from '../model/task.js';
import { isKept } from '../model/task-record.js';

/**
 * An order of two parts: a picture, and the clip that is made from it. The clip's record says whose picture it moves
 * (`after`), and nothing else ties the two; it is `held` until the picture's own task lets it go on or go. As long as it
 * is held, that task is not over: whatever crashes, one of the two is always found again.
 */
export interface Chain {
  /** The picture is here: the clip goes into its line, and is returned; undefined where there is none that waits. */
  handOn(picture: Task): Promise<Task> | undefined;
  /** The picture is not to be: neither is the clip, and what it had reserved is given back. */
  letGo(picture: Task): Promise<void>;
  /**
   * The person does without the clip.
   * @returns settles once that is written down; undefined where it is too late for that, or the task waits for no picture.
   */
  callOff(clip: TaskId): Promise<void> | undefined;
  /** Discord's copy of the picture that the task `by` made, once it is there; undefined where there is none to be seen. */
  copyOf(by: string): Promise<string | undefined>;
  /** Waits until the outcome of the part before has been said, or cannot be for now: the picture comes first. */
  inTurn(task: Pick<Task, 'after'>): Promise<void>;
}

interface Deps {
  readonly ledger: Ledger;
  readonly delivery: Pick<Delivery, 'copy'>;
  readonly signal: AbortSignal;
  /** ms between two looks at the part before. */
  readonly lookMs: number;
}

export function createChain({ ledger, delivery, signal, lookMs }: Deps): Chain {
  /** Clips about which something is being decided: it is decided once. */
  const claimed = new Set<TaskId>();

  /** Decides about a clip that is held; undefined where somebody else does, or did. */
  function decide<T>(id: TaskId, act: (clip: Task) => Promise<T>): Promise<T> | undefined {
    const clip = ledger.get(id);
    if (clip?.state.name !== 'held' || claimed.has(id)) return undefined;
    claimed.add(id);
    return act(clip).finally(() => claimed.delete(id));
  }

  const drop = async ({ id }: Task) => void (await ledger.record(id, { type: 'dropped' }));

  async function inTurn({ after }: Pick<Task, 'after'>): Promise<void> {
    const isFirst = () => {
      const before = after && ledger.get(after);
      return before !== undefined && !isKept(before);
    };
    while (isFirst()) await sleep(lookMs, undefined, { signal });
  }

  return {
    handOn(picture) {
      const image = pictureOf(picture);
      if (!image) return undefined;
      return decide(nextId(picture.id), async ({ id, request }) => {
        if (request.kind === 'video') await ledger.revise(id, { ...request, image });
        return ledger.record(id, { type: 'queued' });
      });
    },
    letGo: async ({ id }) => decide(nextId(id), drop),
    callOff: (id) => decide(id, drop),
    async copyOf(by) {
      const id = toTaskId(by);
      if (!id) return undefined;
      await inTurn({ after: id });
      const task = await ledger.find(id);
      return task && delivery.copy(task);
    },
    inTurn,
  };
}

/** A task's id, as it is kept in a request; undefined for what is none. */
function toTaskId(text: string): TaskId | undefined {
  const [, event, part] = /^(\d{17,20}):(\d{1,3})$/.exec(text) ?? [];
  return event && part ? `${event}:${Number(part)}` : undefined;
}

/** The first of its pictures, where MPS has it. */
function pictureOf({ id, state, made }: Task): SourceImage | undefined {
  const [url] = state.name === 'delivering' ? state.urls : [];
  if (state.name !== 'delivering' || url === undefined) return undefined;
  const { linksExpireAt: until } = state;
  const name = `picture.${made?.first?.type.replace('image/', '') ?? 'png'}`;
  return { url, name, ...made?.first, made: { by: id, ...(until !== undefined && { until }) } };
}
