import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { Chosen } from '../../src/discord/input/inline-options.js';
import type { Offered } from '../../src/discord/interactions/proposals.js';
import { type Sentence, UserError } from '../../src/errors.js';
import type { VideoRequest } from '../../src/mps/generation-request.js';
import { toParameters } from '../../src/mps/parameters/parameters.js';
import { type AddedPart, addedPart } from '../shared/added-part.js';

/** An order that goes on from a clip. */
export interface PlannedExtension {
  readonly request: VideoRequest;
  /** The model of the clip, if another has to go on since that one can't. */
  readonly instead?: string;
}

/** What a user is asked before a clip is extended, and the button that agrees. */
export interface ExtensionQuestion {
  readonly asked: UserError;
  readonly offered: readonly Offered[];
}

/**
 * Tells before money is spent what will be added, at which price, and by which model. Undefined if there is nothing to
 * tell, since the user named the seconds and nothing has a price; and of an order that will be refused anyway.
 */
export function questionBefore(
  { request, instead }: PlannedExtension,
  chosen: Chosen,
  offer: Offer,
): ExtensionQuestion | undefined {
  const added = addedPart(request, offer);
  const isSaid = chosen.duration !== undefined && added.price === undefined && instead === undefined;
  if (isSaid || isRefused(request, added, offer)) return undefined;
  const other = offer.catalogue.find('video', request.model)?.label ?? request.model;
  const sentences: Sentence[] = [
    ...(instead === undefined ? [] : [{ key: 'ask.extendWith' as const, params: { model: instead, other } }]),
    asking(added),
  ];
  const label =
    instead === undefined
      ? ({ key: 'button.extend' } as const)
      : ({ key: 'button.continueWith', params: { model: other } } as const);
  return { asked: new UserError(sentences), offered: [{ label, choice: { request } }] };
}

function asking({ seconds, price }: AddedPart): Sentence {
  if (!price) return { key: 'ask.extend', params: { seconds } };
  return { key: 'ask.extend.priced', params: { seconds, ...price } };
}

/** Whether the order can't be placed: its refusal says why. */
function isRefused(
  request: VideoRequest,
  { seconds }: AddedPart,
  { catalogue, config: { video } }: Offer,
): boolean {
  const whole = Math.round(request.extends?.seconds ?? 0) + seconds;
  if (whole > (video.extendMaxSeconds ?? 0) || request.set) return true;
  const begun = { ...request, image: { url: 'https://easel.invalid/last-frame', name: 'last-frame.png' } };
  return !toParameters(begun, catalogue).ok;
}
