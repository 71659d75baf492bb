import type { Offer } from '../src/discord/command.js';
import { type Chosen, kindsMeant, parseWritten } from '../src/discord/grammar.js';
import { UserError } from '../src/errors.js';
import type { GenerationRequest, Kind, SourceImage } from '../src/mps/generation.js';
import { usualDuration } from './animate.js';

/** What somebody wrote: words, options, and the pictures that go with them. */
export interface Writing {
  readonly words: string;
  readonly chosen: Chosen;
  /** A clip begins with the first; a picture resembles all of them. */
  readonly pictures: readonly SourceImage[];
  readonly lastImage?: SourceImage;
}

/** @throws UserError for an option that is none, with those that are. */
export function readWriting(line: string): Pick<Writing, 'words' | 'chosen'> {
  const { words, chosen, faults } = parseWritten(line);
  if (faults.length > 0) throw new UserError(faults);
  return { words, chosen };
}

/**
 * The kind that is meant: the options say so (only clips have a duration), else a picture is to move, and words alone are
 * to be painted.
 * @throws UserError where the options speak of both.
 */
export function kindOf({ chosen, pictures }: Pick<Writing, 'chosen' | 'pictures'>): Kind {
  const [kind, other] = kindsMeant(chosen);
  if (other) throw new UserError({ key: 'grammar.mixed' });
  return kind ?? (pictures.length > 0 ? 'video' : 'image');
}

/** The request that a writing stands for; what it does not say is as usual. */
export function requestOf(
  kind: Kind,
  { words, chosen, pictures, lastImage }: Writing,
  offer: Offer,
): GenerationRequest {
  const { model: named, enhance, ...common } = forKind(kind, chosen);
  if (kind === 'image') {
    const asked = named ?? usualImageModel(offer, pictures.length);
    const model = offer.catalogue.find('image', asked)?.id ?? asked;
    const references = pictures.length > 0 ? { references: pictures } : {};
    return { kind, prompt: words, model, enhance: enhance ?? true, ...common, ...references };
  }
  const asked = named ?? offer.config.video.model;
  const model = offer.catalogue.find('video', asked);
  const duration = common.duration ?? usualDuration(model, offer);
  const audio = common.audio ?? (model?.audio ? offer.config.video.audio : undefined);
  const [image] = pictures;
  return {
    kind,
    prompt: words,
    model: model?.id ?? asked,
    enhance: enhance ?? false,
    ...common,
    ...(image && { image }),
    ...(lastImage && { lastImage }),
    ...(duration !== undefined && { duration }),
    ...(audio !== undefined && { audio }),
  };
}

/** Without what the other kind has alone. @throws UserError where it was chosen. */
function forKind(kind: Kind, chosen: Chosen): Chosen {
  if ([...kindsMeant(chosen)].some((meant) => meant !== kind)) throw new UserError({ key: 'grammar.mixed' });
  return chosen;
}

/** The operator's, or the first that takes that many references. */
function usualImageModel({ catalogue, config }: Offer, references: number): string {
  const usual = catalogue.find('image', config.image.model);
  const fit = [...(usual ? [usual] : []), ...catalogue.list('image')].find(
    (model) => model.references >= references,
  );
  return (fit ?? usual)?.id ?? config.image.model;
}
