import { z } from 'zod';
import { invalidValue } from '../api/api-error.js';
import type { VideoParameters } from '../api/parameter-schemas.js';
import type { Judgement } from './validation-result.js';
import { baseByDefault, withShots, withVideo } from './video-models.js';

/** Validates input clips: the models that take them, and the other inputs allowed beside them. */
export function judgeClips(params: VideoParameters, judgement: Judgement): void {
  const { VideoInfos: clips = [], ImageInfos: images = [], ModelName, ModelVersion, Duration } = params;
  const rule = withVideo[`${ModelName} ${ModelVersion}`];
  const [clip] = clips;
  if (!rule || !clip) {
    // A scene may allow clips with other models; how is undocumented.
    if (params.SceneType) judgement.undocumented('VideoInfos');
    else
      judgement.turnDown('VideoInfos', clip?.VideoUrl, `FieldLacking: model ${ModelVersion} takes no clip`);
    return;
  }
  if (clips.length > rule.clips)
    judgement.turnDown('VideoInfos', `${clips.length} clips`, `size must be no more than ${rule.clips}`);
  if (images.length > rule.images)
    judgement.fail(`ImageInfos size must be no more than ${rule.images} beside a clip`);
  if (Duration !== undefined && rule.seconds && !rule.seconds.includes(Duration))
    throw invalidValue('Duration', Duration, rule.seconds.join(', '));
  const isBase = clips.some(({ ReferType }) =>
    ReferType ? ReferType === 'base' : baseByDefault.includes(ModelName),
  );
  if (isBase && (params.ImageUrl || params.LastImageUrl))
    judgement.turnDown('VideoInfos.0.ReferType', 'base', 'a clip to edit goes with no frames');
}

const shot = z.strictObject({
  index: z.int().positive(),
  prompt: z.string().refine((words) => words.trim() !== '' && [...words].length <= 512),
  duration: z.string().regex(/^[1-9]\d*$/),
});
const shots = z.discriminatedUnion('shot_type', [
  z.strictObject({ multi_shot: z.literal(true), shot_type: z.literal('intelligence') }),
  z.strictObject({
    multi_shot: z.literal(true),
    shot_type: z.literal('customize'),
    multi_prompt: z.array(shot).min(1).max(6),
  }),
]);

/**
 * Judges several shots in one clip.
 * @returns the names of AdditionalParameters that are about something else
 */
export function judgeShots(
  params: VideoParameters,
  additional: Readonly<Record<string, unknown>>,
  judgement: Judgement,
): string[] {
  const { multi_shot, shot_type, multi_prompt, ...others } = additional;
  const given = Object.fromEntries(
    Object.entries({ multi_shot, shot_type, multi_prompt }).filter(([, value]) => value !== undefined),
  );
  const names = Object.keys(given);
  if (names.length === 0) return Object.keys(others);
  const refuse = (why: string) => judgement.turnDown('AdditionalParameters', JSON.stringify(given), why);
  if (!withShots.includes(`${params.ModelName} ${params.ModelVersion}`)) {
    refuse(`model ${params.ModelVersion} does not support several shots`);
    return Object.keys(others);
  }
  const parsed = shots.safeParse(given);
  if (!parsed.success) refuse('shots are invalid');
  else if (!params.Prompt) refuse('prompt must not be empty with several shots');
  else if (parsed.data.shot_type === 'customize') {
    const sum = parsed.data.multi_prompt.reduce((total, each) => total + Number(each.duration), 0);
    const isInOrder = parsed.data.multi_prompt.every(({ index }, at) => index === at + 1);
    if (!isInOrder) refuse('the shots must be numbered from 1');
    if (sum !== (params.Duration ?? 5)) refuse('the shots together must be exactly the duration');
  }
  return Object.keys(others);
}
