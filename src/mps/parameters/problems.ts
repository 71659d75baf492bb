/**
 * All problems of a request, and the parameters of their texts. `use` is a value that works instead, `allowed` are
 * all that do. The part before the dot is the field.
 */
export const problemParams = {
  'model.unknown': ['asked', 'use'],
  'prompt.missing': [],
  'prompt.tooLong': ['length', 'max'],
  'prompt.styled.tooLong': ['length', 'max', 'own', 'over', 'style'],
  'prompt.house.tooLong': ['length', 'max', 'own', 'over'],
  'prompt.option': ['model', 'option'],
  'negative.tooLong': ['length', 'max'],
  'negative.house.tooLong': ['length', 'max', 'house', 'over'],
  'duration.unsupported': ['model', 'asked', 'allowed', 'use'],
  'duration.none': ['model'],
  'duration.atResolution': ['model', 'asked', 'resolution', 'use'],
  'resolution.unsupported': ['model', 'asked', 'allowed', 'use'],
  'resolution.none': ['model'],
  'aspectRatio.unsupported': ['model', 'asked', 'allowed', 'use'],
  'aspectRatio.none': ['model'],
  'aspectRatio.size': ['model', 'asked', 'size', 'use'],
  'aspectRatio.withImage': ['model'],
  'aspectRatio.withReferences': ['model'],
  'aspectRatio.withClip': ['model'],
  'size.none': ['model'],
  'size.malformed': ['asked', 'use'],
  'size.sides': ['model', 'asked', 'min', 'max', 'use'],
  'size.pixels': ['model', 'asked', 'min', 'max', 'use'],
  'image.missing': ['model'],
  'image.orReferences': ['model'],
  'image.none': ['model'],
  'image.asReference': ['model'],
  'references.missing': ['model'],
  'references.none': ['model'],
  'references.tooMany': ['model', 'asked', 'max'],
  'references.withFrame': ['model'],
  'references.subject': ['model'],
  'references.query': ['model', 'name'],
  'lastImage.none': ['model'],
  'lastImage.alone': [],
  'lastImage.resolution': ['model', 'use'],
  'audio.none': ['model'],
  'audio.always': ['model'],
  'audio.resolution': ['model', 'use'],
  'audio.withLastImage': ['model'],
  'audio.withClip': ['model'],
  'clips.none': ['model'],
  'clips.tooMany': ['model', 'asked', 'max'],
  'clips.tooLong': ['model', 'name', 'seconds', 'max'],
  'clips.tooShort': ['model', 'name', 'seconds', 'min'],
  'clips.withFrame': ['model'],
  'clips.images': ['model', 'asked', 'max'],
  'clips.withShots': ['model'],
  'shots.none': ['model'],
  'shots.tooMany': ['asked', 'max'],
  'shots.missing': ['number'],
  'shots.tooLong': ['number', 'length', 'max'],
  'shots.seconds': ['number'],
  'shots.sum': ['sum', 'asked', 'use'],
  'shots.range': ['sum', 'model', 'allowed'],
  'music.none': ['model'],
  'offPeak.none': ['model'],
  'watermark.none': ['model'],
  'scene.none': ['model', 'asked'],
  'scene.unsupported': ['model', 'asked', 'allowed'],
  'scene.wordsAlone': ['asked'],
  'scene.needsClip': ['asked'],
  'source.type': ['name', 'type', 'allowed'],
  'source.tooLarge': ['name', 'megabytes', 'max'],
  'additional.malformed': [],
} as const satisfies Record<`${string}.${string}`, readonly string[]>;

export type ProblemCode = keyof typeof problemParams;
export const problemCodes: readonly string[] = Object.keys(problemParams);

/** Lists (`allowed`) stay lists: the texts say "5 or 10" in their own language. */
export type ProblemParam = string | number | readonly string[];

/** A problem that keeps a request from being sent, and how to fix it. */
export interface Problem {
  readonly code: ProblemCode;
  /** Which part of the request: `duration`. */
  readonly field: string;
  readonly params: Readonly<Record<string, ProblemParam>>;
  /** The label of a model that would take the whole request as it is. */
  readonly other?: string;
}

type ParamsOf<C extends ProblemCode> = Readonly<Record<(typeof problemParams)[C][number], ProblemParam>>;

/** A problem with all that its text needs. */
export function problem<C extends ProblemCode>(code: C, params: ParamsOf<C>): Problem {
  return { code, field: code.slice(0, code.indexOf('.')), params };
}
