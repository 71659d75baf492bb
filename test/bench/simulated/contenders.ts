import { setMaxListeners } from 'node:events';
import { silentLog } from '../../../src/log.js';
import type { GenerationRequest, Kind } from '../../../src/mps/generation-request.js';
import { createDurations } from '../../../src/tasks/polling/duration-model.js';
import { createPoller } from '../../../src/tasks/polling/poller.js';
import { createMemoryTable } from '../../support/table.js';
import type { SimulatedMps } from './mps.js';
import type { SimulatedTime } from './time.js';

/** A client that orders pictures and waits for them. */
export interface Contender {
  /** Settles when the result is known here, or lost; returns the task's id. */
  make(request: GenerationRequest): Promise<string | undefined>;
}

export type ContenderOf = (mps: SimulatedMps, time: SimulatedTime) => Contender;

/** POLL_INTERVAL_MS, and the guide's own interval. */
const intervalMs = 5_000;
const never = new AbortController().signal;
// Every task listens to it.
setMaxListeners(0, never);

/** Easel's own poller and its learning, starting from the guide's ranges. */
export const easel: ContenderOf = (mps, time) => {
  const { now, after } = time;
  const durations = createDurations({ table: createMemoryTable(), log: silentLog, saveMs: 2 ** 30 });
  const poller = createPoller({
    mps: mps.client,
    durations,
    now,
    after,
    intervalMs,
    log: silentLog,
  });
  return {
    async make(request) {
      const mpsTaskId = await create(mps, request.kind);
      await poller.wait({ request, mpsTaskId, createdAt: now() }, { signal: never });
      return mpsTaskId;
    },
  };
};

/** The guide's sample: create, then query every 5 s. A rejected create throws there, and a rejected query ends the loop. */
export const sample: ContenderOf = (mps, time) => ({
  async make({ kind }) {
    const taskId = await mps.create(kind);
    if (taskId === undefined) return undefined;
    for (;;) {
      await time.sleep(intervalMs);
      const report = await mps.describe(kind, taskId);
      if (!report) return undefined;
      if (report.status === 'DONE') return taskId;
    }
  },
});

/** The same with a limiter: each query waits its turn. */
export const limitedSample: ContenderOf = (mps, time) => ({
  async make({ kind }) {
    const taskId = await create(mps, kind);
    const action = kind === 'image' ? 'DescribeAigcImageTask' : 'DescribeAigcVideoTask';
    for (;;) {
      await time.sleep(intervalMs);
      const report = await mps.limits[action].run(() => mps.describe(kind, taskId));
      if (report?.status === 'DONE') return taskId;
    }
  },
});

async function create(mps: SimulatedMps, kind: Kind): Promise<string> {
  const action = kind === 'image' ? 'CreateAigcImageTask' : 'CreateAigcVideoTask';
  const taskId = await mps.limits[action].run(() => mps.create(kind));
  if (taskId === undefined) throw new Error('a create behind the limiter was rejected');
  return taskId;
}
