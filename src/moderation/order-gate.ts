import type { UserError } from '../errors.js';
import type { GenerationRequest } from '../mps/generation-request.js';

/** Who orders, and where, as far as moderation is concerned. */
export interface Orderer {
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
  | { readonly kind: 'pass' }
  /** With what the member can do about it. */
  | { readonly kind: 'refuse'; readonly error: UserError }
  /** Nothing is created before a moderator approves. */
  | { readonly kind: 'review'; readonly why: 'words' };

/** What moderators have set against an order, judged before it is admitted. */
export interface OrderGate {
  /**
   * Judges blocks, cooldowns, limits of channels and all words of an order, in this order.
   * @throws StoreError while the rules can't be read: nothing passes unjudged.
   */
  check(orderer: Orderer, request: GenerationRequest): Promise<Verdict>;
}

/** What one part of the gate has against an order; undefined: nothing. */
export type Judge = (orderer: Orderer, request: GenerationRequest) => Promise<Verdict | undefined>;

/** @param judges asked one after the other; the first verdict other than `pass` counts. */
export function createOrderGate(judges: readonly Judge[]): OrderGate {
  return {
    async check(orderer, request) {
      if (orderer.guildId === undefined) return { kind: 'pass' };
      for (const judge of judges) {
        const verdict = await judge(orderer, request);
        if (verdict && verdict.kind !== 'pass') return verdict;
      }
      return { kind: 'pass' };
    },
  };
}
