import { UserError } from '../../errors.js';
import type { GuildSettings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import type { Orderer, OrderGate, Verdict } from '../../moderation/order-gate.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import { withHouse, withoutHouse } from '../../presets/house.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Admission } from '../../tasks/lifecycle/admission.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import type { Origin, Task, TaskId, TaskReview } from '../../tasks/model/task.js';
import { catalogueIn } from '../access/guild-catalogue.js';
import { type Circumstances, isReviewed } from '../access/guild-policy.js';
import { privateLocale, publicLocale } from '../access/languages.js';
import { requirePolicy } from '../access/policy-check.js';
import type { AckGate } from '../interactions/ack-gate.js';
import type { Acknowledged } from '../interactions/acknowledgement.js';
import { acceptedAs } from '../interactions/proposals.js';
import type { ChosenLanguage } from './guild-service.js';

/** Who orders, where, and how they are answered: an interaction or a mention, as `placeOrder` sees it. */
export interface OrderSource {
  /** Its language and privacy are settled when the order is placed. */
  readonly origin: Origin;
  /** Whether only the user sees the answer; as the guild has it unless given. */
  readonly private?: boolean;
  readonly circumstances: Circumstances;
  /** The earlier event that this order accepts a proposal of: the task is that event's. */
  readonly asked?: string;
  /** The guild's settings, or the defaults. @throws StoreError */
  rules(): Promise<GuildSettings>;
  /** What no result may show there; undefined: nothing is excluded. @throws StoreError */
  house(): Promise<string | undefined>;
  /** @throws UserError naming the permission that is missing to post a result. */
  requirePostingRights(): void;
  /** Tells Discord that the order was accepted. Absent for a mention: the runner's first step is the reply. */
  readonly acknowledge?: (task: Task) => Promise<Acknowledged>;
  /** Discord knows of no answer: the order was dropped. @throws the refusal, if the user can be notified elsewhere. */
  readonly onRefused?: (refusal: unknown) => void;
}

interface Deps {
  readonly admission: Pick<Admission, 'admit'>;
  readonly ledger: Pick<Ledger, 'find' | 'record' | 'amendSoon'>;
  readonly runner: Pick<Runner, 'start'>;
  /** What moderators have set against orders. */
  readonly gate: OrderGate;
  /** The operator's. */
  readonly catalogue: Catalogue;
  readonly chosenLanguage: ChosenLanguage;
  readonly ackGate: AckGate;
  readonly log: Log;
}

/**
 * The one way from a prompt to money: checks the guild's policy, the permissions, then parameters and quota (admission),
 * persists the task, acknowledges it and starts it.
 * @returns whether a task was started; it isn't if Discord knows of no answer, or sent the event before.
 * @throws UserError with what the user can do about it; then nothing was persisted and nothing is charged.
 */
export type PlaceOrder = (source: OrderSource, request: GenerationRequest) => Promise<boolean>;

export function createPlaceOrder(deps: Deps): PlaceOrder {
  const { admission, ledger, runner, gate, catalogue, chosenLanguage, ackGate, log } = deps;

  /** @returns the new task; undefined if this event has one already. */
  async function admit(source: OrderSource, asks: GenerationRequest): Promise<Task | undefined> {
    // An order that is placed again has what was excluded then.
    const request = withoutHouse(asks);
    const rules = await source.rules();
    requirePolicy(rules, source.circumstances, request, catalogue);
    source.requirePostingRights();
    const { origin } = source;
    const asked = source.asked && (await acceptedAs(source.asked, origin.eventId, ledger.find));
    if (source.asked && !asked) return undefined;
    const verdict = await gate.check(ordererOf(source, asked ?? origin.eventId), request);
    if (verdict.kind === 'refuse') throw verdict.error;
    const secret = source.private ?? rules.private;
    const reader = { locale: origin.locale, chosen: await chosenLanguage(origin.userId) };
    const locale = secret ? privateLocale(rules, reader) : publicLocale(rules, reader);
    const [, parentId] = source.circumstances.channels;
    const where = parentId === undefined ? {} : { parentId };
    try {
      return await admission.admit(
        withHouse(request, await source.house()),
        { ...origin, ...where, locale, private: secret },
        {
          asked,
          offered: catalogueIn(catalogue, rules),
          mostResults: rules.mostResults,
          review: reviewOf(rules, source, verdict),
        },
      );
    } catch (error) {
      verdict.withdraw?.();
      throw error;
    }
  }

  /** @returns the id of the task to start; undefined if there is none. */
  async function take(source: OrderSource, request: GenerationRequest): Promise<TaskId | undefined> {
    const task = await admit(source, request);
    if (!task) {
      if (source.asked !== undefined) throw new UserError({ key: 'offer.taken' });
      log.info({ event: source.origin.eventId }, 'duplicate event ignored');
      return undefined;
    }
    if (!source.acknowledge) return task.id;
    const acknowledged = await source.acknowledge(task);
    if ('answer' in acknowledged) {
      await ledger.amendSoon(task.id, acknowledged.answer);
      return task.id;
    }
    await ledger.record(task.id, { type: 'failed', failure: { reason: 'unanswered' } });
    await ledger.record(task.id, { type: 'dropped' });
    source.onRefused?.(acknowledged.refusal);
    return undefined;
  }

  return async (source, request) => {
    const id = await ackGate.during(() => take(source, request));
    if (id === undefined) return false;
    await ackGate.over();
    runner.start(id);
    return true;
  };
}

/** Only a guild that has Easel as a member has moderators who decide here. */
function ordererOf({ origin, circumstances }: OrderSource, orderId: string): Orderer {
  const { guildId, guildInstalled, userId } = origin;
  const { channels, roles } = circumstances;
  return { orderId, guildId: guildInstalled ? guildId : undefined, userId, channels, roles };
}

/** What moderators of the guild look at. @throws UserError if they must, and can't be asked */
function reviewOf(
  rules: GuildSettings,
  { circumstances, origin }: OrderSource,
  { kind }: Verdict,
): TaskReview {
  if (!origin.guildInstalled || origin.guildId === undefined) return {};
  const isBefore = kind === 'review';
  if (isBefore && rules.review.channel === undefined) throw new UserError({ key: 'error.review.nowhere' });
  return {
    ...(isBefore && { before: 'words' }),
    ...(isReviewed(rules, circumstances) && { after: true }),
  };
}
