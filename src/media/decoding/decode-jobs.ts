/** What an image's header says, without decoding it. */
export interface HeaderFacts {
  /** As libvips names it: `jpeg`, `png`, `webp`, `gif`, `heif` (AVIF and HEIC). */
  readonly format: string;
  /** Pixels of one frame. */
  readonly width: number;
  readonly height: number;
  /**
   * It looks the same to a program that knows nothing of cameras, screens and printers: one frame, upright (EXIF
   * orientation), in sRGB or grey of 8 bits.
   */
  readonly plain: boolean;
  /** It is read line by line, rather than unfolded as a whole: upright, and neither progressive nor interlaced. */
  readonly byLine: boolean;
  /** More than 8 bits a colour. */
  readonly deep: boolean;
  /** More than one: it is animated. */
  readonly frames: number;
  /** Some of it may be transparent. */
  readonly alpha: boolean;
}

/** One way to encode an image again. */
export interface Encoding {
  readonly type: 'image/webp' | 'image/jpeg';
  readonly lossless: boolean;
  /** 1 to 100, unless it is lossless. */
  readonly quality: number;
  /** Longest side, pixels; its own unless given. */
  readonly side?: number;
  /** JPEG keeps the colour of each pixel, rather than one for four (4:4:4); WebP cannot. */
  readonly fullColour?: true;
  /** How long a lossless WebP is worked on: 0 takes a quarter of the time of 3, for up to a quarter more bytes. @default 3 */
  readonly effort?: 0 | 3;
}

/** What the process that decodes can be asked to do: for each job what it is given, and what it answers. */
export interface Jobs {
  /** Undefined for a file that is no image. */
  readonly header: { readonly asks: { readonly path: string }; readonly answers: HeaderFacts | undefined };
  /** Whether every pixel is there: a truncated file has a good header, too. */
  readonly whole: { readonly asks: { readonly path: string }; readonly answers: boolean };
  /** Undefined for one that cannot be read to its end or made small enough. */
  readonly convert: {
    readonly asks: {
      readonly from: string;
      readonly to: string;
      readonly alpha: boolean;
      readonly maxBytes: number;
    };
    readonly answers: { readonly type: 'image/png' | 'image/jpeg'; readonly bytes: number } | undefined;
  };
  /**
   * About how many bytes each encoding would have, by a few bands of the image. Undefined for one that cannot be read
   * as far as the last of them.
   */
  readonly weigh: {
    readonly asks: {
      readonly path: string;
      readonly width: number;
      readonly height: number;
      readonly hows: readonly Encoding[];
    };
    readonly answers: readonly number[] | undefined;
  };
  /** The bytes it has; undefined for one that cannot be read to its end. */
  readonly encode: {
    readonly asks: { readonly from: string; readonly to: string; readonly how: Encoding };
    readonly answers: number | undefined;
  };
  /** Its XMP and EXIF as text. */
  readonly words: { readonly asks: { readonly path: string }; readonly answers: readonly string[] };
  /** Makes a tiny image of each kind that Easel writes and reads it again. */
  readonly probe: { readonly asks: object; readonly answers: boolean };
}

export type JobName = keyof Jobs;

/** A job as it is sent. */
export type Order = {
  readonly [Name in JobName]: {
    readonly job: Name;
    readonly asks: Jobs[Name]['asks'];
    /** Memory of its process at which it ends itself, bytes (resident set). */
    readonly mostRss: number;
    /** Seconds after which libvips gives up; the process is killed a little later. */
    readonly seconds: number;
  };
}[JobName];

/** What comes back: first `ready`, or why the library cannot be loaded; then one answer for each order. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'unloadable'; readonly why: string }
  /** `rss`: its memory afterwards, bytes. */
  | { readonly type: 'answer'; readonly value?: unknown; readonly rss: number }
  /** It takes more memory than it may, and ends itself. */
  | { readonly type: 'over'; readonly rss: number };
