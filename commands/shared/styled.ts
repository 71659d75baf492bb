import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { UserError } from '../../src/errors.js';
import type { Given } from '../../src/mps/catalogue/modes.js';
import {
  type AppliedPreset,
  createsOf,
  type GenerationRequest,
  type Kind,
} from '../../src/mps/generation-request.js';
import { problemsOf } from '../../src/mps/parameters/validation.js';
import { isNone } from '../../src/presets/built-in.js';
import { nameKey, type OptionsByKind, serves } from '../../src/presets/preset.js';
import type { Style, UsualStyle } from '../../src/presets/style-book.js';
import { given } from './option-readers.js';

/** Options that apply if the user chooses none. */
type Defaults = Partial<OptionsByKind['image'] & OptionsByKind['video']> & { readonly negative?: string };

/** An order's style and defaults, before the order is read. */
export interface Styled {
  /** With the default model, length and sound that apply now. */
  readonly offer: Offer;
  readonly defaults: Defaults;
  readonly preset?: AppliedPreset;
}

/**
 * What goes without saying in an order: the options of its style and the user's own defaults. A style that was chosen, and
 * the user's default style, go before their other defaults; the style of a channel or a server comes after them.
 * @param asked a style's name, if one was chosen.
 * @param before the order that is edited: its style is known, even if it is gone by now.
 * @throws UserError if there is no such style, or it serves the other kind alone.
 */
export function styledFor(
  kind: Kind,
  asked: string | undefined,
  offer: Offer,
  before?: GenerationRequest,
): Styled {
  const { styles: book } = offer;
  const usual: UsualStyle | undefined = asked === undefined ? book?.usualFor(kind) : undefined;
  const style = asked === undefined ? usual?.style : chosenStyle(kind, asked, offer, before);
  const own: Defaults = book?.own[kind] ?? {};
  const styled: Defaults = style ? { ...style[kind], ...given({ negative: style.negative }) } : {};
  const defaults = usual?.from === 'place' ? layered(styled, own) : layered(own, styled);
  const gave = Object.keys(styled).filter(
    (name) => defaults[name as keyof Defaults] === styled[name as keyof Defaults],
  );
  return {
    offer: withDefaults(offer, kind, defaults),
    defaults,
    ...(style && { preset: applied(style, gave) }),
  };
}

/** No style, and no defaults: the order as far as it can be read if its style can't. */
export function unstyled(offer: Offer): Styled {
  return { offer, defaults: {} };
}

function chosenStyle(
  kind: Kind,
  asked: string,
  { styles: book }: Offer,
  before: GenerationRequest | undefined,
): Style | undefined {
  if (isNone(asked)) return undefined;
  const style = book?.find(asked) ?? (before && styleOf(before, asked));
  if (!style) {
    const names = (book?.styles ?? []).filter((one) => serves(one, kind)).map(({ name }) => name);
    throw new UserError(
      names.length > 0
        ? { key: 'style.unknown', params: { asked, styles: names.slice(0, mostNamed) } }
        : { key: 'style.unknown.none', params: { asked } },
    );
  }
  if (serves(style, kind)) return style;
  throw new UserError({
    key: kind === 'image' ? 'style.only.video' : 'style.only.image',
    params: { style: style.name },
  });
}

/** Most names in a refusal. */
const mostNamed = 10;

/** The style of an earlier order, as it was then. */
function styleOf(request: GenerationRequest, asked: string): Style | undefined {
  const { preset, kind } = request;
  if (!preset || nameKey(preset.name) !== nameKey(asked)) return undefined;
  const { gave = [], name, of, before, after } = preset;
  const options = Object.entries(request).filter(([option]) => gave.includes(option));
  const { negative, ...rest } = Object.fromEntries(options) as Defaults;
  return { name, of, ...given({ before, after, negative }), [kind]: rest };
}

/** The later ones count. A size and a ratio stand for each other. */
function layered(first: Defaults, later: Defaults): Defaults {
  const isShaped = later.size !== undefined || later.aspectRatio !== undefined;
  const { size: _size, aspectRatio: _ratio, ...shapeless } = first;
  return { ...(isShaped ? shapeless : first), ...later };
}

function applied({ name, of, before, after }: Style, gave: readonly string[]): AppliedPreset {
  return { name, of, ...given({ before, after }), ...(gave.length > 0 && { gave }) };
}

function withDefaults(offer: Offer, kind: Kind, { model, duration, audio }: Defaults): Offer {
  const { config, catalogue } = offer;
  const known = model === undefined ? undefined : catalogue.find(kind, model)?.id;
  if (kind === 'image')
    return { ...offer, config: { ...config, image: { ...config.image, ...given({ model: known }) } } };
  const video = { ...config.video, ...given({ model: known, duration, audio }) };
  return { ...offer, config: { ...config, video } };
}

/** Defaults that a request takes as they are; model, length and sound are in the offer. */
const plain = ['negative', 'resolution', 'format', 'scene', 'watermark', 'music', 'offPeak'] as const;

/**
 * An order with its style, and the defaults for what was not chosen. A default that its model doesn't take gives way to
 * the nearest that it takes, or is left out: only what was chosen can be refused.
 */
export function finished(
  request: GenerationRequest,
  { defaults, preset, offer }: Styled,
  { open = [], toCome = {} }: Unsaid = {},
): GenerationRequest {
  const has = request as unknown as Record<string, unknown>;
  const isShaped = has.size !== undefined || has.aspectRatio !== undefined;
  const names = [...plain, ...(isShaped ? [] : (['size', 'aspectRatio'] as const))];
  const added = Object.fromEntries(
    names
      .filter((name) => has[name] === undefined && defaults[name] !== undefined)
      .map((name) => [name, defaults[name]]),
  );
  const whole = { ...request, ...added, ...(preset && { preset }) } as GenerationRequest;
  return fitting(whole, { soft: new Set([...Object.keys(added), ...open]), offer, toCome });
}

interface Unsaid {
  /** Further options of the request that were not chosen. */
  readonly open?: readonly string[];
  /** Images that don't exist yet but will by then. */
  readonly toCome?: Given;
}

interface Fitting {
  /** Options that may give way. */
  readonly soft: ReadonlySet<string>;
  readonly offer: Offer;
  readonly toCome: Given;
}

/** More rounds than this are no small change. */
const mostRounds = 3;

function fitting(request: GenerationRequest, { soft, offer, toCome }: Fitting): GenerationRequest {
  let fitted = request;
  for (let round = 0; round < mostRounds && soft.size > 0; round++) {
    const problems = createsOf(fitted).flatMap((create) => {
      const model = offer.catalogue.find(create.kind, create.model);
      return model ? problemsOf({ ...create, ...toCome } as GenerationRequest, model) : [];
    });
    const misfits = problems.filter(({ field }) => soft.has(field));
    if (misfits.length === 0) return fitted;
    const isCompared = fitted.set?.compare !== undefined;
    for (const { field, params } of misfits) {
      const { [field]: _misfit, ...rest } = fitted as unknown as Record<string, unknown>;
      const use = isCompared ? undefined : params.use;
      fitted = { ...rest, ...(use !== undefined && { [field]: use }) } as unknown as GenerationRequest;
    }
  }
  return fitted;
}
