import type { LocalFile } from '../files.js';

/** What a file is made to fit. */
export interface FitTarget {
  readonly maxBytes: number;
}

/** A file that was made smaller, in the spool. */
export interface Fitted extends LocalFile {
  /**
   * `playable`: as it was, but for what kept it from playing everywhere. `preview`: it shows what the file is, and is
   * no substitute for it (a still image of a video).
   */
  readonly how: 'smaller' | 'preview' | 'playable';
}
