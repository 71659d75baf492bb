import type { z } from 'zod';
import { nearest } from '../../config/spelling.js';
import type { Kind } from '../generation-request.js';
import { idOf, toId } from './catalogue.js';
import { imageModels, unlistedImageModels } from './image-models.js';
import type { ImageRules, Rules, VideoRules } from './model-rules.js';
import { entrySchemas } from './models-file-schema.js';
import { largestSize, linesIn, sizeTiers, tierOfSize } from './sizes.js';
import { unlistedVideoModels, videoModels } from './video-models.js';

/** All that are built in, those that an operator has to name included: an entry names them. */
const known = {
  image: [...imageModels, ...unlistedImageModels],
  video: [...videoModels, ...unlistedVideoModels],
} as const;

/** A problem in MODELS_FILE. */
export interface Fault {
  /** Which value. */
  readonly path: readonly PropertyKey[];
  /** Its name is meant rather than the value. */
  readonly name?: boolean;
  /** Where it stands in the text, where the path does not tell: of two that have one name. */
  readonly offset?: number;
  /** In place of what the file says there. */
  readonly found?: string;
  readonly allowed: string;
}

/** A parsed entry: the resulting model, whether it is hidden, or all its problems. */
export interface Entry {
  readonly rules?: Rules;
  readonly hidden: boolean;
  readonly faults: readonly Fault[];
}

type Patch<R extends Rules> = Partial<Omit<R, 'kind'>>;

/**
 * A model without any rules yet: unspecified means unsupported. A video model starts from a prompt or an image, as
 * most do.
 */
const blankImage: ImageRules = {
  kind: 'image',
  name: '',
  version: '',
  references: 0,
  aspectRatios: [],
  resolutions: [],
  watermark: false,
};
const blankVideo: VideoRules = {
  ...blankImage,
  kind: 'video',
  text: true,
  firstFrame: true,
  durations: [],
  ratioWithReferences: false,
  lastFrame: 'no',
  audio: false,
  offPeak: false,
};

/** Validates the entry under `key` and merges it into the built-in model with that id; a new id adds a model. */
export function readEntry(kind: Kind, key: string, value: unknown): Entry {
  const entry = kind === 'image' ? readImage(key, value) : readVideo(key, value);
  const faults = entry.faults.map((fault) => ({ ...fault, path: [kind, key, ...fault.path] }));
  return { ...entry, faults };
}

function readImage(key: string, value: unknown): Entry {
  const read = entrySchemas.image.safeParse(value);
  if (!read.success)
    return { hidden: false, faults: toFaults(read.error, Object.keys(entrySchemas.image.shape)) };
  const { hidden = false, ...patch } = read.data;
  const builtIn = known.image.find((rules) => idOf(rules) === toId(key));
  const rules: ImageRules = { ...(builtIn ?? blankImage), ...patch };
  return {
    rules,
    hidden,
    faults: [...checkName(key, rules, known.image), ...checkCommon(rules), ...checkSize(rules)],
  };
}

function readVideo(key: string, value: unknown): Entry {
  const read = entrySchemas.video.safeParse(value);
  if (!read.success)
    return { hidden: false, faults: toFaults(read.error, Object.keys(entrySchemas.video.shape)) };
  const { hidden = false, ...patch } = read.data;
  const builtIn = known.video.find((rules) => idOf(rules) === toId(key));
  const rules = withUsualDuration({ ...(builtIn ?? blankVideo), ...patch }, patch);
  const faults = [...checkName(key, rules, known.video), ...checkCommon(rules), ...checkVideo(rules, patch)];
  return { rules, hidden, faults };
}

/** Each of zod's issues, by what was found and what is allowed. */
export function toFaults(error: z.ZodError, names: readonly string[]): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, allowed: issue.message }];
    return issue.keys.map((key) => {
      const meant = nearest(key, names, 3);
      return {
        path: [...issue.path, key],
        name: true,
        ...(meant && { found: `"${key}"; did you mean "${meant}"?` }),
        allowed: names.join(', '),
      };
    });
  });
}

/** A key must name the model it speaks of: a built-in one, or the one whose name and version are given. */
function checkName(key: string, rules: Rules, builtIn: readonly Rules[]): Fault[] {
  const ids = builtIn.map(idOf);
  if (rules.name === '' || rules.version === '') {
    const meant = nearest(toId(key), ids, 3);
    return [
      {
        path: [],
        name: true,
        found: `"${key}", which is no built-in model${meant ? `; did you mean "${meant}"?` : ''}`,
        allowed: `${ids.join(', ')}; or any other with its "name" and "version" as MPS spells them, to add it`,
      },
    ];
  }
  const id = idOf(rules);
  return id === toId(key)
    ? []
    : [{ path: [], name: true, allowed: `"${id}", for ${rules.name} ${rules.version}` }];
}

/** A model whose prices differ by resolution has one for each that it takes, or for each tier of its size. */
function checkCommon(rules: Rules): Fault[] {
  const { price = [], name, version } = rules;
  const priced = new Set(price.flatMap(({ resolution }) => resolution ?? []));
  if (priced.size === 0) return [];
  const known = tiersOf(rules);
  // What it makes by itself may be none that can be asked for.
  const usual = rules.kind === 'video' ? rules.defaultResolution : undefined;
  const strange = [...priced].some((one) => !known.includes(one) && one !== usual);
  if (!strange && known.every((one) => priced.has(one))) return [];
  const allowed =
    known.length > 0
      ? `a price for each of ${known.join(', ')}, or one for all`
      : `one price: ${name} ${version} takes no resolution`;
  return [{ path: ['price'], found: `prices for ${[...priced].join(', ')}`, allowed }];
}

/** What prices are to be named for, the lowest first. */
function tiersOf(rules: Rules): readonly string[] {
  if (rules.kind === 'video' || !rules.size || rules.resolutions.length > 0) return rules.resolutions;
  const most = Math.sqrt(rules.size.maxPixels);
  const last = sizeTiers.indexOf(tierOfSize({ width: most, height: most }));
  // What has but one tier has one price.
  return last > 0 ? sizeTiers.slice(0, last + 1) : [];
}

function checkSize({ size }: ImageRules): Fault[] {
  if (!size || largestSize(1, size)) return [];
  return [{ path: ['size'], allowed: 'bounds that a square picture can keep' }];
}

function checkVideo(rules: VideoRules, patch: Patch<VideoRules>): Fault[] {
  const { durations, defaultDuration, resolutions, lastFrame, audio } = rules;
  const faults: Fault[] = [];
  if (!rules.text && !rules.firstFrame && rules.references === 0)
    faults.push({
      path: [],
      name: true,
      found: 'a model that begins with nothing',
      allowed: 'text, firstFrame or references',
    });
  if (audio === 'from-1080P' && !resolutions.some((one) => linesIn(one) >= 1080)) {
    const found = `"from-1080P", of ${resolutions.join(', ') || 'no resolutions'}`;
    faults.push({ path: ['audio'], found, allowed: 'true or false, or "1080P" among the resolutions' });
  }
  if (defaultDuration !== undefined && !durations.includes(defaultDuration))
    faults.push({ path: ['defaultDuration'], allowed: oneOf(durations, 'durations') });
  if (patch.defaultResolution !== undefined && !resolutions.includes(patch.defaultResolution))
    faults.push({ path: ['defaultResolution'], allowed: oneOf(resolutions, 'resolutions') });
  if (lastFrame === 'at-1080P' && !resolutions.includes('1080P')) {
    const found = `"at-1080P", of ${resolutions.join(', ') || 'no resolutions'}`;
    faults.push({ path: ['lastFrame'], found, allowed: '"yes" or "no", or "1080P" among the resolutions' });
  }
  return faults;
}

function oneOf(values: readonly (string | number)[], field: string): string {
  return values.length > 0 ? values.join(', ') : `none without ${field}`;
}

/** New lengths may omit the former default: then the shortest becomes the default. */
function withUsualDuration(rules: VideoRules, patch: Patch<VideoRules>): VideoRules {
  const { defaultDuration, ...rest } = rules;
  if (patch.defaultDuration !== undefined || rules.durations.includes(defaultDuration ?? 0)) return rules;
  const [shortest] = rules.durations;
  return shortest === undefined ? rest : { ...rest, defaultDuration: shortest };
}
