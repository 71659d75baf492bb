import { invalidValue, missingParameter } from '../api/api-error.js';
import { type ImageParameters, parseObject } from '../api/parameter-schemas.js';
import { type ImageRule, imageResolutions, imageRules, imageScenes } from './image-models.js';
import {
  createJudgement,
  type Judgement,
  judgeReferences,
  judgeReferenceTypes,
  judgeScene,
  ruleOf,
  type Turndown,
  type Verdict,
} from './validation-result.js';

/** Judges a picture's well-typed parameters by the facts. Throws the `Refusal` of the first thing refused at Create. */
export function judgeImage(params: ImageParameters, turndown: Turndown = 'create'): Verdict {
  const judgement = createJudgement(turndown);
  const rule = ruleOf(imageRules, params, judgement);
  if (!params.Prompt && !params.ImageInfos?.length) throw missingParameter('Prompt');
  judgeReferences(params, rule?.references ?? 0, judgement);
  judgeScene(imageScenes, params);
  const { Resolution } = params.ExtraParameters ?? {};
  if (Resolution && !imageResolutions.includes(Resolution))
    throw invalidValue('ExtraParameters.Resolution', Resolution, imageResolutions.join(', '));
  if (rule) judgeByRule(rule, params, judgement);
  judgeReferenceTypes(params, judgement);
  return judgement.verdict();
}

function judgeByRule(rule: ImageRule, params: ImageParameters, judgement: Judgement): void {
  judgeOutput(rule, params, judgement);
  const { ImageInfos: references = [], SceneType: scene } = params;
  if (references.length > 0 && rule.references === 0)
    judgement.turnDown('ImageInfos', `${references.length} images`, 'this model takes no images');
  if (rule.plainLinks && references.some(({ ImageUrl }) => new URL(ImageUrl).search !== ''))
    judgement.fail('invalid param: the image url must be a public link without a query');
  if (scene && scene !== rule.scene)
    judgement.turnDown('SceneType', scene, `model version ${params.ModelVersion} does not support it`);
  if (rule.scene && !scene) judgement.undocumented('SceneType');
  const { size, ...others } = parseObject(params.AdditionalParameters ?? '{}') ?? {};
  for (const name of Object.keys(others)) judgement.undocumented(`AdditionalParameters.${name}`);
  if (size === undefined) return;
  if (!rule.size) judgement.undocumented('AdditionalParameters.size');
  else judgeSize(size, rule.size);
}

function judgeOutput(rule: ImageRule, params: ImageParameters, judgement: Judgement): void {
  const { AspectRatio, Resolution } = params.ExtraParameters ?? {};
  const count = params.OutputImageCount ?? 1;
  if (count > 1 && rule.count === undefined) throw invalidValue('OutputImageCount', count, '1');
  if (params.OutputImageCount !== undefined && rule.count === 'ignored' && count !== (rule.always ?? 1))
    judgement.drop('OutputImageCount');
  for (const [name, value] of Object.entries({ AspectRatio, Resolution }))
    if (value && rule.promptOnly)
      judgement.turnDown(`ExtraParameters.${name}`, value, 'this model reads it from the prompt');
  if (rule.isUnlisted && params.ExtraParameters?.LogoAdd) judgement.undocumented('ExtraParameters.LogoAdd');
  if (rule.promptOnly) return;
  if (Resolution) judgement.undocumented('ExtraParameters.Resolution');
  if (!AspectRatio) return;
  if (!rule.ratios) judgement.undocumented('ExtraParameters.AspectRatio');
  else if (!rule.ratios.includes(AspectRatio))
    judgement.turnDown('ExtraParameters.AspectRatio', AspectRatio, rule.ratios.join(', '));
}

function judgeSize(size: unknown, { side, pixels }: NonNullable<ImageRule['size']>): void {
  const [, width, height] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(String(size))?.map(Number) ?? [];
  const refuse = (allowed: string) => invalidValue('AdditionalParameters.size', size, allowed);
  if (!width || !height) throw refuse('WIDTHxHEIGHT');
  const [least, most] = side ?? [1, Number.POSITIVE_INFINITY];
  if (Math.min(width, height) < least || Math.max(width, height) > most)
    throw refuse(`each side ${least} to ${most} pixels`);
  const [fewest, utmost] = pixels;
  if (width * height > utmost || (!side && width * height < fewest))
    throw refuse(`${fewest} to ${utmost} pixels in all`);
}
