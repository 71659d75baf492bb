import { BlockedError } from '../../moderation/blocks.js';
import { StoreError } from '../../store/store.js';
import { sleep } from '../../util/abort.js';
import { retry } from '../../util/retry.js';
import { minute, second } from '../../util/time.js';
import { permitAll } from '../accounting/permit.js';
import { nextIn } from '../ledger/follow-up.js';
import { isAlive } from '../model/state-machine.js';
import type { StateName, Task, TaskId } from '../model/task.js';
import { isUnapproved } from '../model/task-record.js';
import { orderOf } from '../model/task-set.js';
import { LeftError } from '../queue/waiting-list.js';
import { isOffPeak } from './generation-step.js';
import type { RunnerDeps, Stoppable, TaskParts } from './task-parts.js';

type Deps = TaskParts &
  Stoppable &
  Pick<RunnerDeps, 'ledger' | 'queue' | 'delivery' | 'permit' | 'costsOf' | 'log'> & {
    /** Drives another task, if it isn't being driven already. */
    readonly begin: (id: TaskId, resumed: boolean) => void;
  };

/** Takes a task on from a state; it ends when the state has changed. */
export type TaskStep = (task: Task, resumed: boolean) => Promise<void>;

/** How long to wait for Discord to say whether it accepts a prompt, ms. */
const introductionMs = 5_000;

/** What each unfinished state needs done. */
export function createTaskSteps(deps: Deps): Record<StateName, TaskStep> {
  const { endings, search, closing, set } = deps;
  const tell = (task: Task) => tellOutcome(deps, task);
  return {
    received: (task) => receive(deps, task),
    awaitingApproval: (task, resumed) => deps.reviewing.follow(task, resumed),
    awaitingReview: (task, resumed) => deps.reviewing.follow(task, resumed),
    // Found at the start without what it waits for, which can't happen while the ledger is intact.
    async held(task) {
      if (task.set && (await set.recover(task))) return;
      await endings.fail(task.id, { reason: 'interrupted' });
    },
    queued: (task, resumed) => waitForSlot(deps, task, resumed),
    async submitting(task) {
      // Found at the start: the Create may have happened and may bill, and MPS can't tell (no list, no idempotency
      // key).
      await endings.lose(task.id, 'interrupted');
    },
    async searching(task) {
      if (task.state.name === 'searching') await search.follow(task, task.state);
    },
    running: (task, resumed) => follow(deps, task, resumed),
    async fetching(task) {
      if (task.state.name === 'fetching') await closing.fetch(task, task.state);
    },
    delivering: (task) => deliver(deps, task),
    failed: tell,
    cancelled: tell,
    discarded: tell,
    async delivered() {},
  };
}

async function receive(deps: Deps, task: Task): Promise<void> {
  const { ledger, preparation, endings, confirm, reserve } = deps;
  if (!task.origin.acknowledged && !(await confirm(task))) return;
  if (isUnapproved(task)) return void (await ledger.record(task.id, { type: 'approvalNeeded' }));
  if (!(await mayQuote(deps, task))) return endings.fail(task.id, { reason: 'words' });
  // Read again after each wait: an image may have to be put on the reply that was just opened.
  const latest = ledger.get(task.id) ?? task;
  // Of a set, for all parts: a compared model may take an image that the first one doesn't.
  const order = orderOf(latest);
  const request = await preparation.prepare({ ...latest, request: order });
  if (request !== order) await ledger.revise(task.id, request);
  if (deps.costsOf && request.kind === 'video' && request.clips?.length)
    await ledger.recost(task.id, deps.costsOf(request));
  await reserve(ledger.get(task.id) ?? task);
}

/**
 * Checked before any money is spent: a result whose prompt Discord refuses would be paid for and hard to deliver.
 */
async function mayQuote({ delivery, signal }: Deps, task: Task): Promise<boolean> {
  const { guildId, replyAs, introduced } = task.origin;
  // AutoMod only exists in guilds; the answer was opened with the prompt on it; and a follow-up's prompt is on its
  // image's card.
  if (guildId === undefined || replyAs !== undefined || introduced || task.after) return true;
  const waiting = new AbortController();
  const patience = sleep(introductionMs, AbortSignal.any([signal, waiting.signal])).then(() => true);
  return Promise.race([delivery.introduce(task), patience]).finally(() => waiting.abort());
}

async function waitForSlot(deps: Deps, task: Task, resumed: boolean): Promise<void> {
  const { ledger, preparation, waitingRoom, set, begin } = deps;
  // Part by part into the queue, in the order of their results.
  const others = await set.release(task);
  const turn = isOffPeak(task)
    ? create(deps, task.id)
    : waitingRoom.wait(task, () => occupySlot(deps, task.id), { resumed });
  for (const { id } of others) begin(id, resumed);
  try {
    await turn;
  } catch (error) {
    if (!(error instanceof LeftError)) throw error;
    await preparation.release(task.id);
    await ledger.record(task.id, { type: 'cancelled' });
  }
}

/** Submits the task to MPS and follows it until it ends or times out. */
async function occupySlot(deps: Deps, id: TaskId): Promise<void> {
  const { ledger, making, endings } = deps;
  await create(deps, id);
  const task = ledger.get(id);
  if (task?.state.name !== 'running') return;
  try {
    await making.follow(task);
  } catch (error) {
    await endings.byError(id, error);
  }
}

/** Submits a waiting task; an error becomes its failure. */
async function create(deps: Deps, id: TaskId): Promise<void> {
  const { ledger, making, endings, delivery, act } = deps;
  const waiting = ledger.get(id);
  if (waiting?.state.name !== 'queued') return;
  try {
    // Includes its end: MPS answers a Create only once, even while Easel is stopping.
    await act(() => making.create(waiting).catch((error: unknown) => endings.byError(id, error)));
    const task = ledger.get(id);
    // The progress of a polled task is shown.
    if (task?.state.name === 'running' && isOffPeak(task)) void delivery.show(task);
  } catch (error) {
    await endings.byError(id, error);
  }
}

async function follow({ making, queue, signal }: Deps, task: Task, resumed: boolean): Promise<void> {
  const ended = making.follow(task, { resumed });
  if (task.state.name === 'running' && !task.state.letGo) {
    // It runs at MPS whether a slot is free or not: it takes one as soon as possible and is polled at once. Adding a
    // listener to a signal is linear, so each of thousands of tasks has its own.
    const own = AbortSignal.any([signal]);
    queue.run(task, () => ended, { resumed: true, signal: own }).catch(() => {});
  }
  await ended;
}

async function deliver(deps: Deps, task: Task): Promise<void> {
  const { chain, closing, begin } = deps;
  if (task.state.name !== 'delivering') return;
  await keepApart(deps, task);
  const handing = chain.handOn(task);
  if (handing) begin((await handing).id, false);
  if (task.after) await chain.inTurn(task);
  await closing.deliver(task, task.state);
  const clip = nextIn(task.id, deps.ledger);
  if (clip) redraw(deps, clip.id);
}

/** What was being made when its user was blocked is theirs, and no one else's to see. */
async function keepApart({ ledger, permit = permitAll, log, signal }: Deps, task: Task): Promise<void> {
  if (task.origin.apart) return;
  try {
    await retry(() => permit(task, async () => {}), {
      firstMs: second,
      maxMs: minute,
      signal,
      onFailure(error, { againInMs }) {
        if (!(error instanceof StoreError)) throw error;
        log.error({ task: task.id, err: error, againInMs }, 'blocks could not be read');
      },
    });
  } catch (error) {
    if (!(error instanceof BlockedError)) throw error;
    await ledger.amend(task.id, { apart: true });
  }
}

async function tellOutcome({ chain, closing, set, begin }: Deps, task: Task): Promise<void> {
  for (const { id } of await set.settle(task)) begin(id, false);
  await chain.letGo(task);
  await chain.inTurn(task);
  await closing.tell(task);
}

/** Redraws a card that another change made stale. */
export function redraw(
  { ledger, waitingRoom, delivery }: Pick<Deps, 'ledger' | 'waitingRoom' | 'delivery'>,
  id: TaskId,
): void {
  const task = ledger.get(id);
  if (task && isAlive(task.state) && !waitingRoom.redraw(id)) void delivery.show(task);
}
