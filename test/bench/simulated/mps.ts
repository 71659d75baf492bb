import {
  type Action,
  createLimits,
  createTasks,
  type Durations,
  perSecond,
  Refusal,
  type Task,
} from '@easel/mps-stand-in/internals';
import { createClock, createRandom } from '@easel/stand-in-kit';
import type { MpsClient, TaskReport } from '../../../src/mps/api/client.js';
import type { Kind } from '../../../src/mps/generation-request.js';
import type { SimulatedTime } from './time.js';

/** The order at the limiter: as Easel's own, which releases a token a second after the answer. */
export interface SimulatedLimit {
  run<T>(job: (giveBack: () => void) => Promise<T>): Promise<T>;
}

/** The stand-in's tasks and limits in simulated time, without sockets. */
export interface SimulatedMps {
  readonly limits: Readonly<Record<Action, SimulatedLimit>>;
  /** Undefined if the request was rejected. */
  create(kind: Kind): Promise<string | undefined>;
  /** Undefined if the request was rejected. */
  describe(kind: Kind, taskId: string): Promise<TaskReport | undefined>;
  /** The same behind Easel's limiter, as the poller asks. */
  readonly client: Pick<MpsClient, 'describe'>;
  task(id: string): Task;
  readonly rejected: number;
  /** Queries that were let in. */
  readonly queries: number;
}

const actions = {
  image: { create: 'CreateAigcImageTask', describe: 'DescribeAigcImageTask' },
  video: { create: 'CreateAigcVideoTask', describe: 'DescribeAigcVideoTask' },
} as const satisfies Record<Kind, Record<string, Action>>;

const params = { ModelName: 'Hunyuan', ModelVersion: '3.0', Prompt: 'a red fox' };

/** ms from a question to its answer. */
export const roundTripMs = 20;

export interface SimulatedMpsOptions {
  readonly time: SimulatedTime;
  readonly seed: number;
  readonly durations: Durations;
}

export function createSimulatedMps({ time, seed, durations }: SimulatedMpsOptions): SimulatedMps {
  const random = createRandom(seed);
  const tasks = createTasks({
    clock: createClock({ now: time.now, speed: 1 }),
    random,
    durations,
    onChange() {},
  });
  const admission = createLimits();
  let queries = 0;

  /** The server's action half a round trip from now; undefined if the limit rejects it. */
  async function request<T>(action: Action, act: () => T): Promise<T | undefined> {
    // Networks jitter: either way takes between a quarter and three quarters of a round trip.
    const there = roundTripMs * (0.25 + 0.5 * random());
    await time.sleep(there);
    let answer: T | undefined;
    try {
      admission.admit(action, time.now());
      answer = act();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    await time.sleep(roundTripMs - there);
    return answer;
  }

  function describe(kind: Kind, taskId: string): Promise<TaskReport | undefined> {
    const askedAt = time.now();
    return request(actions[kind].describe, () => {
      queries += 1;
      const task = tasks.find(kind, taskId);
      const status = tasks.statusOf(task);
      if (status === 'DONE') tasks.tell(task);
      return { taskId, status, urls: [], askedAt, requestId: '' };
    });
  }

  const limits = {
    CreateAigcImageTask: createSimulatedLimit(time, perSecond.CreateAigcImageTask),
    DescribeAigcImageTask: createSimulatedLimit(time, perSecond.DescribeAigcImageTask),
    CreateAigcVideoTask: createSimulatedLimit(time, perSecond.CreateAigcVideoTask),
    DescribeAigcVideoTask: createSimulatedLimit(time, perSecond.DescribeAigcVideoTask),
  };
  return {
    limits,
    create: (kind) =>
      request(actions[kind].create, () => tasks.create({ request: { kind, params }, undocumented: [] }).id),
    describe,
    client: {
      describe: (kind, choose) =>
        limits[actions[kind].describe].run(async (giveBack) => {
          const chosen = choose();
          if (chosen === undefined) return void giveBack();
          const report = await describe(kind, chosen);
          if (!report) throw new Error('RequestLimitExceeded');
          return report;
        }),
    },
    task(id) {
      const task = tasks.get(id);
      if (!task) throw new Error(`there is no task ${id}`);
      return task;
    },
    get rejected() {
      return Object.values(admission.rejected).reduce((sum, count) => sum + count, 0);
    },
    get queries() {
      return queries;
    },
  };
}

/** First come, first served. */
function createSimulatedLimit(time: SimulatedTime, rate: number): SimulatedLimit {
  const waiting: (() => void)[] = [];
  let free = rate;

  function putBack(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return {
    async run(job) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => void waiting.push(resolve));
      let unused = false;
      try {
        return await job(() => {
          unused = true;
        });
      } finally {
        if (unused) putBack();
        else time.after(1_000.5, putBack);
      }
    },
  };
}
