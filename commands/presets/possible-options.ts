import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { type Chosen, formatChosen } from '../../src/discord/input/inline-options.js';
import { UserError } from '../../src/errors.js';
import type { ImageModel, VideoModel } from '../../src/mps/catalogue/catalogue.js';
import { sizeOf } from '../../src/mps/catalogue/modes.js';
import { brokenBound, parseSize } from '../../src/mps/catalogue/sizes.js';
import type { Kind } from '../../src/mps/generation-request.js';

type Values = Pick<Chosen, 'aspectRatio' | 'size' | 'resolution' | 'duration'>;

const valued = ['aspectRatio', 'size', 'resolution', 'duration'] as const;

/**
 * What is kept for later orders gives way to what their models take; a value that none of them takes would never count.
 * @throws UserError naming the first option whose value no model of these kinds takes.
 */
export function requirePossible(
  kinds: readonly Kind[],
  values: Values,
  { catalogue }: Pick<Offer, 'catalogue'>,
): void {
  const isTaken = {
    image: (one: Values) => catalogue.list('image').some((model) => imageTakes(model, one)),
    video: (one: Values) => catalogue.list('video').some((model) => clipTakes(model, one)),
  };
  for (const name of valued) {
    if (values[name] === undefined) continue;
    const one: Values = { [name]: values[name] };
    if (!kinds.some((kind) => isTaken[kind](one)))
      throw new UserError({ key: 'style.option.impossible', params: { option: formatChosen(one) } });
  }
}

/** One value at a time. */
function imageTakes(model: ImageModel, { aspectRatio, size, resolution }: Values): boolean {
  if (aspectRatio !== undefined)
    return model.aspectRatios.includes(aspectRatio) || sizeOf(model, { aspectRatio }) !== undefined;
  if (resolution !== undefined) return model.resolutions.includes(resolution);
  const asked = parseSize(size ?? '');
  return model.size !== undefined && asked !== undefined && brokenBound(asked, model.size) === undefined;
}

function clipTakes(model: VideoModel, { aspectRatio, resolution, duration }: Values): boolean {
  if (aspectRatio !== undefined) return model.aspectRatios.includes(aspectRatio);
  if (resolution !== undefined) return model.resolutions.includes(resolution);
  return duration !== undefined && model.durations.includes(duration);
}
