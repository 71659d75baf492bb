import type { GenerationRequest, ImageRequest, SourceClip, VideoRequest } from '../generation-request.js';
import type { ImageRules, Rules, VideoRules } from './model-rules.js';
import { formatSize, largestSize, linesIn, parseRatio } from './sizes.js';

/**
 * What a video starts from: a prompt alone, a first frame, a first and a last one (or only a last one), references, or
 * another clip.
 */
export type Beginning = 'text' | 'first' | 'ends' | 'references' | 'clip';

/** The parts of a request that decide how the video starts. */
export type Given = Pick<VideoRequest, 'image' | 'lastImage' | 'references' | 'clips'>;

/** Clips take precedence over frames, and these over references. */
export function beginningOf({ image, lastImage, references, clips }: Given): Beginning {
  if (clips?.length) return 'clip';
  if (lastImage) return 'ends';
  if (image) return 'first';
  return references?.length ? 'references' : 'text';
}

/** Whether the model can start from this, apart from the number of references. */
export function canBegin(model: VideoRules, beginning: Beginning): boolean {
  if (beginning === 'text') return model.text;
  if (beginning === 'clip') return model.clips !== undefined;
  if (beginning === 'references') return model.references > 0;
  return beginning === 'first' ? model.firstFrame : model.lastFrame !== 'no';
}

/** Whether such a video has sound: never, on request, or always. */
export function soundOf(
  model: VideoRules,
  { resolution, lastImage, clips }: Pick<VideoRequest, 'resolution' | 'lastImage' | 'clips'>,
): 'never' | 'choice' | 'always' {
  if (model.audio === 'always') return 'always';
  // Of a clip that goes with the order the sound is kept or not; that one is made besides isn't documented.
  if (model.audio === false || (lastImage && model.lastFrameSilent) || clips?.length) return 'never';
  const lines = linesIn(resolution ?? model.defaultResolution ?? '');
  return model.audio === 'from-1080P' && !(lines >= 1080) ? 'never' : 'choice';
}

/**
 * Default for sound: the operator's (VIDEO_AUDIO) if the video can have it, else unset.
 * @param wanted VIDEO_AUDIO
 */
export function usualSound(
  model: VideoRules,
  request: Pick<VideoRequest, 'resolution' | 'lastImage' | 'clips'>,
  wanted: boolean | undefined,
): boolean | undefined {
  const sound = soundOf(model, request);
  if (sound === 'always') return true;
  return sound === 'choice' ? wanted : undefined;
}

/**
 * Lengths the model supports at a resolution.
 * @default its own resolution
 */
export function durationsAt(model: VideoRules, resolution?: string): readonly number[] {
  const not = model.durationsNotAt?.[resolution ?? model.defaultResolution ?? ''] ?? [];
  return model.durations.filter((seconds) => !not.includes(seconds));
}

/** Default length: the wanted one if supported at this resolution, else the model's default, else its shortest. */
export function usualSeconds(
  model: VideoRules,
  resolution: string | undefined,
  wanted: number | undefined,
): number | undefined {
  const possible = durationsAt(model, resolution);
  const all = [wanted, model.defaultDuration, possible[0]];
  return all.find((seconds) => seconds !== undefined && possible.includes(seconds));
}

/** Seconds that each of so many clips may have; undefined if the model doesn't take as many. */
export function clipSecondsOf(
  { clips }: VideoRules,
  count: number,
): readonly [least: number, most: number] | undefined {
  return clips?.seconds[count - 1];
}

/** Seconds of a clip that are used. */
export function usedSeconds({ seconds, cutTo }: Pick<SourceClip, 'seconds' | 'cutTo'>): number | undefined {
  return seconds === undefined || cutTo === undefined ? seconds : Math.min(seconds, cutTo);
}

/**
 * Length of what is made of a clip that is edited, if the user doesn't say: the clip's own, as far as the model makes it;
 * undefined if no clip is edited, or its length isn't known yet.
 */
export function editedSeconds(model: VideoRules, { clips, resolution }: VideoRequest): number | undefined {
  const base = clips?.find(({ refer }) => refer === 'base');
  const seconds = base && usedSeconds(base);
  if (seconds === undefined) return undefined;
  const possible = durationsAt(model, resolution);
  return possible.find((one) => one >= Math.round(seconds)) ?? possible.at(-1);
}

/** Images per order, as billed by MPS. */
export function picturesOf(model: Rules): number {
  return model.kind === 'image' ? (model.pictures ?? 1) : 1;
}

/**
 * The size of an image, `1360x768`: the one asked for, or on a model that takes sizes the largest of the ratio asked
 * for. Undefined if the request leaves it open, and for a model that takes the ratio itself.
 */
export function sizeOf(
  { size: rule, aspectRatios }: Pick<ImageRules, 'size' | 'aspectRatios'>,
  { size, aspectRatio }: Pick<ImageRequest, 'size' | 'aspectRatio'>,
): string | undefined {
  if (size !== undefined || aspectRatio === undefined || aspectRatios.includes(aspectRatio)) return size;
  const ratio = parseRatio(aspectRatio);
  const largest = rule && ratio && largestSize(ratio, rule);
  return largest ? formatSize(largest) : undefined;
}

/** ModelVersion that makes a request: a scene may have one of its own. */
export function versionOf(model: Rules, { scene }: Pick<GenerationRequest, 'scene'>): string {
  return (scene !== undefined && model.sceneVersions?.[scene]) || model.version;
}

/** An option of the model's own that it refuses, as it stands in the prompt. */
export function refusedOption(
  { refusedOptions = [] }: ImageRules,
  { prompt }: Pick<ImageRequest, 'prompt'>,
): string | undefined {
  const words = prompt.toLowerCase().replaceAll('—', '--').split(/\s+/);
  return refusedOptions.find((option) => words.includes(option));
}

/** The prompt with its ratio as a word of it, for a model that reads it there. One that it names itself gives way. */
export function withRatio(prompt: string, ratio: string): string {
  const words = prompt.replace(/(?<=^|\s)(?:--|—)(?:ar|aspect)\s+\S+/giu, ' ').trim();
  return `${words} --ar ${ratio}`.trim();
}
