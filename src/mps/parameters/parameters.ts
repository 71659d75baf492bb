import type { Catalogue, ImageModel, Model, VideoModel } from '../catalogue/catalogue.js';
import { editedSeconds, sizeOf, soundOf, usualSeconds, versionOf, withRatio } from '../catalogue/modes.js';
import { formatSize, parseSize } from '../catalogue/sizes.js';
import type {
  GenerationRequest,
  ImageRequest,
  Reference,
  SourceClip,
  VideoRequest,
} from '../generation-request.js';
import { type CreateParameters, imageBody, videoBody } from '../wire.js';
import { wordsFor } from './final-words.js';
import { type Problem, problem } from './problems.js';
import { withSourceNames } from './source-names.js';
import { parseObject, problemsOf } from './validation.js';
import { isVisible } from './visible-text.js';

export type { CreateParameters };

/** Settings by the operator rather than the request. */
export interface ParametersContext {
  /** Where MPS is to keep a lasting copy. */
  readonly cos?: { readonly bucket: string; readonly region: string; readonly path?: string };
  /** Used if the request doesn't say and the model can: VIDEO_DURATION (seconds), VIDEO_AUDIO. */
  readonly defaults?: { readonly duration?: number; readonly audio?: boolean };
}

export type Outcome =
  | { readonly ok: true; readonly parameters: CreateParameters }
  /** At least one. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Turns a request into MPS parameters, or lists everything wrong with it, each with a fix. */
export function toParameters(
  request: GenerationRequest,
  catalogue: Catalogue,
  context: ParametersContext = {},
): Outcome {
  return request.kind === 'image'
    ? toImageParameters(request, catalogue, context)
    : toVideoParameters(request, catalogue, context);
}

function toImageParameters(request: ImageRequest, catalogue: Catalogue, context: ParametersContext): Outcome {
  const model = catalogue.find('image', request.model);
  if (!model) return unknownModel(request, catalogue);
  const problems = judge(request, model, catalogue.list('image'));
  if (problems.length > 0) return { ok: false, problems };
  const body = imageBody.parse(toImageBody(request, model, context));
  return { ok: true, parameters: { action: 'CreateAigcImageTask', body } };
}

function toVideoParameters(request: VideoRequest, catalogue: Catalogue, context: ParametersContext): Outcome {
  const model = catalogue.find('video', request.model);
  if (!model) return unknownModel(request, catalogue);
  const problems = judge(request, model, catalogue.list('video'));
  if (problems.length > 0) return { ok: false, problems };
  const body = videoBody.parse(toVideoBody(request, model, context));
  return { ok: true, parameters: { action: 'CreateAigcVideoTask', body } };
}

/** All problems, each with a model that would accept the whole request unchanged, if there is one. */
function judge(request: GenerationRequest, model: Model, models: readonly Model[]): readonly Problem[] {
  const problems = problemsOf(request, model);
  if (problems.length === 0) return problems;
  const other = firstFit(models, model, (one) => problemsOf(request, one).length === 0);
  return problems.map((one) => (other ? { ...one, other: other.label } : one));
}

function unknownModel({ kind, model }: GenerationRequest, catalogue: Catalogue): Outcome {
  const use = catalogue.list(kind)[0]?.label ?? '';
  return { ok: false, problems: [problem('model.unknown', { asked: model, use })] };
}

/** The first model that fits, of the same family if there is one. */
export function firstFit<M extends Model>(
  models: readonly M[],
  model: Pick<Model, 'name'> | undefined,
  fits: (other: M) => boolean,
): M | undefined {
  const fitting = models.filter(fits);
  return fitting.find((other) => other.name === model?.name) ?? fitting[0];
}

function toImageBody(request: ImageRequest, model: ImageModel, context: ParametersContext): object {
  const { aspectRatio: ratio } = request;
  const asked = sizeOf(model, request);
  const size = asked === undefined ? undefined : parseSize(asked);
  const written = model.ratioInPrompt === true && ratio !== undefined;
  return given({
    ...commonBody(request, model, context, written ? ratio : undefined),
    ExtraParameters: givenAny({
      AspectRatio: !written && ratio !== undefined && model.aspectRatios.includes(ratio) ? ratio : undefined,
      Resolution: request.resolution,
      LogoAdd: logo(request, model),
      OutputFormat: request.format,
    }),
    AdditionalParameters: toJson({ ...parseAdditional(request), ...(size && { size: formatSize(size) }) }),
  });
}

function toVideoBody(request: VideoRequest, model: VideoModel, context: ParametersContext): object {
  const { defaults } = context;
  return given({
    ...commonBody(request, model, context),
    ImageUrl: request.image?.url,
    LastImageUrl: request.lastImage?.url,
    VideoInfos: request.clips?.length ? request.clips.map(toVideoInfo) : undefined,
    Duration: durationOf(request, model, defaults?.duration),
    ExtraParameters: givenAny({
      AspectRatio: request.aspectRatio,
      Resolution: request.resolution,
      LogoAdd: logo(request, model),
      // Always sent if there is a choice: not every model's default is documented, and sound costs money.
      EnableAudio:
        soundOf(model, request) === 'choice' ? (request.audio ?? defaults?.audio ?? false) : undefined,
      OffPeak: request.offPeak || undefined,
      EnableBgm: request.music || undefined,
    }),
    AdditionalParameters: toJson({
      ...parseAdditional(request),
      ...shotsOf(request, model),
      ...scenesOf(request),
    }),
  });
}

/** The length that is sent, in seconds: what was asked for, that of its shots or of the clip that is edited, or the usual. */
export function durationOf(
  request: VideoRequest,
  model: VideoModel,
  usual: number | undefined,
): number | undefined {
  const { duration, shots, resolution } = request;
  if (duration !== undefined) return duration;
  if (shots !== undefined && shots !== 'auto') return shots.reduce((sum, shot) => sum + shot.duration, 0);
  return editedSeconds(model, request) ?? usualSeconds(model, resolution, usual);
}

function toVideoInfo({ url, refer, keepSound }: SourceClip): object {
  return given({
    VideoUrl: url,
    ReferType: refer,
    KeepOriginalSound: keepSound === undefined ? undefined : keepSound ? 'yes' : 'no',
  });
}

/** docs/mps-api.md#videos-as-input; what the user says besides in `additional` goes with it. */
function shotsOf(request: VideoRequest, model: VideoModel): Record<string, unknown> {
  const { shots } = request;
  if (shots === undefined) return {};
  if (shots === 'auto') return { multi_shot: true, shot_type: 'intelligence' };
  return {
    multi_shot: true,
    shot_type: 'customize',
    multi_prompt: shots.map(({ prompt, duration }, at) => ({
      index: at + 1,
      prompt: withSourceNames(prompt.trim(), request, model),
      duration: String(duration),
    })),
  };
}

/** What the scenes of `clipScenes` take besides (docs/mps-api.md#videos-as-input). */
function scenesOf({ scene, soundFile, orientation, clips = [] }: VideoRequest): Record<string, unknown> {
  if (scene === 'avatar_i2v') return soundFile ? { sound_file: soundFile.url } : {};
  if (scene !== 'motion_control') return {};
  const keepSound = clips[0]?.keepSound;
  return given({
    keep_original_sound: keepSound === undefined ? undefined : keepSound ? 'yes' : 'no',
    character_orientation: orientation ?? 'image',
  });
}

/** @param ratio to be written into the prompt. */
function commonBody(
  request: GenerationRequest,
  model: Model,
  { cos }: ParametersContext,
  ratio?: string | undefined,
) {
  const { prompt: words, negative } = wordsFor(request, model);
  const prompt = ratio === undefined ? words : withRatio(words, ratio);
  return {
    ModelName: model.name,
    ModelVersion: versionOf(model, request),
    SceneType: request.scene,
    Prompt: isVisible(prompt) ? withSourceNames(prompt, request, model) : undefined,
    NegativePrompt: negative || undefined,
    EnhancePrompt: request.enhance,
    ImageInfos: request.references?.length ? request.references.map(toImageInfo) : undefined,
    StoreCosParam:
      cos && given({ CosBucketName: cos.bucket, CosBucketRegion: cos.region, CosBucketPath: cos.path }),
  };
}

/** The guide's samples say `Url`; the API's field is `ImageUrl`. */
function toImageInfo({ url, subject }: Reference): object {
  return given({ ImageUrl: url, ReferenceType: subject });
}

function logo({ watermark }: GenerationRequest, model: Model): 0 | 1 | undefined {
  if (watermark === undefined || !model.watermark) return undefined;
  return watermark ? 1 : 0;
}

function parseAdditional({ additional }: GenerationRequest): Record<string, unknown> {
  return (additional !== undefined && parseObject(additional)) || {};
}

function toJson(fields: Record<string, unknown>): string | undefined {
  return Object.keys(fields).length > 0 ? JSON.stringify(fields) : undefined;
}

/** The fields that have a value. */
function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The same; nothing if there are none. */
function givenAny(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  const rest = given(fields);
  return Object.keys(rest).length > 0 ? rest : undefined;
}
