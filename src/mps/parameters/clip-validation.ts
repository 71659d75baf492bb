import { compactDurations, type VideoModel } from '../catalogue/catalogue.js';
import { shotRules } from '../catalogue/model-rules.js';
import { clipSecondsOf, durationsAt, usedSeconds } from '../catalogue/modes.js';
import type { Shot, SourceClip, VideoRequest } from '../generation-request.js';
import type { Found } from './findings.js';
import { problem } from './problems.js';
import { isVisible } from './visible-text.js';

/** A clip of 10 s has 10.04; one that is that little too long isn't cut. */
const toleranceSeconds = 0.5;

/** What is wrong with the clips that go with a request. */
export function checkClips(request: VideoRequest, model: VideoModel): Found[] {
  const { clips = [], image, lastImage, references = [], shots, scene } = request;
  const { label: name } = model;
  // A scene of its own takes a clip in its own way.
  if (clips.length === 0 || isClipScene(model, scene)) return [];
  if (!model.clips) return [problem('clips.none', { model: name })];
  const range = clipSecondsOf(model, clips.length);
  const max = model.clips.seconds.length;
  const asked = references.length;
  const isEdited = clips.some(({ refer }) => refer === 'base');
  return [
    !range && problem('clips.tooMany', { model: name, asked: clips.length, max }),
    ...(range ? clips.map((clip) => checkLength(clip, name, range)) : []),
    isEdited && (image ?? lastImage) && problem('clips.withFrame', { model: name }),
    asked > model.clips.images &&
      asked <= model.references &&
      problem('clips.images', { model: name, asked, max: model.clips.images }),
    shots !== undefined && problem('clips.withShots', { model: name }),
  ];
}

/** True of a scene that takes a clip or a sound, and that the operator has switched on for the model. */
export function isClipScene({ clipScenes = [] }: VideoModel, scene: string | undefined): boolean {
  return clipScenes.some((one) => one === scene);
}

/** Until it was looked at, its length isn't known. */
function checkLength(clip: SourceClip, model: string, [min, max]: readonly [number, number]): Found {
  const seconds = usedSeconds(clip);
  if (seconds === undefined) return undefined;
  const { name } = clip;
  const said = Math.round(seconds * 10) / 10;
  if (seconds > max + toleranceSeconds) return problem('clips.tooLong', { model, name, seconds: said, max });
  return seconds < min - toleranceSeconds && problem('clips.tooShort', { model, name, seconds: said, min });
}

/** A scene of that kind has what it needs only from a command of its own. */
export function checkClipScene(request: VideoRequest, model: VideoModel): Found {
  const { scene: asked, image, clips, soundFile } = request;
  if (asked === undefined || !isClipScene(model, asked)) return undefined;
  const isWhole = image && (asked === 'avatar_i2v' ? soundFile : clips?.length === 1);
  return !isWhole && problem('scene.needsClip', { asked });
}

/** What is wrong with the shots of a request. */
export function checkShots(request: VideoRequest, model: VideoModel): Found[] {
  const { shots } = request;
  if (shots === undefined) return [];
  if (!model.shots) return [problem('shots.none', { model: model.label })];
  if (shots === 'auto') return [];
  const { most: max } = shotRules;
  const found = [
    shots.length > max && problem('shots.tooMany', { asked: shots.length, max }),
    ...shots.flatMap(checkShot),
  ];
  return found.some(Boolean) ? found : [checkSum(request, model)];
}

/** Seconds of all shots together; undefined if there are none, or the model cuts. */
export function secondsOfShots({ shots }: Pick<VideoRequest, 'shots'>): number | undefined {
  if (shots === undefined || shots === 'auto') return undefined;
  return shots.reduce((total, { duration }) => total + duration, 0);
}

/** A length is suggested only if the model makes clips of it. */
function checkSum(request: VideoRequest, model: VideoModel): Found {
  const { duration: asked, resolution } = request;
  const sum = secondsOfShots(request);
  if (sum === undefined || asked === undefined) return undefined;
  const possible = durationsAt(model, resolution);
  if (!possible.includes(sum)) {
    const allowed = compactDurations(possible);
    return problem('shots.range', { sum, model: model.label, allowed });
  }
  return sum !== asked && problem('shots.sum', { sum, asked, use: sum });
}

function checkShot({ prompt, duration }: Shot, at: number): Found[] {
  const number = at + 1;
  const { length } = [...prompt.trim()];
  const { promptLimit: max } = shotRules;
  return [
    !isVisible(prompt) && problem('shots.missing', { number }),
    length > max && problem('shots.tooLong', { number, length, max }),
    !(Number.isSafeInteger(duration) && duration >= 1) && problem('shots.seconds', { number }),
  ];
}
