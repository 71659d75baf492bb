import { lowerCased } from '../../util/lower-case.js';
import type { Kind } from '../generation-request.js';
import { imageModels, unlistedImageModels } from './image-models.js';
import { nameKey } from './model-names.js';
import type { ClipScene, ImageRules, Rules, VideoRules } from './model-rules.js';
import { durationsAt, soundOf } from './modes.js';
import { linesIn } from './sizes.js';
import { unlistedVideoModels, videoModels } from './video-models.js';

interface Named {
  /** `kling-3.0`: its id in commands, settings and records. */
  readonly id: string;
  /** `Kling 3.0`: its display name. */
  readonly label: string;
}

export type ImageModel = ImageRules & Named;
export type VideoModel = VideoRules & Named;
export type Model = ImageModel | VideoModel;

interface Lists {
  readonly image: readonly ImageModel[];
  readonly video: readonly VideoModel[];
}

/** The models available. */
export interface Catalogue {
  list<K extends Kind>(kind: K): Lists[K];
  /**
   * The model that `text` names: `kling-3.0`, `Kling 3.0`, `KLING 3.0 omni`, `可灵 3.0`; of a family (`Kling`) the newest.
   */
  find<K extends Kind>(kind: K, text: string): Lists[K][number] | undefined;
  /** The currency of prices: `CNY`. Undefined if none is known. */
  readonly currency?: string;
}

/** An operator's changes to the built-in models. */
export interface CatalogueOverrides {
  /** Replaces the model of the same kind, name and version in place; otherwise added at the end. */
  readonly models?: readonly Rules[];
  /** Ids of hidden models, by kind. */
  readonly hidden?: Partial<Readonly<Record<Kind, readonly string[]>>>;
  /** Enabled unlisted models, by any spelling of their names (EXTRA_MODELS); unknown names are ignored. */
  readonly extra?: readonly string[];
  readonly currency?: string;
  /** Scenes that take a clip or a sound and are switched on (EXPERIMENTAL_SCENES). @default none */
  readonly clipScenes?: readonly ClipScene[];
}

/** The built-in models with an operator's changes. */
export function createCatalogue(overrides: CatalogueOverrides = {}): Catalogue {
  const changed = overrides.models ?? [];
  const wanted = new Set((overrides.extra ?? []).map(toId));
  const isWanted = (rules: Rules) => wanted.has(idOf(rules));
  const lists: Lists = {
    image: assemble<ImageRules>(
      [...imageModels, ...unlistedImageModels.filter(isWanted)],
      changed.filter((rules) => rules.kind === 'image'),
      overrides.hidden?.image,
    ),
    video: assemble<VideoRules>(
      [...videoModels, ...unlistedVideoModels.filter(isWanted)],
      changed.filter((rules) => rules.kind === 'video'),
      overrides.hidden?.video,
    ).map((model) => withClipScenes(model, overrides.clipScenes ?? [])),
  };
  const list = <K extends Kind>(kind: K): Lists[K] => lists[kind];
  return {
    list,
    find(kind, text) {
      const id = idNamed(list(kind), text);
      return list(kind).find((model) => model.id === id);
    },
    ...(overrides.currency && { currency: overrides.currency }),
  };
}

/** The model with those scenes that are switched on. */
function withClipScenes({ clipScenes = [], ...model }: VideoModel, on: readonly ClipScene[]): VideoModel {
  const left = clipScenes.filter((scene) => on.includes(scene));
  return left.length > 0 ? { ...model, clipScenes: left } : model;
}

function idNamed(models: readonly Pick<Model, 'id' | 'name'>[], text: string): string | undefined {
  // Nearly always it is an id already.
  const id = models.some((model) => model.id === text) ? text : toId(text);
  if (id === '' || models.some((model) => model.id === id)) return id;
  const key = nameKey(text);
  const found =
    models.find((model) => nameKey(model.id) === key) ?? models.find(({ name }) => nameKey(name) === key);
  return found?.id;
}

function assemble<R extends Rules>(
  builtIn: readonly R[],
  changed: readonly R[],
  hidden: readonly string[] = [],
): readonly (R & Named)[] {
  const byId = new Map([...builtIn, ...changed].map((rules) => [idOf(rules), rules]));
  for (const text of hidden) byId.delete(toId(text));
  return [...byId].map(([id, rules]) => ({ ...rules, id, label: `${rules.name} ${rules.version}` }));
}

/** The id of the model of this name and version: `kling-3.0-omni`. */
export function idOf({ name, version }: Pick<Rules, 'name' | 'version'>): string {
  return toId(`${name} ${version}`);
}

/** A model's id from any spelling: `KLING 3.0 omni`. */
export function toId(text: string): string {
  return lowerCased(text)
    .trim()
    .replace(/[\s_-]+/g, '-');
}

/** Ids of all models that Easel knows but doesn't offer by default. */
export const unlistedIds: readonly string[] = [...unlistedImageModels, ...unlistedVideoModels].map(idOf);

/** What sets a model apart, for a list of one line each: "Kling 3.0: 3–15 s, sound, 4K". */
export interface ModelSummary {
  readonly label: string;
  /** What it needs if it can't start from a prompt alone. */
  readonly needs?: 'image' | 'references' | 'either';
  /** `['3–15']`, `['5', '10']`; videos only. */
  readonly seconds?: readonly string[];
  /** Lengths at a resolution that doesn't support all of them. */
  readonly fewer?: { readonly resolution: string; readonly seconds: readonly string[] };
  readonly sound: boolean;
  /** The lowest resolution with sound, if not all have it. */
  readonly soundFrom?: string;
  /** The highest resolution it takes. */
  readonly best?: string;
  /** Reference images at most. */
  readonly references: number;
  readonly lastFrame: boolean;
  /** The only resolution at which it takes a last frame. */
  readonly lastFrameAt?: string;
  /** Images per order, if more than one. */
  readonly pictures?: number;
  readonly unlisted: boolean;
}

export function summarise(model: Model): ModelSummary {
  const { label, references, unlisted = false } = model;
  const best = model.resolutions.at(-1);
  const common = { label, references, unlisted, ...(best && { best }) };
  if (model.kind === 'video') return { ...common, ...summariseClip(model) };
  return {
    ...common,
    sound: false,
    lastFrame: false,
    ...(model.pictures !== undefined && { pictures: model.pictures }),
  };
}

function summariseClip(model: VideoModel) {
  const { durations, fixedDuration, resolutions, text, firstFrame, references, audio, lastFrame } = model;
  const all = fixedDuration !== undefined && durations.length === 0 ? [fixedDuration] : durations;
  const seconds = compactDurations(all);
  const short = resolutions.find((one) => durationsAt(model, one).length < durations.length);
  const fewer = short && { resolution: short, seconds: compactDurations(durationsAt(model, short)) };
  const soundFrom = audio === 'from-1080P' && resolutions.find((one) => linesIn(one) >= 1080);
  return {
    ...(!text && { needs: needsOf(firstFrame, references) }),
    ...(seconds.length > 0 && { seconds }),
    ...(fewer && { fewer }),
    sound: soundOf(model, { resolution: resolutions.at(-1) ?? '' }) !== 'never',
    ...(soundFrom && { soundFrom }),
    lastFrame: lastFrame !== 'no',
    ...(lastFrame === 'at-1080P' && { lastFrameAt: '1080P' }),
  };
}

function needsOf(firstFrame: boolean, references: number): NonNullable<ModelSummary['needs']> {
  if (!firstFrame) return 'references';
  return references > 0 ? 'either' : 'image';
}

/** Seconds for users: `['3–15']` where every second in between is meant, else `['5', '10']`. */
export function compactDurations(durations: readonly number[]): readonly string[] {
  const [first] = durations;
  const last = durations.at(-1);
  if (first === undefined || last === undefined) return [];
  const whole = durations.length > 2 && last - first === durations.length - 1;
  return whole ? [`${first}–${last}`] : durations.map(String);
}
