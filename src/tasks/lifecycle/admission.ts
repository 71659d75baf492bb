import { type Sentence, UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Catalogue, Model } from '../../mps/catalogue/catalogue.js';
import { picturesOf } from '../../mps/catalogue/modes.js';
import { priceOf, unknownSeconds } from '../../mps/catalogue/pricing.js';
import type { GenerationRequest, Kind } from '../../mps/generation-request.js';
import {
  type CreateParameters,
  type ParametersContext,
  toParameters,
} from '../../mps/parameters/parameters.js';
import type { Problem } from '../../mps/parameters/problems.js';
import { toMicros } from '../../quota/measures.js';
import { StoreError } from '../../store/store.js';
import type { Budget } from '../accounting/budget.js';
import type { Ledger } from '../ledger/ledger.js';
import { type Access, everywhere, whyClosed } from '../model/operator-access.js';
import type { Origin, Task } from '../model/task.js';
import { receive } from '../model/task-record.js';

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
}

/** Admission: every task that passes is possible, permitted and persisted. */
export interface Admission {
  /**
   * Checks a request, including its follow-up, and persists the task as `received`.
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
  /** @default everywhere */
  readonly access?: Access;
  /** Defaults for omitted options: VIDEO_DURATION and VIDEO_AUDIO. */
  readonly defaults?: NonNullable<ParametersContext['defaults']>;
  /** Marks an origin so that the owner of the task is recognised. */
  readonly place?: (origin: Origin) => Origin;
  readonly log: Log;
  readonly now: () => number;
}

/** Placeholder for the first image of a video, while it isn't painted yet. */
const pictureToCome = { url: 'https://mps.invalid/picture', name: 'picture' } as const;

export function createAdmission(deps: Deps): Admission {
  const { ledger, budget, catalogue, enabled, defaults = {}, log, now } = deps;
  const { place = (origin) => origin, additional = true, access = everywhere } = deps;
  let open = true;

  /**
   * The cost of a valid request. Disabled features are refused whichever way they got here: a command, a button of an
   * old task, a form opened before, a mention, a follow-up.
   * @throws UserError for an invalid request.
   */
  function costFor(request: GenerationRequest, offered: Catalogue): Task['cost'] {
    if (!enabled[request.kind]) throw new UserError({ key: `error.disabled.${request.kind}` });
    if (request.additional !== undefined && !additional)
      throw new UserError({ key: 'error.disabled.additional' });
    const checked = toParameters(request, offered, { defaults });
    if (!checked.ok) throw new UserError(toSentences(checked.problems));
    return priced(costOf(checked.parameters, request, catalogue), request, catalogue);
  }

  /** The same for the follow-up video. */
  function costOfNext(request: GenerationRequest, offered: Catalogue): Task['cost'] | undefined {
    if (request.kind !== 'image' || !request.thenAnimate) return undefined;
    try {
      return costFor({ ...request.thenAnimate, image: pictureToCome }, offered);
    } catch (error) {
      if (!(error instanceof UserError) || !enabled.video) throw error;
      throw new UserError([{ key: 'problem.thenAnimate' }, ...error.sentences]);
    }
  }

  return {
    async admit(request, origin, { part = 1, asked = origin.eventId, offered = catalogue } = {}) {
      if (!open) throw new UserError({ key: 'error.stopping' });
      const { guildId, mayPostLater: installed } = origin;
      const closed = whyClosed(access, { guildId, installed });
      if (closed) throw new UserError(closed);
      const cost = costFor(request, offered);
      const nextCost = costOfNext(request, offered);
      try {
        const account = budget.accountOf(origin);
        const parts = { request, origin: place(origin), account, cost, ...(nextCost && { nextCost }) };
        const task = receive(`${asked}:${part}`, parts, now());
        const book = { add: () => ledger.add(task), withdraw: () => ledger.withdraw(task.id) };
        return (await budget.admit(task, book)) ? task : undefined;
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

/** Every problem with its solution, and finally a model that would accept it all, if there is one. */
function toSentences(problems: readonly Problem[]): Sentence[] {
  const sentences: Sentence[] = problems.map(({ code, params }) => ({ key: `problem.${code}`, params }));
  const other = problems.find((problem) => problem.other)?.other;
  return other ? [...sentences, { key: 'problem.other', params: { other } }] : sentences;
}

/** What MPS bills on success: images (some models make several at a time), or seconds of a video. */
function costOf(
  { action, body }: CreateParameters,
  { kind, model: name }: GenerationRequest,
  catalogue: Catalogue,
): Task['cost'] {
  const model: Model | undefined = catalogue.find(kind, name);
  if (action === 'CreateAigcImageTask') return { unit: 'image', amount: model ? picturesOf(model) : 1 };
  const fixed = model?.kind === 'video' ? model.fixedDuration : undefined;
  return { unit: 'second', amount: body.Duration ?? fixed ?? unknownSeconds };
}

/** The cost including money, if the operator's prices cover it. */
function priced(cost: Task['cost'], request: GenerationRequest, catalogue: Catalogue): Task['cost'] {
  const price = priceOf(
    request.kind === 'video' ? { ...request, duration: cost.amount } : request,
    catalogue,
  );
  return price ? { ...cost, micros: toMicros(price.amount) } : cost;
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
