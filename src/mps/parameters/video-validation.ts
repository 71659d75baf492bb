import { compactDurations, type VideoModel } from '../catalogue/catalogue.js';
import { beginningOf, durationsAt, soundOf } from '../catalogue/modes.js';
import { linesIn } from '../catalogue/sizes.js';
import type { VideoRequest } from '../generation-request.js';
import { checkClipScene, checkClips, checkShots, secondsOfShots } from './clip-validation.js';
import { checkRatio, type Found, nearest } from './findings.js';
import { problem } from './problems.js';

/** Problems of a video request for this model, besides those of any request. */
export function checkVideo(request: VideoRequest, model: VideoModel): Found[] {
  return [
    checkDuration(request, model),
    checkRatioOfVideo(request, model),
    checkBeginning(request, model),
    ...checkFrames(request, model),
    checkSound(request, model),
    ...checkClips(request, model),
    ...checkShots(request, model),
    checkClipScene(request, model),
    request.music && !model.music && problem('music.none', { model: model.label }),
    request.offPeak && !model.offPeak && problem('offPeak.none', { model: model.label }),
  ];
}

/** The model's resolutions that fit everything else in the request. */
export function resolutionsFor(request: VideoRequest, model: VideoModel): readonly string[] {
  const { duration, audio, lastImage } = request;
  return model.resolutions.filter((resolution) => {
    const hasLength =
      duration === undefined ||
      !model.durations.includes(duration) ||
      durationsAt(model, resolution).includes(duration);
    const hasSound =
      !audio || model.audio === false || soundOf(model, { ...request, resolution }) !== 'never';
    const takesLast = !lastImage || model.lastFrame !== 'at-1080P' || resolution === '1080P';
    return hasLength && hasSound && takesLast;
  });
}

function checkDuration(request: VideoRequest, model: VideoModel): Found {
  const { duration: asked, resolution } = request;
  const { label, durations, defaultResolution = '' } = model;
  const possible = durationsAt(model, resolution);
  if (asked === undefined || possible.includes(asked)) return undefined;
  // Then it is the shots that are too long or too short, which is said of them.
  if (model.shots && secondsOfShots(request) === asked) return undefined;
  const use = nearest(possible.length > 0 ? possible : durations, asked, (seconds) => seconds);
  if (use === undefined) return problem('duration.none', { model: label });
  if (durations.includes(asked))
    return problem('duration.atResolution', {
      model: label,
      asked,
      use,
      resolution: resolution ?? defaultResolution,
    });
  const allowed = compactDurations(possible);
  return problem('duration.unsupported', { model: label, asked, allowed, use });
}

function checkRatioOfVideo(request: VideoRequest, model: VideoModel): Found {
  const { aspectRatio: asked, image, lastImage, references, clips = [] } = request;
  if (asked === undefined) return undefined;
  const unsupported = checkRatio(asked, model);
  if (unsupported) return unsupported;
  if (image ?? lastImage) return problem('aspectRatio.withImage', { model: model.label });
  // Of a clip that is edited, the ratio stays.
  if (clips.some(({ refer }) => refer === 'base'))
    return problem('aspectRatio.withClip', { model: model.label });
  if (!references?.length || model.ratioWithReferences) return undefined;
  return problem('aspectRatio.withReferences', { model: model.label });
}

/**
 * Whether the model can start from a prompt alone or a first frame; last frames and references are checked elsewhere.
 */
function checkBeginning(request: VideoRequest, model: VideoModel): Found {
  const { label, firstFrame, references } = model;
  const beginning = beginningOf(request);
  if (beginning === 'text' && !model.text) {
    if (!firstFrame) return problem('references.missing', { model: label });
    return problem(references > 0 ? 'image.orReferences' : 'image.missing', { model: label });
  }
  if (!request.image || firstFrame) return undefined;
  return problem(references > 0 ? 'image.asReference' : 'image.none', { model: label });
}

function checkFrames(request: VideoRequest, model: VideoModel): Found[] {
  const { image, lastImage, references, resolution } = request;
  const together = Boolean((image || lastImage) && references?.length);
  const mute = !lastImage || model.lastFrame === 'yes';
  return [
    together && !model.framesWithReferences && problem('references.withFrame', { model: model.label }),
    lastImage && !image && !model.lastFrameAlone && problem('lastImage.alone', {}),
    !mute && model.lastFrame === 'no' && problem('lastImage.none', { model: model.label }),
    // Not chosen automatically: 1080P costs more than the default.
    !mute &&
      model.lastFrame === 'at-1080P' &&
      resolution !== '1080P' &&
      problem('lastImage.resolution', { model: model.label, use: '1080P' }),
  ];
}

function checkSound(request: VideoRequest, model: VideoModel): Found {
  const { audio, lastImage, clips } = request;
  const { label } = model;
  const sound = soundOf(model, request);
  if (audio === false && sound === 'always') return problem('audio.always', { model: label });
  if (!audio || sound !== 'never') return undefined;
  if (model.audio === false) return problem('audio.none', { model: label });
  if (clips?.length) return problem('audio.withClip', { model: label });
  if (lastImage && model.lastFrameSilent) return problem('audio.withLastImage', { model: label });
  // Not chosen automatically either.
  const use = model.resolutions.find((resolution) => linesIn(resolution) >= 1080) ?? '';
  return problem('audio.resolution', { model: label, use });
}
