import type { Kind } from './generation.js';
import { imageModels } from './image-models.js';
import type { ImageRules, Rules, VideoRules } from './model.js';
import { videoModels } from './video-models.js';

interface Named {
  /** `kling-3.0`: how Easel calls it, in commands, settings and records. */
  readonly id: string;
  /** `Kling 3.0`: how people read it. */
  readonly label: string;
}

export type ImageModel = ImageRules & Named;
export type VideoModel = VideoRules & Named;
export type Model = ImageModel | VideoModel;

interface Lists {
  readonly image: readonly ImageModel[];
  readonly video: readonly VideoModel[];
}

/** The models on offer. */
export interface Catalogue {
  list<K extends Kind>(kind: K): Lists[K];
  /** The model that `text` names: `kling-3.0`, `Kling 3.0`, `KLING 3.0 omni`. */
  find<K extends Kind>(kind: K, text: string): Lists[K][number] | undefined;
  /** What prices are in: `CNY`. Undefined where none is known. */
  readonly currency?: string;
}

/** An operator's changes to the built-in models. */
export interface CatalogueOverrides {
  /** Replace the model of the same kind, name and version where it stands; else are added at the end. */
  readonly models?: readonly Rules[];
  /** Ids of models that are not offered, by kind. */
  readonly hidden?: Partial<Readonly<Record<Kind, readonly string[]>>>;
  readonly currency?: string;
}

/** The built-in models with an operator's changes. */
export function createCatalogue(overrides: CatalogueOverrides = {}): Catalogue {
  const changed = overrides.models ?? [];
  const lists: Lists = {
    image: assemble<ImageRules>(
      imageModels,
      changed.filter((rules) => rules.kind === 'image'),
      overrides.hidden?.image,
    ),
    video: assemble<VideoRules>(
      videoModels,
      changed.filter((rules) => rules.kind === 'video'),
      overrides.hidden?.video,
    ),
  };
  const list = <K extends Kind>(kind: K): Lists[K] => lists[kind];
  return {
    list,
    find: (kind, text) => list(kind).find((model) => model.id === toId(text)),
    ...(overrides.currency && { currency: overrides.currency }),
  };
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

/** A model's id from any way to write it: `KLING 3.0 omni`. */
export function toId(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');
}

/** What sets a model apart, for a list of one line each: "Kling 3.0: 3–15 s, sound, 4K". */
export interface ModelSummary {
  readonly label: string;
  /** `3–15`, `5, 10`; clips only. */
  readonly seconds?: string;
  readonly sound: boolean;
  /** The highest resolution it takes. */
  readonly best?: string;
  /** Reference images at most. */
  readonly references: number;
  readonly lastFrame: boolean;
}

export function summarise(model: Model): ModelSummary {
  const { label, references } = model;
  const best = model.resolutions.at(-1);
  const common = { label, references, ...(best && { best }) };
  if (model.kind === 'image') return { ...common, sound: false, lastFrame: false };
  const seconds = compactDurations(model.durations).join(', ');
  return {
    ...common,
    ...(seconds && { seconds }),
    sound: model.audio,
    lastFrame: model.lastFrame !== 'no',
  };
}

/** Seconds for people: `['3–15']` where every second in between is meant, else `['5', '10']`. */
export function compactDurations(durations: readonly number[]): readonly string[] {
  const [first] = durations;
  const last = durations.at(-1);
  if (first === undefined || last === undefined) return [];
  const whole = durations.length > 2 && last - first === durations.length - 1;
  return whole ? [`${first}–${last}`] : durations.map(String);
}
