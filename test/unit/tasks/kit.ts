import type { FetchedFile } from '../../../src/media/files.js';
import type { Fetcher } from '../../../src/media/results/result-fetcher.js';
import type { Sources } from '../../../src/media/sources/source-intake.js';
import type { CreateOptions, CreateParameters, TaskReport } from '../../../src/mps/api/client.js';
import { MpsError, type MpsErrorReason } from '../../../src/mps/api/errors.js';
import type { Budget } from '../../../src/tasks/accounting/budget.js';
import type { BucketResults } from '../../../src/tasks/delivery/bucket-results.js';
import { createLedger, type Ledger } from '../../../src/tasks/ledger/ledger.js';
import type { TaskIndex } from '../../../src/tasks/ledger/task-index.js';
import type { ReviewDesk } from '../../../src/tasks/lifecycle/review/review-desk.js';
import { createRunner, type Runner } from '../../../src/tasks/lifecycle/runner.js';
import type { Task, TaskId } from '../../../src/tasks/model/task.js';
import { createDurations } from '../../../src/tasks/polling/duration-model.js';
import type { Poller, Watch } from '../../../src/tasks/polling/poller.js';
import { createQueue } from '../../../src/tasks/queue/slot-queue.js';
import type { Hosting } from '../../../src/tasks/sources/source-hosting.js';
import { anyTransfers, createFakeDelivery, type FakeDelivery, wholePacking } from '../../support/delivery.js';
import { type CollectingLog, createCollectingLog } from '../../support/log.js';
import { createMemoryTable, type MemoryTable } from '../../support/table.js';
import { until } from '../../support/until.js';

/** A Create in flight. */
export interface Creating {
  readonly parameters: CreateParameters;
  readonly options: CreateOptions;
  answer(taskId: string): void;
  refuse(error: unknown): void;
}

/** A wait for a task at MPS. */
export interface Waiting {
  readonly watch: Watch;
  readonly signal: AbortSignal;
  readonly paceMs: number | undefined;
  readonly soon: boolean;
  end(report?: Partial<TaskReport>): void;
}

/** A runner between a real ledger and queue and an MPS, a disk and a Discord that a test controls. */
export interface Bench {
  readonly runner: Runner;
  readonly ledger: Ledger;
  readonly table: MemoryTable;
  readonly log: CollectingLog;
  readonly delivery: FakeDelivery;
  /** Creates that were sent and not answered. */
  readonly creating: Creating[];
  /** Tasks at MPS that are being polled. */
  readonly waiting: Waiting[];
  /** Calls to the fetcher and to the taker of images. */
  readonly calls: string[];
  /** The behaviour of the next calls; each can be replaced. */
  readonly act: {
    fetch: () => Promise<readonly FetchedFile[]>;
    take: () => Promise<Awaited<ReturnType<Sources['take']>>>;
  };
  add(task: Task): Promise<Task>;
  /** Resolves with the task once it is in that state. */
  reached(id: TaskId, name: Task['state']['name']): Promise<Task>;
  /** Resolves with the task once it is over. */
  over(id: TaskId): Promise<Task>;
}

export const picture: FetchedFile = { path: '/spool/1', type: 'image/png', bytes: 9, sha256: 'ab' };

export interface BenchOptions {
  readonly slots?: number;
  readonly timing?: Partial<Parameters<typeof createRunner>[0]['timing']>;
  readonly now?: () => number;
  readonly table?: MemoryTable;
  readonly keeping?: BucketResults;
  /** @default one without limits */
  readonly budget?: Pick<Budget, 'reserve' | 'note'>;
  readonly index?: TaskIndex;
  readonly hosting?: Hosting;
  /** @default no moderators look at anything */
  readonly desk?: ReviewDesk;
}

export async function createBench(options: BenchOptions = {}): Promise<Bench> {
  const {
    slots = 2,
    timing,
    now = Date.now,
    table = createMemoryTable(),
    keeping,
    budget,
    index,
    hosting,
    desk,
  } = options;
  const log = createCollectingLog();
  const ledger = createLedger({ table, log, now, retryMs: 1, index, ...(budget && { note: budget.note }) });
  await ledger.load();
  const delivery = createFakeDelivery();
  const creating: Creating[] = [];
  const waiting: Waiting[] = [];
  const calls: string[] = [];
  const act: Bench['act'] = {
    fetch: async () => [picture],
    take: async () => ({ path: '/spool/2', type: 'image/png', bytes: 9, converted: false }),
  };
  const sources: Sources = {
    take: (source) => {
      calls.push(`take ${source.name}`);
      return act.take();
    },
    async release() {
      calls.push('release');
    },
  };
  const fetcher: Fetcher = {
    fetch: (results, { signal }) => {
      calls.push(`fetch ${results.taskId}`);
      return Promise.race([act.fetch(), aborted(signal)]);
    },
    async discard() {
      calls.push('discard');
    },
  };
  const runner = createRunner({
    ledger,
    log,
    now,
    sources,
    fetcher,
    delivery,
    packing: wholePacking,
    keeping,
    transfers: anyTransfers(),
    budget: budget ?? { reserve: (_task, write) => write() },
    ...(hosting && { hosting }),
    ...(desk && { desk }),
    durations: createDurations({ table: createMemoryTable(), log }),
    queue: createQueue({ image: slots, video: slots }),
    mps: { create: (parameters, create) => createAtMps(creating, parameters, create) },
    poller: createPollerByHand(waiting),
    toParameters: ({ prompt }, { id }) => ({
      action: 'CreateAigcImageTask',
      body: { ModelName: 'Hunyuan', ModelVersion: '3.0', Prompt: `${prompt} ${id}`, EnhancePrompt: true },
    }),
    timing: { timeoutMs: 1_800_000, slowPollMs: 60_000, unreachableMs: 300_000, retryMs: 1, ...timing },
  });
  const find = (id: TaskId) => table.rows.get(id) as Task | undefined;
  const when = async (id: TaskId, what: string, holds: (task: Task) => boolean) => {
    await until(`task ${id} is ${what}`, () => {
      const task = find(id);
      return task !== undefined && holds(task);
    });
    return find(id) as Task;
  };
  return {
    runner,
    ledger,
    table,
    log,
    delivery,
    creating,
    waiting,
    calls,
    act,
    async add(task) {
      await ledger.add(task);
      return task;
    },
    reached: (id, name) => when(id, name, ({ state }) => state.name === name),
    over: (id) =>
      when(id, 'over', ({ state }) => state.name === 'delivered' || ('told' in state && state.told)),
  };
}

async function createAtMps(creating: Creating[], parameters: CreateParameters, options: CreateOptions) {
  await options.onSend?.();
  return new Promise<{ taskId: string; requestId: string }>((resolve, reject) => {
    const settle = (act: () => void) => {
      creating.splice(creating.indexOf(one), 1);
      act();
    };
    const one: Creating = {
      parameters,
      options,
      answer: (taskId) => settle(() => resolve({ taskId, requestId: 'request-1' })),
      refuse: (error) => settle(() => reject(error)),
    };
    creating.push(one);
  });
}

function createPollerByHand(waiting: Waiting[]): Poller {
  return {
    expected: () => undefined,
    wait: (watch, { signal, pace, soon = false }) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const leave = () => void waiting.splice(waiting.indexOf(one), 1);
        const one: Waiting = {
          watch,
          signal,
          soon,
          paceMs: pace?.(),
          end(report) {
            leave();
            const usual = {
              status: 'DONE',
              urls: ['http://127.0.0.1:9/fox.png'],
              askedAt: 0,
              requestId: 'request-2',
            };
            resolve({ ...usual, taskId: watch.mpsTaskId, ...report } as TaskReport);
          },
        };
        signal.addEventListener('abort', () => {
          leave();
          reject(signal.reason);
        });
        waiting.push(one);
      }),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

export function anMpsError(reason: MpsErrorReason, created: 'no' | 'unknown' = 'no'): MpsError {
  return new MpsError({ action: 'CreateAigcImageTask', code: 'Code', reason, created, retry: 'never' });
}
