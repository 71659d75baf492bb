import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceImage } from '../../mps/generation-request.js';
import type { Delivery } from '../delivery/delivery-port.js';
import { nextIn } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Task, TaskId } from '../model/task.js';
import { isKept } from '../model/task-record.js';
import { animatedIn } from '../model/task-set.js';

/**
 * An order of two parts: an image, and the video made from it. The video's record names the image's task (`after`);
 * nothing else ties the two. It is `held` until the image's task lets it proceed or drops it. While it is held, that
 * task isn't over, so after any crash one of the two is always found again.
 */
export interface Chain {
  /** The image is done: queues the follow-up video and returns it; undefined if none is waiting. */
  handOn(picture: Task): Promise<Task> | undefined;
  /**
   * The image failed: its video is dropped, and its reservation is refunded.
   * @returns resolves once that is persisted, also if the user skips the video at that very moment.
   */
  letGo(picture: Pick<Task, 'id'>): Promise<void>;
  /**
   * The user skips the video.
   * @returns resolves once that is persisted; undefined if it is too late, or the task isn't waiting for an image.
   */
  callOff(clip: TaskId): Promise<void> | undefined;
  /**
   * Discord's copy of the image made by the task `by`, and of several the one that its clip animates, once it is posted;
   * undefined if there is none.
   */
  copyOf(by: string): Promise<string | undefined>;
  /** Waits until the outcome of the previous part is posted, or can't be for now: the image comes first. */
  inTurn(task: Pick<Task, 'after'>): Promise<void>;
}

interface Deps {
  readonly ledger: Ledger;
  readonly delivery: Pick<Delivery, 'copy'>;
  readonly signal: AbortSignal;
  /** ms between two checks of the previous part. */
  readonly lookMs: number;
}

export function createChain({ ledger, delivery, signal, lookMs }: Deps): Chain {
  /** Decisions in progress: one is made only once. */
  const claimed = new Map<TaskId, Promise<unknown>>();

  /** Decides about a held video; undefined if another decision is in progress or was made. */
  function decide<T>(clip: Task | undefined, act: (clip: Task) => Promise<T>): Promise<T> | undefined {
    if (clip?.state.name !== 'held' || claimed.has(clip.id)) return undefined;
    const { id } = clip;
    const decision = act(clip).finally(() => claimed.delete(id));
    claimed.set(id, decision);
    return decision;
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
      return decide(nextIn(picture.id, ledger), async ({ id, request }) => {
        if (request.kind === 'video') await ledger.revise(id, { ...request, image });
        return ledger.record(id, { type: 'queued' });
      });
    },
    async letGo({ id }) {
      const clip = nextIn(id, ledger);
      await (decide(clip, drop) ?? (clip && claimed.get(clip.id)));
    },
    callOff(id) {
      const clip = ledger.get(id);
      // Another held task is a part of a set: its lead decides about it.
      return clip?.after === undefined ? undefined : decide(clip, drop);
    },
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

/** A task id as stored in a request; undefined if it isn't one. */
function toTaskId(text: string): TaskId | undefined {
  const [, event, part] = /^(\d{17,20}):(\d{1,3})$/.exec(text) ?? [];
  return event && part ? `${event}:${Number(part)}` : undefined;
}

/** Link to its first image at MPS, or to the one its user picked. */
function pictureOf(task: Task): SourceImage | undefined {
  const { id, state, made } = task;
  const urls = state.name === 'delivering' ? state.urls : [];
  const url = urls[animatedIn(task, urls.length)];
  if (state.name !== 'delivering' || url === undefined) return undefined;
  const { linksExpireAt: until } = state;
  const name = `picture.${made?.first?.type.replace('image/', '') ?? 'png'}`;
  return { url, name, ...made?.first, made: { by: id, ...(until !== undefined && { until }) } };
}
