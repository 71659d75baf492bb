import { UserError } from '../../errors.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import { circumstancesOf } from '../access/guild-policy.js';
import {
  type AnswerableInteraction,
  originOf,
  requireOpenThread,
  requirePostingRights,
  requireRights,
} from '../access/request-origin.js';
import type { Mention } from '../input/mention.js';
import type { createAcknowledge } from '../interactions/acknowledgement.js';
import type { AskingEvent, OrderRefusals } from '../interactions/order-refusals.js';
import { isThreadShut } from '../rest/errors.js';
import { type Asking, type GuildService, isMention } from './guild-service.js';
import type { OrderSource, PlaceOrder } from './place-order.js';
import type { StyleService } from './styles/style-service.js';

export interface Orders {
  /**
   * Orders an image or a video for the user behind an interaction or a mention; the answer is drawn from then on.
   * @returns whether it was ordered; it isn't if Discord knows of no answer, or sent the event before.
   * @throws UserError if it can't be ordered.
   */
  place(asking: Asking, request: GenerationRequest, options?: OrderOptions): Promise<boolean>;
}

interface OrderOptions {
  /** Whether only the user sees the answer; as the guild has it unless given. */
  readonly private?: boolean;
  /** The event that first asked for it, if a proposal is accepted. */
  readonly asked?: string;
}

interface Deps {
  readonly placeOrder: PlaceOrder;
  /** Of interactions; a mention is acknowledged by the reply. */
  readonly acknowledge: ReturnType<typeof createAcknowledge>;
  readonly guilds: Pick<GuildService, 'rules' | 'offer'>;
  readonly styles: Pick<StyleService, 'house' | 'ofUser'>;
  readonly refusals: Pick<OrderRefusals, 'withFixes'>;
  readonly now: () => number;
}

/** Turns an interaction or a mention into the source of an order, and places it. */
export function createOrders({ placeOrder, acknowledge, guilds, styles, refusals, now }: Deps): Orders {
  function fromInteraction(interaction: AnswerableInteraction, options: OrderOptions): OrderSource {
    return {
      ...options,
      origin: originOf(interaction, now()),
      circumstances: circumstancesOf(interaction),
      rules: () => guilds.rules(interaction),
      house: () => styles.house(interaction),
      requirePostingRights: () => requirePostingRights(interaction),
      acknowledge,
      onRefused(refusal) {
        // The user can still be notified elsewhere.
        if (isThreadShut(refusal, interaction)) throw refusal;
      },
    };
  }

  /** A mention is answered in public: Discord has no reply that only one user sees. */
  function fromMention(mention: Mention): OrderSource {
    const { origin, circumstances, permissions, inThread, locked } = mention;
    return {
      origin,
      private: false,
      circumstances,
      rules: () => guilds.rules(mention),
      house: () => styles.house(mention),
      requirePostingRights() {
        if (!permissions) return;
        requireOpenThread(locked, permissions);
        requireRights(permissions, inThread);
      },
    };
  }

  return {
    async place(asking, request, options = {}) {
      try {
        if (isMention(asking)) return await placeOrder(fromMention(asking), request);
        const secret = options.private ?? (await styles.ofUser(asking.user.id)).private;
        const chosen = secret === undefined ? options : { ...options, private: secret };
        return await placeOrder(fromInteraction(asking, chosen), request);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const { catalogue: offered } = await guilds.offer(asking);
        throw await refusals.withFixes(error, eventOf(asking), { ...options, request, offered });
      }
    },
  };
}

/** The event that an order is asked for by, and by whom. */
export function eventOf(asking: Asking): AskingEvent {
  if (isMention(asking)) return { id: asking.origin.eventId, userId: asking.origin.userId };
  return { id: asking.id, userId: asking.user.id };
}
