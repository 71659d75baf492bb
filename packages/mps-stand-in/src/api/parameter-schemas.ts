import { z } from 'zod';
import {
  invalidValue,
  missingParameter,
  mistypedParameter,
  type Refusal,
  unknownParameter,
} from './api-error.js';

const webAddress = z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
  params: { allowed: 'an http or https URL' },
});
const flag = z.number().refine((value) => value === 0 || value === 1, { params: { allowed: '0 or 1' } });
const positive = z.int().refine((value) => value > 0, { params: { allowed: 'a positive integer' } });
const oneOf = (...words: string[]) =>
  z.string().refine((word) => words.includes(word), { params: { allowed: words.join(', ') } });
/** A JSON *string* that holds an object. */
const jsonObject = z.string().refine((text) => parseObject(text) !== undefined, {
  params: { allowed: 'a JSON object serialized to a string' },
});

const image = z.strictObject({ ImageUrl: webAddress, ReferenceType: z.string().optional() });
const common = {
  ModelName: z.string(),
  ModelVersion: z.string().optional(),
  SceneType: z.string().optional(),
  EnhancePrompt: z.boolean().optional(),
  ImageInfos: z.array(image).optional(),
  AdditionalParameters: jsonObject.optional(),
  StoreCosParam: z
    .strictObject({
      CosBucketName: z.string(),
      CosBucketRegion: z.string(),
      CosBucketPath: z.string().optional(),
    })
    .optional(),
  Operator: z.string().optional(),
};

export const imageParameters = z.strictObject({
  ...common,
  Prompt: z.string().optional(),
  NegativePrompt: z.string().optional(),
  OutputImageCount: positive.optional(),
  ExtraParameters: z
    .strictObject({
      AspectRatio: z.string().optional(),
      Resolution: z.string().optional(),
      LogoAdd: flag.optional(),
      OutputFormat: oneOf('jpeg', 'png').optional(),
    })
    .optional(),
});

export const videoParameters = z.strictObject({
  ...common,
  Prompt: z.string().optional(),
  NegativePrompt: z.string().optional(),
  ImageUrl: webAddress.optional(),
  LastImageUrl: webAddress.optional(),
  VideoInfos: z
    .array(
      z.strictObject({
        VideoUrl: webAddress,
        ReferType: oneOf('feature', 'base').optional(),
        KeepOriginalSound: oneOf('yes', 'no').optional(),
      }),
    )
    .optional(),
  /** New since SDK 4.1.306; its content is undocumented. */
  SubjectInfos: z.array(z.looseObject({})).optional(),
  AudioInfos: z.array(z.strictObject({ AudioUrl: webAddress })).optional(),
  Duration: positive.optional(),
  ExtraParameters: z
    .strictObject({
      Resolution: z.string().optional(),
      AspectRatio: z.string().optional(),
      LogoAdd: flag.optional(),
      EnableAudio: z.boolean().optional(),
      OffPeak: z.boolean().optional(),
      EnableBgm: z.boolean().optional(),
    })
    .optional(),
});

export const describeParameters = z.strictObject({ TaskId: z.string().min(1) });

export type ImageParameters = z.infer<typeof imageParameters>;
export type VideoParameters = z.infer<typeof videoParameters>;

/** The object that an AdditionalParameters string holds; undefined when it holds none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const result = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** Judges a request's body by a schema: the parameters, or the `Refusal` of the first thing wrong with it, by its path. */
export function readParameters<T>(schema: z.ZodType<T>, body: Buffer): T {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    throw mistypedParameter('body', 'a JSON object');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => refusalOf(issue, json));
  throw (
    issues.find(({ code }) => code === 'UnknownParameter') ?? issues[0] ?? mistypedParameter('body', 'valid')
  );
}

function refusalOf(issue: z.core.$ZodIssue, json: unknown): Refusal {
  const path = issue.path.join('.') || 'body';
  if (issue.code === 'unrecognized_keys') return unknownParameter([...issue.path, issue.keys[0]].join('.'));
  const value = valueAt(json, issue.path);
  if (value === undefined) return missingParameter(path);
  if (issue.code === 'invalid_type') return mistypedParameter(path, typeName(issue.expected));
  if (issue.code === 'custom') return invalidValue(path, abridged(value), String(issue.params?.allowed));
  return value === '' ? missingParameter(path) : invalidValue(path, abridged(value), issue.message);
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    return typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  }, json);
}

function typeName(expected: string): string {
  const names: Record<string, string> = {
    int: 'Integer',
    number: 'Integer',
    array: 'List',
    object: 'Object',
  };
  return names[expected] ?? `${expected.charAt(0).toUpperCase()}${expected.slice(1)}`;
}

function abridged(value: unknown): unknown {
  return typeof value === 'string' && value.length > 40 ? `${value.slice(0, 40)}…` : value;
}
