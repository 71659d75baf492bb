/** What MPS made. */
export interface Made {
  /** Images, or seconds of video, rounded up. */
  readonly billed: number;
  /** Sound was ordered but is missing. */
  readonly silent?: boolean;
  /** For a chained order, the first image file: type and length in bytes. */
  readonly first?: { readonly type: string; readonly bytes: number };
}

/** A result as MPS served it. */
export interface ResultFile {
  /** In hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** `image/png` */
  readonly type: string;
  /** Pixels; unknown of results before the end of 2026, and of files whose header doesn't say. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * How a result was posted, and the posted file, if any. `playable`: converted so that it plays in every Discord
 * client; `raw`: unchanged, although it doesn't play in all of them; `withheld`: Discord's media filter blocked it.
 */
export interface SentFile {
  readonly how: 'whole' | 'playable' | 'raw' | 'smaller' | 'preview' | 'link' | 'withheld';
  /** The file size limit there, bytes. */
  readonly limit: number;
  readonly sha256?: string;
  readonly bytes?: number;
}

/** A clip joined to all before it, and the file: its length in seconds. */
export interface WholeClip {
  readonly seconds: number;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Why a clip that continues another was posted without it: that one is `gone`; they could not be joined (`failed`); or
 * there is no ffmpeg any more (`unavailable`).
 */
export interface Unjoined {
  readonly missing: 'gone' | 'failed' | 'unavailable';
}

/** Everything stored about a task's results; the lists follow the order of the links. */
export interface Results {
  readonly urls: readonly string[];
  /** ms since the epoch; absent: they name objects in the operator's bucket and don't expire. */
  readonly linksExpireAt?: number;
  readonly files: readonly ResultFile[];
  /** Once they are posted. */
  readonly sent?: readonly SentFile[];
}
