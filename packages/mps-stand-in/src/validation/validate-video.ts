import { invalidValue, missingParameter } from '../api/api-error.js';
import { parseObject, type VideoParameters } from '../api/parameter-schemas.js';
import { judgeClips, judgeShots } from './validate-input-clips.js';
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
import {
  longestPrompt,
  offPeak,
  type VideoRule,
  videoRules,
  videoScenes,
  watermarked,
} from './video-models.js';

/** Judges a clip's well-typed parameters by the facts. Throws the `Refusal` of the first thing refused at Create. */
export function judgeVideo(params: VideoParameters, turndown: Turndown = 'create'): Verdict {
  const judgement = createJudgement(turndown);
  const { ModelName: model, ExtraParameters: extra = {}, Prompt = '' } = params;
  const rule = ruleOf(videoRules, params, judgement);
  if (!Prompt && !params.ImageUrl && !params.ImageInfos?.length && !params.VideoInfos?.length)
    throw missingParameter('Prompt');
  judgeReferences(params, rule?.references ?? 0, judgement);
  judgeScene(videoScenes, params);
  if (params.SceneType) judgement.undocumented('SceneType');
  if (rule) judgeByRule(rule, params, judgement);
  judgeReferenceTypes(params, judgement);
  if (extra.OffPeak && !offPeak.includes(model))
    throw invalidValue('ExtraParameters.OffPeak', true, `only ${offPeak.join(', ')} takes it`);
  if (extra.LogoAdd && !watermarked.includes(model))
    throw invalidValue('ExtraParameters.LogoAdd', 1, `only ${watermarked.join(', ')} take it`);
  if (extra.EnableBgm) judgement.undocumented('ExtraParameters.EnableBgm');
  if (params.AudioInfos?.length) judgement.undocumented('AudioInfos');
  if (params.SubjectInfos?.length) judgement.undocumented('SubjectInfos');
  const most = longestPrompt[model];
  if (most !== undefined && [...Prompt].length > most) judgement.fail(`prompt is too long, at most ${most}`);
  return judgement.verdict();
}

function judgeByRule(rule: VideoRule, params: VideoParameters, judgement: Judgement): void {
  if (params.VideoInfos?.length) judgeClips(params, judgement);
  else judgeBeginning(rule, params, judgement);
  judgeLength(rule, params, judgement);
  judgeResolution(rule, params, judgement);
  judgeRatio(rule, params, judgement);
  judgeSound(rule, params, judgement);
  const additional = parseObject(params.AdditionalParameters ?? '{}') ?? {};
  for (const name of judgeShots(params, additional, judgement))
    judgement.undocumented(`AdditionalParameters.${name}`);
}

/** The clip's start: a prompt alone, frames, or references. */
function judgeBeginning(rule: VideoRule, params: VideoParameters, judgement: Judgement): void {
  const { ImageUrl, LastImageUrl, ImageInfos = [], ModelVersion } = params;
  const refuse = (path: string, what: string) =>
    judgement.turnDown(path, ModelVersion, `model ${ModelVersion} does not support ${what}`);
  const isForReferences = !rule.text && !rule.first;
  if (ImageInfos.length > 0) {
    if (ImageUrl || LastImageUrl) refuse('ImageInfos', 'frames and references at once');
    else if (rule.references === 0) refuse('ImageInfos', 'reference images');
    if (params.ModelName === 'PixVerse') judgement.undocumented('ImageInfos without Text');
    if (rule.noSubjects && ImageInfos.some(({ ReferenceType }) => ReferenceType))
      refuse('ImageInfos.ReferenceType', 'subject ids');
  } else if (isForReferences) {
    judgement.turnDown(
      'ModelVersion',
      ModelVersion,
      `model ${ModelVersion} only supports reference generation`,
    );
  } else if (LastImageUrl) judgeLastFrame(rule, params, refuse, judgement);
  else if (ImageUrl) {
    if (rule.first === 'open') judgement.undocumented('ImageUrl');
    else if (!rule.first) refuse('ImageUrl', 'a first frame');
  } else if (!rule.text) refuse('Prompt', 'text to video');
}

function judgeLastFrame(
  rule: VideoRule,
  { ImageUrl, ExtraParameters: extra = {} }: VideoParameters,
  refuse: (path: string, what: string) => void,
  judgement: Judgement,
): void {
  if (rule.last === 'open') judgement.undocumented('LastImageUrl');
  else if (!rule.last) refuse('LastImageUrl', 'a last frame');
  else if (rule.last === '1080P' && !isLarge(extra.Resolution ?? rule.defaultResolution))
    refuse('LastImageUrl', 'a last frame below 1080P');
  if (rule.silentLast && extra.EnableAudio) refuse('ExtraParameters.EnableAudio', 'sound with a last frame');
  if (!ImageUrl && !rule.lastAlone) refuse('LastImageUrl', 'a last frame without a first');
}

function judgeLength(rule: VideoRule, params: VideoParameters, judgement: Judgement): void {
  const { Duration: seconds, ExtraParameters: extra } = params;
  if (seconds === undefined) return;
  const isTooLong = extra?.Resolution === '1080P' && rule.not1080P?.includes(seconds);
  if (rule.seconds?.includes(seconds) && !isTooLong) return;
  const allowed = rule.seconds?.join(', ') ?? '';
  if (rule.lengths === 'dropped') judgement.drop('Duration');
  else if (!rule.seconds) judgement.undocumented('Duration');
  else if (rule.lengths === 'refused')
    throw invalidValue('Duration', seconds, isTooLong ? `not ${seconds} at 1080P` : allowed);
  else judgement.turnDown('Duration', seconds, allowed);
}

function judgeResolution(rule: VideoRule, params: VideoParameters, judgement: Judgement): void {
  const { Resolution } = params.ExtraParameters ?? {};
  if (!Resolution || rule.resolutions?.includes(Resolution)) return;
  const path = 'ExtraParameters.Resolution';
  if (rule.dropsResolution) judgement.drop(path);
  else if (!rule.resolutions || rule.extraResolutions?.includes(Resolution)) judgement.undocumented(path);
  else judgement.turnDown(path, Resolution, rule.resolutions.join(', '));
}

/** A frame has its own ratio; so do reference images, except for models documented to take both. */
function judgeRatio(rule: VideoRule, params: VideoParameters, judgement: Judgement): void {
  const ratio = params.ExtraParameters?.AspectRatio;
  if (!ratio) return;
  const path = 'ExtraParameters.AspectRatio';
  if (params.ImageUrl || params.LastImageUrl) judgement.turnDown(path, ratio, 'not together with frames');
  else if (rule.dropsResolution) judgement.drop(path);
  else if (!rule.ratios) judgement.undocumented(path);
  else if (!rule.ratios.includes(ratio)) judgement.turnDown(path, ratio, rule.ratios.join(', '));
  else if (params.ImageInfos?.length && !rule.ratioWithReferences)
    judgement.turnDown(path, ratio, 'only for text to video');
}

function judgeSound(rule: VideoRule, params: VideoParameters, judgement: Judgement): void {
  const { EnableAudio, Resolution = rule.defaultResolution } = params.ExtraParameters ?? {};
  const path = 'ExtraParameters.EnableAudio';
  if (EnableAudio === false && rule.sound === 'always') judgement.drop(path);
  if (!EnableAudio || rule.sound === true || rule.sound === 'always') return;
  if (rule.sound === false)
    judgement.turnDown(path, true, `model ${params.ModelVersion} does not support sound`);
  else if (!isLarge(Resolution)) judgement.turnDown(path, true, 'sound is made from 1080P up');
}

function isLarge(resolution: string): boolean {
  return ['1080P', '2K', '4K'].includes(resolution);
}
