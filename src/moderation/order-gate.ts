import { type Sentence, UserError } from '../errors.js';
import type { Log } from '../log.js';
import type { GenerationRequest } from '../mps/generation-request.js';
import { hour, second } from '../util/time.js';
import type { Block, Blocks } from './blocks.js';
import type { Journal } from './journal.js';
import type { RecentOrders } from './recent-orders.js';
import type { ModerationRules, Rules } from './rules.js';
import { textsOf } from './words/request-texts.js';

/** Who orders, and where, as far as moderation is concerned. */
export interface Orderer {
  /** Id of the event that first asked for it. */
  readonly orderId: string;
  /** The guild that has Easel as a member; undefined: no moderator is responsible. */
  readonly guildId: string | undefined;
  readonly userId: string;
  /** The channel, and a thread's parent. */
  readonly channels: readonly string[];
  /** Ids of the member's roles. */
  readonly roles: readonly string[];
}

/** What becomes of an order. */
export type Verdict =
  | ({ readonly kind: 'pass' } & Claimed)
  /** With what the member can do about it. */
  | { readonly kind: 'refuse'; readonly error: UserError }
  /** Nothing is created before a moderator approves. */
  | ({ readonly kind: 'review'; readonly why: 'words' } & Claimed);

interface Claimed {
  /** Call it if the order isn't admitted after all: it then counts for no pause and no limit of a channel. */
  readonly withdraw?: () => void;
}

/** Why an order was refused, as the audit list and `/moderate refusals` count it. */
export const refusals = ['words', 'blocked', 'cooldown', 'channel', 'role'] as const;
export type Refusal = (typeof refusals)[number];

/** What moderators have set against an order, judged before it is admitted. */
export interface OrderGate {
  /**
   * Judges blocks, excluded roles, channels, all words of an order, and pauses. Every refusal is put on record.
   * @throws StoreError while the rules can't be read: nothing passes unjudged.
   */
  check(orderer: Orderer, request: GenerationRequest): Promise<Verdict>;
}

interface Deps {
  readonly rules: Pick<Rules, 'get' | 'words'>;
  readonly blocks: Pick<Blocks, 'of'>;
  readonly recentOrders: RecentOrders;
  readonly journal: Pick<Journal, 'note'>;
  readonly log: Log;
  readonly now: () => number;
}

interface Against {
  readonly why: Refusal;
  readonly sentence: Sentence;
  /** The entry of the word list that decided. */
  readonly entry?: string;
}

/** Refusals of one member that are put on record in an hour; what repeats itself more often says nothing new. */
const mostOnRecord = 30;

export function createOrderGate(deps: Deps): OrderGate {
  const { rules, blocks, now } = deps;
  const putOnRecord = createRecording(deps);

  return {
    async check(orderer, request) {
      const { guildId, userId } = orderer;
      if (guildId === undefined) return { kind: 'pass' };
      const [set, block] = await Promise.all([rules.get(guildId), blocks.of(guildId, userId)]);
      const found = rules.words(set).judge(textsOf(request));
      const against =
        (block && ofBlock(block)) ??
        ofPlace(orderer, set) ??
        (found?.action === 'refuse' ? ofWords(found.entry) : ofPace(orderer, guildId, set, deps));
      if (against) {
        await putOnRecord(orderer, guildId, against);
        return { kind: 'refuse', error: new UserError(against.sentence) };
      }
      const order = { id: orderer.orderId, guildId, userId, channels: orderer.channels, at: now() };
      const withdraw = deps.recentOrders.claim(order);
      return found ? { kind: 'review', why: 'words', withdraw } : { kind: 'pass', withdraw };
    },
  };
}

function ofBlock({ until, reason }: Block): Against {
  const why = reason ?? '';
  const params = until === undefined ? { reason: why } : { reason: why, until: Math.ceil(until / second) };
  const kind = until === undefined ? 'forever' : 'until';
  const key =
    why === '' ? (`moderation.blocked.${kind}` as const) : (`moderation.blocked.${kind}.why` as const);
  return { why: 'blocked', sentence: { key, params } };
}

function ofPlace({ channels, roles }: Orderer, set: ModerationRules): Against | undefined {
  if (roles.some((role) => set.deniedRoles.includes(role)))
    return { why: 'role', sentence: { key: 'moderation.role.denied' } };
  if (channels.some((channel) => set.channels[channel] === 0))
    return { why: 'channel', sentence: { key: 'moderation.channel.denied' } };
  return undefined;
}

function ofWords(entry: string): Against {
  return { why: 'words', entry, sentence: { key: 'moderation.words.refused' } };
}

/** Pauses and limits of channels. In one turn with the claim. */
function ofPace(
  { userId, channels }: Orderer,
  guildId: string,
  set: ModerationRules,
  { recentOrders, now }: Deps,
): Against | undefined {
  const last = set.cooldown > 0 ? recentOrders.lastOf(guildId, userId) : undefined;
  const free = (last ?? Number.NEGATIVE_INFINITY) + set.cooldown * second;
  if (free > now())
    return {
      why: 'cooldown',
      sentence: { key: 'moderation.cooldown', params: { until: Math.ceil(free / second) } },
    };
  for (const channel of channels) {
    const most = set.channels[channel];
    const times = most === undefined ? [] : recentOrders.lastHour(guildId, channel);
    const first = most === undefined ? undefined : times.at(-most);
    if (most === undefined || first === undefined || times.length < most) continue;
    const params = { count: most, until: Math.ceil((first + hour) / second) };
    return { why: 'channel', sentence: { key: 'moderation.channel.full', params } };
  }
  return undefined;
}

/** Puts refusals on record. A journal that can't be written refuses no less. */
function createRecording({ journal, log, now }: Deps) {
  const counts = new Map<string, { readonly since: number; readonly count: number }>();
  return async ({ userId, channels }: Orderer, guildId: string, { why, entry }: Against): Promise<void> => {
    const name = `${guildId}:${userId}`;
    const known = counts.get(name);
    const current = known && now() - known.since < hour ? known : { since: now(), count: 0 };
    counts.set(name, { ...current, count: current.count + 1 });
    if (counts.size > 10_000) counts.clear();
    if (current.count >= mostOnRecord) return;
    const [channel = ''] = channels;
    const details = { why, channel, ...(entry !== undefined && { entry }) };
    await journal
      .note({ guildId, act: 'refused', at: now(), by: userId, details })
      .catch((error: unknown) =>
        log.warn({ guild: guildId, err: error }, 'a refusal could not be put on record'),
      );
  };
}
