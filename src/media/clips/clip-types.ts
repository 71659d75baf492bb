import type { LocalFile } from '../files.js';

/** What MPS accepts of a clip as input, and for how long ("Clips as input" in docs/mps-api.md). */
export interface ClipRule {
  readonly maxBytes: number;
  /**
   * Bytes of a converted copy, if it has to be hosted where less fits.
   * @default as many
   */
  readonly maxMadeBytes?: number;
  /** Pixels a side. */
  readonly minSide: number;
  readonly maxSide: number;
  /** Seconds; a clip may exceed the longest by what containers round. */
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** The containers that Easel opens, each with a demuxer of its own that it forces on ffmpeg. */
export type ClipContainer = 'mp4' | 'quicktime' | 'matroska' | 'avi' | 'gif';

/** What a clip's own header tells. 0 or undefined: it does not say. */
export interface ClipHeader {
  readonly container: ClipContainer;
  /** Sample entry of an MP4 (`avc1`), codec id of a Matroska file (`V_VP9`), FourCC of an AVI; undefined without a picture. */
  readonly codec: string | undefined;
  /** Seconds. */
  readonly seconds: number | undefined;
  /** Pixels, as it is shown: a clip on its side is turned. */
  readonly width: number;
  readonly height: number;
  /** Frames a second, on average. */
  readonly rate: number;
  /** Turned by its metadata, clockwise, in degrees. */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly hasSound: boolean;
  /** Length of its sound, seconds. */
  readonly soundSeconds?: number;
}

/** Why a clip can't go to MPS as it is. The first three need no new encoding. */
export type ClipFlaw =
  | 'container'
  | 'header'
  | 'fragments'
  /** Its header says another length than its tracks, or none. */
  | 'length'
  | 'codec'
  /** Not 4:2:0, or more bits than a phone's. */
  | 'chroma'
  | 'rotation'
  | 'frameRate'
  | 'sound'
  | 'pixels'
  | 'bytes'
  | 'edits';

/** Why a clip is refused; each has a text `failure.source.clip.<refusal>`. */
export type ClipRefusal =
  /** Another kind of file, or a kind of clip that Easel does not open: `{name, found, allowed}`. */
  | 'type'
  /** Nothing that Easel knows: a playlist, a script, text: `{name, allowed}`. */
  | 'unknown'
  /** Damaged, truncated or contradictory: `{name}`. */
  | 'broken'
  /** Its pictures are in another file or at an address: `{name}`. */
  | 'external'
  /** It has sound only: `{name}`. */
  | 'pictureless'
  /** Too many bytes to be downloaded: `{name, megabytes, max}`. */
  | 'size'
  /** `{name, seconds, min}` */
  | 'short'
  /** `{name, seconds, max}`: its first seconds may be used if the user agrees. */
  | 'long'
  /** A side has too few pixels, or one too many that can't be scaled down: `{name, width, height, min, max}`. */
  | 'pixels'
  /** It would have to be converted, and there is no ffmpeg: `{name, max}`. */
  | 'unconverted'
  /** Converting takes more time or memory than a clip may: `{name}`. */
  | 'heavy'
  /** It is fine, but too large for Discord, and there is no bucket: `{name, megabytes, max}`. */
  | 'bucket';

export type ClipVerdict =
  | { readonly kind: 'fits'; readonly header: ClipHeader }
  | {
      readonly kind: 'convert';
      readonly header: ClipHeader;
      readonly flaws: readonly ClipFlaw[];
      /** MPS would refuse it as it is; otherwise it goes there as it is if there is no ffmpeg. */
      readonly isNeeded: boolean;
    }
  | {
      readonly kind: 'refuse';
      readonly refusal: ClipRefusal;
      /** For the text, without the file's name. */
      readonly params: Readonly<Record<string, string | number | readonly string[]>>;
    };

/** A clip that MPS accepts. */
export interface FitClip extends LocalFile {
  readonly type: 'video/mp4' | 'video/quicktime';
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  /** Changed from the user's upload: it is a new file in the spool. */
  readonly converted: boolean;
}

/** Two clips in one file, an MP4 that plays everywhere. */
export interface JoinedClip extends LocalFile {
  readonly type: 'video/mp4';
  readonly seconds: number;
}

interface Options {
  readonly signal: AbortSignal;
}

/** Looks at clips, and changes them with ffmpeg in a confined child process. Never changes the file it is given. */
export interface Clips {
  /** Whether there is an ffmpeg: without one nothing is converted, extended or joined. */
  readonly canConvert: boolean;
  /** Judges a clip by its bytes alone: no other program opens it. @throws an Error of the disk */
  inspect(file: Pick<LocalFile, 'path' | 'bytes'>, rule: ClipRule): Promise<ClipVerdict>;
  /**
   * The clip as MPS accepts it: itself, or a converted copy in the spool, whose owner is the caller.
   * @param options.cutTo seconds that the user agreed to cut it to
   * @throws ClipRefusedError; the signal's reason
   */
  fit(
    file: Pick<LocalFile, 'path' | 'bytes'>,
    rule: ClipRule,
    options: Options & { readonly cutTo?: number },
  ): Promise<FitClip>;
  /**
   * The very last frame that a player shows, as a PNG in full resolution, in the spool.
   * @throws ClipRefusedError (`unconverted` without ffmpeg, `broken`, `heavy`); the signal's reason
   */
  lastFrame(file: LocalFile, options: Options): Promise<LocalFile & { readonly type: 'image/png' }>;
  /**
   * One clip without a visible seam, in the spool: the frame that both share is dropped, the sound cross-faded, the size
   * and frame rate are the first's; where one of them is silent, silence stands in.
   * @throws as `lastFrame`
   */
  join(
    first: LocalFile,
    second: LocalFile,
    options: Options & {
      /** Bytes that the file may have at most. @default 500 MB */
      readonly maxBytes?: number;
    },
  ): Promise<JoinedClip>;
}

/** A clip that can't be used; `params` go into the text `failure.source.clip.<refusal>`, without the file's name. */
export class ClipRefusedError extends Error {
  override readonly name = 'ClipRefusedError';
  readonly refusal: ClipRefusal;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
  constructor(refusal: ClipRefusal, params: ClipRefusedError['params'] = {}, options?: ErrorOptions) {
    super(`A clip was refused: ${refusal}.`, options);
    this.refusal = refusal;
    this.params = params;
  }
}
