import { Counter, Histogram, type Registry } from 'prom-client';
import { MpsError, mpsErrorReasons } from '../../mps/api/errors.js';
import { mpsRates } from '../../mps/limits/rate-limits.js';
import { limitKeys } from '../../quota/check.js';
import { isDoubtful, toUsage } from '../../tasks/accounting/billing.js';
import { isAlive } from '../../tasks/model/state-machine.js';
import { failureReasons, type StateName, type Task, type TaskEvent } from '../../tasks/model/task.js';
import { receivedAt } from '../../tasks/model/task-record.js';
import type { Observer } from '../observer.js';

/** Seconds. */
const fast = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const slow = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 172_800];

const kinds = ['image', 'video'] as const;
/** Responses that count towards a Discord ban. */
const invalidStatuses = [401, 403, 404, 429] as const;
/** `result` of a request. */
const results = ['ok', 'aborted', ...mpsErrorReasons] as const;
/** `outcome` and `reason` of a task. */
const endings: readonly (readonly [outcome: StateName, reason: string])[] = [
  ...(['delivered', 'cancelled', 'discarded'] as const).map((name) => [name, ''] as const),
  ...failureReasons.map((reason) => ['failed', reason] as const),
  ...limitKeys.map((key) => ['failed', `quota.${key}`] as const),
];

/** Everything that is counted as it happens. */
export function createCounters(
  registry: Registry,
): Omit<Observer, 'misresolved' | 'bucketRefused' | 'discordNearBan'> {
  const make = createMakers(registry);
  const tasks = taskMetrics(make);
  const mps = mpsMetrics(make);
  const { requests, requestTime, refusals } = mps;
  const { bytes, limited, invalid } = trafficMetrics(make);
  return {
    task: createTaskCounter({ ...tasks, ...mps }),
    request(action, error, ms) {
      requests.inc({ action, result: resultOf(error) });
      requestTime.observe({ action }, ms / 1000);
    },
    quotaRefused: (scope, measure) => refusals.inc({ scope, measure }),
    transferred: (way, count) => bytes.inc({ way }, count),
    unkept: () => tasks.unkept.inc(),
    discordLimited: (door, scope) => limited.inc({ door, scope }),
    discordInvalid: (status) => invalid.inc({ status }),
  };
}

type Makers = ReturnType<typeof createMakers>;

function createMakers(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers });
  return { counter, histogram };
}

function taskMetrics({ counter, histogram }: Makers) {
  const received = counter('easel_tasks_received_total', 'Tasks that were let in', ['kind']);
  const ended = counter('easel_tasks_ended_total', 'Tasks that ended, by outcome and reason', [
    ...['kind', 'outcome', 'reason'],
  ]);
  const wait = histogram('easel_queue_wait_seconds', 'From queued to the first Create', ['kind'], slow);
  const whole = histogram('easel_task_seconds', 'From received to delivered', ['kind'], slow);
  const delay = histogram(
    'easel_delivery_delay_seconds',
    'From finished at MPS, as Easel learnt it, to posted',
    ['kind'],
    [...fast, 60, 300, 3600, 43_200],
  );
  const lost = counter(
    'easel_creates_lost_total',
    'Creates whose answer was lost, by what came of looking for their results in COS_BUCKET',
    ['kind', 'result'],
  );
  const unkept = counter('easel_results_unkept_total', 'Results that MPS did not put into COS_BUCKET', []);
  // Series used by alerts exist from the start: to Prometheus, a series that begins with 1 hasn't increased.
  for (const kind of kinds) for (const [outcome, reason] of endings) ended.inc({ kind, outcome, reason }, 0);
  return { received, ended, wait, whole, delay, lost, unkept };
}

function mpsMetrics({ counter, histogram }: Makers) {
  const requests = counter('easel_mps_requests_total', 'Requests to MPS, by what came of them', [
    ...['action', 'result'],
  ]);
  const requestTime = histogram('easel_mps_request_seconds', 'How long MPS took', ['action'], fast);
  const billed = counter('easel_billed_total', 'What MPS bills: pictures, seconds of video', [
    ...['unit', 'model'],
  ]);
  const spend = counter('easel_spend_total', "Money, in the currency of the operator's prices", ['model']);
  const perhaps = counter('easel_perhaps_billed_total', 'What MPS may have billed without a result', [
    ...['unit', 'model'],
  ]);
  const refusals = counter('easel_quota_refusals_total', 'Requests that a limit turned away', [
    ...['scope', 'measure'],
  ]);
  for (const action of Object.keys(mpsRates))
    for (const result of results) requests.inc({ action, result }, 0);
  return { requests, requestTime, billed, spend, perhaps, refusals };
}

function trafficMetrics({ counter }: Makers) {
  const bytes = counter('easel_transfer_bytes_total', 'Bytes of images, results and attachments', ['way']);
  const limited = counter('easel_discord_rate_limited_total', 'Answers 429 of Discord', ['door', 'scope']);

  const invalid = counter(
    'easel_discord_invalid_requests_total',
    'Answers that Discord bans for if they are many',
    ['status'],
  );
  for (const status of invalidStatuses) invalid.inc({ status }, 0);
  return { bytes, limited, invalid };
}

type TaskCounterMetrics = ReturnType<typeof taskMetrics> & ReturnType<typeof mpsMetrics>;

function createTaskCounter(metrics: TaskCounterMetrics): Observer['task'] {
  const { received, wait, lost } = metrics;

  /** The outcome of searching for the result of a lost Create. */
  function seek({ request: { kind }, state }: Task, event: TaskEvent['type'] | undefined): void {
    if (event === 'found' || state.name === 'discarded') lost.inc({ kind, result: 'found' });
    else if (state.name === 'failed') lost.inc({ kind, result: 'notFound' });
  }

  return (task, event, before) => {
    const { kind } = task.request;
    if (event === undefined) received.inc({ kind });
    if (event === 'submitting') {
      // A refused Create is retried: the wait ended before the first try.
      const isFirst = task.history.filter(({ state }) => state === 'submitting').length === 1;
      if (isFirst)
        wait.observe({ kind }, seconds(sinceState(task, 'queued'), sinceState(task, 'submitting')));
    }
    if (event === 'lost') lost.inc({ kind, result: 'searching' });
    if (before?.name === 'searching') seek(task, event);
    if (!before || !isAlive(before)) return;
    // A discarded result was made all the same.
    if (event === 'fetched' || task.state.name === 'discarded') settle(metrics, task);
    if (!isAlive(task.state)) end(metrics, task);
  };
}

function settle({ billed, spend }: TaskCounterMetrics, task: Task): void {
  const usage = toUsage(task);
  if (!usage) return;
  const { model } = task.request;
  billed.inc({ unit: usage.unit, model }, usage.amount);
  if (usage.cost !== undefined) spend.inc({ model }, usage.cost / 1e6);
}

function end({ ended, perhaps, whole, delay }: TaskCounterMetrics, task: Task): void {
  const { kind, model } = task.request;
  const { state } = task;
  const reason = state.name === 'failed' ? state.failure.reason : undefined;
  ended.inc({ kind, outcome: state.name, reason: reason ?? '' });
  if (isDoubtful(task)) perhaps.inc({ unit: task.cost.unit, model }, task.cost.amount);
  if (state.name !== 'delivered') return;
  whole.observe({ kind }, seconds(receivedAt(task), sinceState(task, 'delivered')));
  // How long moderators take says nothing about Easel.
  const ready = task.history.some(({ state }) => state === 'awaitingReview') ? 'delivering' : 'fetching';
  delay.observe({ kind }, seconds(sinceState(task, ready), sinceState(task, 'delivered')));
}

function resultOf(error: unknown): (typeof results)[number] {
  if (error === undefined) return 'ok';
  return error instanceof MpsError ? error.reason : 'aborted';
}

/** When the task was in that state for the first time, ms since the epoch. */
function sinceState({ history }: Task, name: StateName): number | undefined {
  return history.find(({ state }) => state === name)?.at;
}

function seconds(from: number | undefined, to: number | undefined): number {
  return Math.max(0, (to ?? 0) - (from ?? to ?? 0)) / 1000;
}
