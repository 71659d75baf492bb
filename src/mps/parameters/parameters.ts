import type { Catalogue, ImageModel, Model, VideoModel } from '../catalogue/catalogue.js';
import { sizeOf, soundOf, usualSeconds, versionOf, withRatio } from '../catalogue/modes.js';
import { formatSize, parseSize } from '../catalogue/sizes.js';
import type { GenerationRequest, ImageRequest, Reference, VideoRequest } from '../generation-request.js';
import { type CreateParameters, imageBody, videoBody } from '../wire.js';
import { type Problem, problem } from './problems.js';
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
  const { aspectRatio: ratio, prompt } = request;
  const asked = sizeOf(model, request);
  const size = asked === undefined ? undefined : parseSize(asked);
  const written = model.ratioInPrompt === true && ratio !== undefined;
  return given({
    ...commonBody(written ? { ...request, prompt: withRatio(prompt, ratio) } : request, model, context),
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
    Duration: request.duration ?? usualSeconds(model, request.resolution, defaults?.duration),
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
    AdditionalParameters: toJson(parseAdditional(request)),
  });
}

function commonBody(request: GenerationRequest, model: Model, { cos }: ParametersContext) {
  return {
    ModelName: model.name,
    ModelVersion: versionOf(model, request),
    SceneType: request.scene,
    Prompt: isVisible(request.prompt) ? request.prompt.trim() : undefined,
    NegativePrompt: request.negative?.trim() || undefined,
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
