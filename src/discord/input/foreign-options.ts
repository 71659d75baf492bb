import type { TextKey } from '../../locales/index.js';
import { lowerCased } from '../../util/lower-case.js';

/** An option that users know from Midjourney and that Easel doesn't have, and what to use here. */
export interface ForeignOption {
  readonly key: Extract<TextKey, `grammar.other.${string}`>;
  /** The next word is its value. */
  readonly value?: true;
}

const withValue = (key: ForeignOption['key']): ForeignOption => ({ key, value: true });
const model = withValue('grammar.other.model');
const style = withValue('grammar.other.style');
const seed = withValue('grammar.other.seed');
const variety = withValue('grammar.other.variety');
const reference = withValue('grammar.other.reference');
const repeat = withValue('grammar.other.repeat');
const quality = withValue('grammar.other.quality');
const speed: ForeignOption = { key: 'grammar.other.speed' };

/** Midjourney docs: "Parameter List". */
const foreign: Readonly<Record<string, ForeignOption>> = {
  v: model,
  version: model,
  niji: model,
  s: style,
  stylize: style,
  exp: style,
  p: style,
  personalize: style,
  profile: style,
  raw: { key: 'grammar.other.style' },
  seed,
  sameseed: seed,
  c: variety,
  chaos: variety,
  w: variety,
  weird: variety,
  cref: reference,
  sref: reference,
  oref: reference,
  iw: reference,
  cw: reference,
  sw: reference,
  ow: reference,
  r: repeat,
  repeat,
  q: quality,
  quality,
  hd: { key: 'grammar.other.quality' },
  draft: { key: 'grammar.other.quality' },
  fast: speed,
  relax: speed,
  turbo: speed,
  public: speed,
  stealth: speed,
  tile: { key: 'grammar.other.none' },
  stop: withValue('grammar.other.none'),
};

/** @param name without its hyphens. */
export function foreignOption(name: string): ForeignOption | undefined {
  const lower = lowerCased(name);
  return Object.hasOwn(foreign, lower) ? foreign[lower] : undefined;
}
