import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { parseWritten } from '../../src/discord/input/inline-options.js';
import type { FormText } from '../../src/discord/interactions/modal-drafts.js';
import { UserError } from '../../src/errors.js';
import { usualSeconds } from '../../src/mps/catalogue/modes.js';
import { type Price, priceOf, unknownSeconds } from '../../src/mps/catalogue/pricing.js';
import type { Extension, VideoRequest } from '../../src/mps/generation-request.js';
import { requestOf } from './request-builder.js';

/** What a clip gets that is extended: only that counts, and only that is paid for. */
export interface AddedPart {
  readonly seconds: number;
  /** Absent if the operator has set no price. */
  readonly price?: Price;
}

/** What an order that goes on from a clip adds to it. */
export function addedPart(request: VideoRequest, { catalogue }: Pick<Offer, 'catalogue'>): AddedPart {
  const model = catalogue.find('video', request.model);
  const seconds = request.duration ?? model?.fixedDuration ?? unknownSeconds;
  const price = priceOf({ ...request, duration: seconds }, catalogue);
  return { seconds, ...(price && { price }) };
}

/** What a form adds if its seconds are left empty. */
export function addedByForm(
  before: Extension,
  model: string,
  { options = '' }: Pick<FormText, 'options'>,
  offer: Offer,
): AddedPart {
  const { chosen } = parseWritten(options);
  const { duration: _own, shots: _cut, ...others } = chosen;
  try {
    const writing = { words: '', chosen: { ...others, model }, pictures: [], extends: before };
    const request = requestOf('video', writing, offer);
    if (request.kind === 'video') return addedPart(request, offer);
  } catch (error) {
    // What was typed there can't be ordered; the form is opened to put that right.
    if (!(error instanceof UserError)) throw error;
  }
  const rules = offer.catalogue.find('video', model);
  const seconds = rules && usualSeconds(rules, chosen.resolution, offer.config.video.duration);
  return { seconds: seconds ?? unknownSeconds };
}
