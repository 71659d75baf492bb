import { UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Catalogue, Model } from '../../mps/catalogue/catalogue.js';
import type { GenerationRequest, Kind } from '../../mps/generation-request.js';
import type { ParametersContext } from '../../mps/parameters/parameters.js';
import { StoreError } from '../../store/store.js';
import type { Budget } from '../accounting/budget.js';
import type { Booking } from '../accounting/order-admission.js';
import type { Ledger } from '../ledger/ledger.js';
import { type Access, everywhere, whyClosed } from '../model/operator-access.js';
import type { Origin, Task, TaskReview } from '../model/task.js';
import { receive } from '../model/task-record.js';
import { createOrderCosts } from './order-costs.js';

interface AdmitOptions {
  /**
   * The event whose task this is, if it is an earlier one than the event that is answered: what it asked for was
   * refused or in doubt, and has now been accepted by a button.
   * @default the origin's
   */
  readonly asked?: string | undefined;
  /** @default 1 */
  readonly part?: number;
  /**
   * Models that may be suggested to the user, where the order was placed.
   * @default the operator's
   */
  readonly offered?: Catalogue;
  /**
   * Most results of one order there, of a set; never more than 9 pictures or 3 clips.
   * @default 4
   */
  readonly mostResults?: number;
  /** What moderators of the server look at. */
  readonly review?: TaskReview;
}

/** Admission: every task that passes is possible, permitted and persisted. */
export interface Admission {
  /**
   * Checks a request, with every Create of a set and its follow-up, and persists the task as `received`: of a set, the
   * one that leads it.
   * @returns the new task; undefined if this event already has one (Discord may send an event twice).
   * @throws UserError with what the user can do about it; then nothing was persisted and nothing will be charged.
   */
  admit(request: GenerationRequest, origin: Origin, options?: AdmitOptions): Promise<Task | undefined>;
  /** Stops admitting tasks: Easel is about to stop. */
  close(): void;
}

interface Deps {
  readonly ledger: Ledger;
  readonly budget: Budget;
  readonly catalogue: Catalogue;
  readonly enabled: Readonly<Record<Kind, boolean>>;
  /**
   * ADDITIONAL_PARAMETERS.
   * @default on
   */
  readonly additional?: boolean;
  /** As for the costs of an order. */
  readonly extendMaxSeconds?: number | undefined;
  /** @default everywhere */
  readonly access?: Access;
  /** Defaults for omitted options: VIDEO_DURATION and VIDEO_AUDIO. */
  readonly defaults?: NonNullable<ParametersContext['defaults']>;
  /** Marks an origin so that the owner of the task is recognised. */
  readonly place?: (origin: Origin) => Origin;
  readonly log: Log;
  readonly now: () => number;
}

/** Most results of one order, unless a server says otherwise. */
const usualMost = 4;

export function createAdmission(deps: Deps): Admission {
  const { ledger, budget, catalogue, defaults = {}, log, now } = deps;
  const { place = (origin) => origin, additional = true, access = everywhere } = deps;
  const costsOf = createOrderCosts({ ...deps, additional, defaults });
  let open = true;

  return {
    async admit(request, origin, options = {}) {
      const {
        part = 1,
        asked = origin.eventId,
        offered = catalogue,
        mostResults = usualMost,
        review = {},
      } = options;
      if (!open) throw new UserError({ key: 'error.stopping' });
      const { guildId, mayPostLater: installed } = origin;
      const closed = whyClosed(access, { guildId, installed });
      if (closed) throw new UserError(closed);
      const placed = costsOf(request, { offered, mostResults });
      try {
        const account = budget.accountOf(origin);
        const isReviewed = Object.keys(review).length > 0;
        const parts = { ...placed, origin: place(origin), account, ...(isReviewed && { review }) };
        const task = receive(`${asked}:${part}`, parts, now());
        return (await budget.admit(task, bookIn(ledger, task))) ? task : undefined;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        log.error({ event: origin.eventId, err: error }, 'a task was rejected because it could not be saved');
        throw new UserError({ key: 'error.store' }, { cause: error });
      }
    },
    close() {
      open = false;
    },
  };
}

function bookIn(ledger: Ledger, task: Task): Booking {
  const withdraw = () => ledger.withdraw(task);
  return {
    async add() {
      try {
        return await ledger.add(task);
      } catch (error) {
        // Its user is told that nothing was saved. If only the store's answer was lost, a restart would run it.
        void withdraw();
        throw error;
      }
    },
    withdraw,
  };
}

/** Available models that a spending limit can't stop because they have no price. */
export function unpriced(
  catalogue: Catalogue,
  enabled: Readonly<Record<Kind, boolean>>,
): readonly { readonly kind: Kind; readonly label: string }[] {
  const kinds = (['image', 'video'] as const).filter((kind) => enabled[kind]);
  const priceless = ({ price = [] }: Model) => price.length === 0 || catalogue.currency === undefined;
  return kinds.flatMap((kind) =>
    [...catalogue.list(kind)].filter(priceless).map(({ label }) => ({ kind, label })),
  );
}
