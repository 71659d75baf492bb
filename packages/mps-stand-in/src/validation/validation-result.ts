import { invalidValue, Refusal } from '../api/api-error.js';

/**
 * When a documented refusal without a documented time happens: at Create, or by a FAIL later. `never`: MPS as it
 * may once have been, or may become, if it accepts what it refuses today.
 */
export type Turndown = 'create' | 'fail' | 'never';

/** The verdict on a well-typed request; one that is refused at Create throws a `Refusal` instead. */
export interface Verdict {
  /** Accepted although undocumented. */
  readonly undocumented: readonly string[];
  /** Accepted but silently not made as requested. */
  readonly dropped: readonly string[];
  /** The Message of the FAIL that it ends in. */
  readonly failure?: string;
}

/** Gathers a verdict. */
export interface Judgement {
  undocumented(path: string): void;
  drop(path: string): void;
  /** Accepted now, failed later; the first word counts. */
  fail(message: string): void;
  /** Refused, at Create or later, as configured. */
  turnDown(path: string, value: unknown, why: string): void;
  verdict(): Verdict;
}

/** @param turndown the behaviour if the sources are silent */
export function createJudgement(turndown: Turndown): Judgement {
  const undocumented: string[] = [];
  const dropped: string[] = [];
  let failure: string | undefined;
  const fail = (message: string): void => {
    failure ??= message;
  };
  return {
    undocumented: (path) => void undocumented.push(path),
    drop: (path) => void dropped.push(path),
    fail,
    turnDown(path, value, why) {
      if (turndown === 'create') throw invalidValue(path, value, why);
      if (turndown === 'never') undocumented.push(path);
      else fail(`invalid param ${path}: ${why}`);
    },
    verdict: () => ({ undocumented, dropped, ...(failure !== undefined && { failure }) }),
  };
}

/** More reference images than this are refused by every model. */
const mostReferences = 20;

interface Named {
  readonly ModelName: string;
  readonly ModelVersion?: string | undefined;
  readonly SceneType?: string | undefined;
  readonly ImageInfos?: readonly { readonly ReferenceType?: string | undefined }[] | undefined;
}

/** The rule for a model's version; undefined if none is named. Throws a `Refusal` for an unknown name. */
export function ruleOf<R>(
  rules: Readonly<Record<string, R>>,
  { ModelName: model, ModelVersion: version }: Named,
  judgement: Judgement,
): R | undefined {
  const versions = Object.keys(rules).map((key) => key.split(' '));
  if (!versions.some(([name]) => name === model))
    throw new Refusal('InvalidParameterValue', 'Not support model name.', '不支持的模型名称。');
  // The API picks "the stable version" if none is named, and no source says which one that is.
  if (version === undefined) judgement.undocumented('ModelVersion');
  const allowed = versions.filter(([name]) => name === model).map(([, number]) => number);
  if (version !== undefined && !allowed.includes(version))
    throw invalidValue('ModelVersion', version, allowed.join(', '));
  return version === undefined ? undefined : rules[`${model} ${version}`];
}

/** Reference images: over 20 are refused, over a model's own number the task fails. */
export function judgeReferences({ ImageInfos = [] }: Named, most: number, judgement: Judgement): void {
  const { length } = ImageInfos;
  if (length > mostReferences)
    throw invalidValue('ImageInfos', `${length} images`, `at most ${mostReferences}`);
  if (most > 0 && length > most) judgement.fail(`ImageInfos size must be no more than ${most}`);
}

export function judgeScene(
  scenes: Readonly<Record<string, readonly string[]>>,
  { SceneType: scene, ModelName }: Named,
): void {
  const allowed = scenes[ModelName] ?? ['none with this model'];
  if (scene && !allowed.includes(scene)) throw invalidValue('SceneType', scene, allowed.join(', '));
}

/** A free subject id on Vidu; `asset` and `style` belong to a model that is not offered. */
export function judgeReferenceTypes({ ModelName, ImageInfos = [] }: Named, judgement: Judgement): void {
  if (ModelName !== 'Vidu' && ImageInfos.some(({ ReferenceType }) => ReferenceType))
    judgement.undocumented('ImageInfos.ReferenceType');
}
