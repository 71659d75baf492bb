import type { Kind } from '../../mps/generation-request.js';
import { mpsRates } from '../../mps/limits/rate-limits.js';
import type { Action } from '../../mps/wire.js';
import type { Standing } from '../../quota/check.js';
import type { Budget } from '../../tasks/accounting/budget.js';
import type { Payer } from '../../tasks/accounting/spending-view.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { FailureReason, StateName, Task } from '../../tasks/model/task.js';
import type { Queue } from '../../tasks/queue/slot-queue.js';
import type { LimiterUse } from '../instrumentation.js';

/** Easel's current state: the JSON of `GET /state`. All times are ms since the epoch. */
export interface LiveState {
  readonly now: number;
  /** Slots at MPS (`max`), and how many are in use (`busy`). */
  readonly slots: Readonly<Record<Kind, { readonly max: number; readonly busy: number }>>;
  /** Tasks waiting for a slot, by kind, in order of their turns. */
  readonly queue: Readonly<Record<Kind, readonly Waiting[]>>;
  /** The limiter of each MPS action; `used` of `rate` counts against the current second. */
  readonly limiter: Readonly<Record<Action, LimiterUse & { readonly rate: number }>>;
  /** Unfinished tasks, oldest first, then recently ended ones, the latest last. */
  readonly tasks: readonly LiveTask[];
  /** The standings of all users and guilds in `tasks`. */
  readonly quota: readonly QuotaBars[];
}

interface Waiting {
  readonly id: string;
  readonly guildId?: string;
  readonly userId: string;
  /** Tasks that get a slot before it. */
  readonly ahead: number;
}

export interface LiveTask {
  readonly id: string;
  readonly kind: Kind;
  readonly model: string;
  readonly guildId?: string;
  readonly channelId: string;
  readonly userId: string;
  readonly state: StateName;
  /** Why it failed. */
  readonly reason?: FailureReason;
  readonly mpsTaskId?: string;
  /** It gave up its slot and is still polled. */
  readonly letGo?: boolean;
  /** Its states and when they began, oldest first. */
  readonly history: readonly { readonly state: StateName; readonly at: number }[];
}

export interface QuotaBars {
  /** Absent for a user on their own. */
  readonly guildId?: string;
  readonly userId: string;
  /** `used` = reserved + spent; `max` is absent if nothing limits it. Money in millionths. */
  readonly bars: readonly Standing[];
}

export interface StateDeps {
  readonly ledger: Pick<Ledger, 'unfinished'>;
  readonly queue: Pick<Queue, 'ahead' | 'slots'>;
  readonly budget: Pick<Budget, 'standings'>;
  readonly limiterUse: () => Readonly<Record<Action, LimiterUse>>;
  readonly recent: () => readonly Task[];
  readonly now: () => number;
}

const kinds = ['image', 'video'] as const satisfies readonly Kind[];
/** @throws StoreError while the settings of a guild cannot be read. */
export async function readState(deps: StateDeps): Promise<LiveState> {
  const unfinished = deps.ledger.unfinished();
  const shown = [...unfinished, ...deps.recent()];
  const use = deps.limiterUse();
  const limiter = (action: Action) => ({ ...use[action], rate: mpsRates[action] });
  return {
    now: deps.now(),
    slots: byKind((kind) => ({
      max: deps.queue.slots[kind],
      busy: unfinished.filter((task) => task.request.kind === kind && holdsSlot(task)).length,
    })),
    queue: byKind((kind) => waiting(kind, unfinished, deps.queue)),
    limiter: {
      CreateAigcImageTask: limiter('CreateAigcImageTask'),
      DescribeAigcImageTask: limiter('DescribeAigcImageTask'),
      CreateAigcVideoTask: limiter('CreateAigcVideoTask'),
      DescribeAigcVideoTask: limiter('DescribeAigcVideoTask'),
    },
    tasks: shown.map(toLive),
    quota: await Promise.all(payersOf(shown).map((payer) => barsOf(payer, deps.budget))),
  };
}

function byKind<T>(make: (kind: Kind) => T): Readonly<Record<Kind, T>> {
  const [image, video] = kinds;
  return { image: make(image), video: make(video) };
}

/** True if a task holds a slot: off-peak and timed-out ones don't. */
export function holdsSlot({ state, request }: Task): boolean {
  if (request.kind === 'video' && request.offPeak === true) return false;
  return state.name === 'submitting' || (state.name === 'running' && !state.letGo);
}

function waiting(kind: Kind, unfinished: readonly Task[], queue: StateDeps['queue']): readonly Waiting[] {
  return unfinished
    .flatMap(({ id, request, origin }) => {
      const ahead = request.kind === kind ? queue.ahead(kind, id) : undefined;
      return ahead === undefined ? [] : [{ id, ...placeOf(origin), userId: origin.userId, ahead }];
    })
    .sort((a, b) => a.ahead - b.ahead);
}

function placeOf({ guildId }: Task['origin']): { readonly guildId?: string } {
  return guildId === undefined ? {} : { guildId };
}

function toLive({ id, request, origin, state, history }: Task): LiveTask {
  return {
    id,
    kind: request.kind,
    model: request.model,
    ...placeOf(origin),
    channelId: origin.channelId,
    userId: origin.userId,
    state: state.name,
    ...(state.name === 'failed' && { reason: state.failure.reason }),
    ...('mpsTaskId' in state && { mpsTaskId: state.mpsTaskId }),
    ...(state.name === 'running' && { letGo: state.letGo }),
    history,
  };
}

function payersOf(tasks: readonly Task[]): readonly Payer[] {
  const payers = new Map(tasks.map(({ origin }) => [`${origin.guildId}/${origin.userId}`, origin]));
  return [...payers.values()].filter(({ userId }) => userId !== '');
}

async function barsOf(payer: Payer, budget: StateDeps['budget']): Promise<QuotaBars> {
  const bars = await budget.standings(payer);
  return { ...(payer.guildId !== undefined && { guildId: payer.guildId }), userId: payer.userId, bars };
}
