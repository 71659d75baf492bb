import type { VideoParameters } from '../api/parameter-schemas.js';
import { baseByDefault, withVideo } from '../validation/video-models.js';
import { readClipFile } from './clip-file.js';
import { type Size, secondsOf } from './output-size.js';
import type { TaskRequest } from './task-request.js';

const mebibyte = 1024 * 1024;
/** The facts' rules for a clip as input; sides in pixels. */
export const clipRule = {
  bytes: 50 * mebibyte,
  sides: [256, 5760],
  words: 'mp4 or mov up to 50 MB',
} as const;
/** What a length may be off by, seconds: a clip of 10 s that MPS made has 10.04. */
const grace = 0.3;

/** How long an edited clip becomes, which the facts do not say: as long as the one that was given, as was asked, or the longer. */
export type EditedLength = 'input' | 'asked' | 'longer';

/** A clip that was given. */
export interface InputClip extends Size {
  readonly seconds: number | undefined;
  readonly hasSound: boolean;
  /** Kept if results are made of what was given. */
  readonly bytes?: Buffer;
}

/** The clips of a task, by their links, filled in as they arrive. */
export interface InputClips {
  readonly byUrl: Map<string, InputClip>;
  readonly editedLength: EditedLength;
}

/** What else decides whether a clip is taken. */
export interface ClipDemand {
  readonly params: VideoParameters;
  /** Whether clips are taken of which the facts do not say it: in fragments, of unknown length, in 4:4:4. */
  readonly odd: 'refused' | 'taken';
}

/** Judges the bytes of a clip: what it is, or the Message of a task that fails over it. */
export function judgeClip(bytes: Buffer, { params, odd }: ClipDemand): InputClip | string {
  if (bytes.length > clipRule.bytes) return `input video is too large: expected ${clipRule.words}`;
  const found = readClipFile(bytes);
  if (typeof found === 'string') return `${found}: expected ${clipRule.words}`;
  const { codec, width, height, seconds, hasSound, oddities } = found;
  if (codec !== 'h264' && codec !== 'hevc')
    return `input video codec ${codec} is not supported: expected h264 or hevc`;
  const [least, most] = clipRule.sides;
  if (Math.min(width, height) < least || Math.max(width, height) > most)
    return `input video size must be ${least} to ${most} pixels a side, got ${width}x${height}`;
  if (odd === 'refused' && oddities.length > 0) return `input video does not support ${oddities.join(', ')}`;
  return lengthProblem(seconds, params) ?? { width, height, seconds, hasSound };
}

function lengthProblem(seconds: number | undefined, params: VideoParameters): string | undefined {
  const { ModelName, ModelVersion, VideoInfos = [] } = params;
  const allowed = withVideo[`${ModelName} ${ModelVersion}`]?.lengths?.[VideoInfos.length - 1];
  if (seconds === undefined || (allowed && seconds >= allowed[0] - grace && seconds <= allowed[1] + grace))
    return undefined;
  if (!allowed) return seconds > 0 ? undefined : 'input video is empty';
  return `invalid param: input video duration must be ${allowed[0]} to ${allowed[1]} seconds, got ${seconds.toFixed(2)}`;
}

/** The clip that a task edits; undefined for one that only borrows motion, and before it has arrived. */
export function editedClip(params: VideoParameters, { byUrl }: InputClips): InputClip | undefined {
  const base = params.VideoInfos?.find(({ ReferType }) =>
    ReferType ? ReferType === 'base' : baseByDefault.includes(params.ModelName),
  );
  return base && byUrl.get(base.VideoUrl);
}

/** How long a task's clip becomes, seconds; undefined for a picture. */
export function madeSeconds(request: TaskRequest, clips: InputClips | undefined): number | undefined {
  const asked = secondsOf(request);
  if (asked === undefined || request.kind !== 'video' || !clips) return asked;
  const { seconds } = editedClip(request.params, clips) ?? {};
  if (seconds === undefined || clips.editedLength === 'asked') return asked;
  return clips.editedLength === 'input' ? seconds : Math.max(seconds, asked);
}
