import { UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { GenerationRequest, SourceImage } from '../../mps/generation-request.js';
import { type Fix, fixesOf } from '../../mps/parameters/fixes.js';
import { QuotaError } from '../../tasks/accounting/quota-error.js';
import { customId } from '../views/custom-ids.js';
import type { Draft } from './modal-drafts.js';
import type { Offered, Proposal, Proposals } from './proposals.js';
import { offersOfSet } from './set-offers.js';

/** The interaction or message that asked. */
export interface AskingEvent {
  readonly id: string;
  readonly userId: string;
}

/** Makes sure that a refusal or a question doesn't lose what the user typed. */
export interface OrderRefusals {
  /** The refusal of an order with buttons that put it right; any other error as it is. Never throws. */
  withFixes(error: unknown, event: AskingEvent, order: RefusedOrder): Promise<unknown>;
  /** The error with these buttons; as it is if they can't be saved. Never throws. */
  withChoices(
    error: UserError,
    event: AskingEvent,
    offered: readonly Offered[],
    more?: Omit<Proposal, 'asked' | 'choices'> & { readonly asked?: string | undefined },
  ): Promise<UserError>;
}

interface RefusedOrder {
  readonly request: GenerationRequest;
  readonly asked?: string;
  readonly private?: boolean;
  /** The models offered where the order was placed. */
  readonly offered: Catalogue;
}

interface Deps {
  readonly proposals: Pick<Proposals, 'keep'>;
  readonly log: Log;
}

export function createOrderRefusals({ proposals, log }: Deps): OrderRefusals {
  const withChoices: OrderRefusals['withChoices'] = async (error, event, offered, more = {}) => {
    if (offered.length === 0) return error;
    const { asked = event.id, private: secret } = more;
    try {
      const choices = offered.map(({ choice }) => choice);
      const ids = await proposals.keep(event, {
        asked,
        choices,
        ...(secret !== undefined && { private: secret }),
      });
      const actions = offered.flatMap(({ label }, at) => {
        const id = ids[at];
        return id ? [{ customId: customId('accept', id), label }] : [];
      });
      return new UserError(error.sentences, { cause: error, actions });
    } catch (failed) {
      log.warn({ event: event.id, err: failed }, 'what a user typed could not be kept');
      return error;
    }
  };

  return {
    withChoices,
    async withFixes(error, event, order) {
      if (!(error instanceof UserError) || error.actions.length > 0) return error;
      return withChoices(error, event, choicesFor(error, order), order);
    },
  };
}

/** Refusals that someone else, or a little time, puts right. */
const passing = /^error\.(?:permission\.|stopping$)/;

function choicesFor(error: UserError, { request, offered, private: secret }: RefusedOrder): Offered[] {
  const keys = error.sentences.map(({ key }) => key);
  if (keys.some((key) => passing.test(key)))
    return [{ label: { key: 'button.tryAgain' }, choice: { request } }];
  const offers = offersOfSet(error, request, offered);
  if (offers.length > 0 && error.cause instanceof QuotaError) return offers;
  if (!keys.some((key) => key.startsWith('problem.') || key === 'error.policy.model')) return [];
  const isLong = keys.some((key) => key.endsWith('.tooLong'));
  const draft: Draft = { ...draftOf(request), ...(secret && { private: true }) };
  return [
    ...(offers.length > 0 ? offers : fixesFor(request, offered).map(toOffer)),
    { label: { key: isLong ? 'button.shorten' : 'button.edit' }, choice: { draft } },
  ];
}

/** A form that begins as the order was. */
export function draftOf(base: GenerationRequest): Draft {
  const pictures = (base.kind === 'image' ? base.references : base.image && [base.image]) ?? [];
  return { kind: base.kind, pictures, base };
}

const pictureToCome: SourceImage = { url: 'https://mps.invalid/picture', name: 'picture' };

function fixesFor(request: GenerationRequest, offered: Catalogue): readonly Fix[] {
  // Of a comparison each model takes something else: what it doesn't take is offered before.
  const fixes = request.set?.compare ? [] : fixesOf(request, offered);
  if (fixes.length > 0 || request.kind !== 'image' || !request.thenAnimate) return fixes;
  return fixesOf({ ...request.thenAnimate, image: pictureToCome }, offered).flatMap(
    ({ request: next, uses }) => {
      if (next.kind !== 'video') return [];
      const { image: _image, ...thenAnimate } = next;
      return [{ request: { ...request, thenAnimate }, uses }];
    },
  );
}

function toOffer({ request, uses }: Fix): Offered {
  const label =
    uses.length > 0 ? ({ key: 'button.use', values: uses } as const) : ({ key: 'button.without' } as const);
  return { label, choice: { request } };
}
