import type { ClaimedType } from './formats/declared-type.js';

/** A file on this machine's disk, or soon there, and its type: by its bytes, or by what is said of it where those tell nothing. */
export interface LocalFile {
  readonly path: string;
  readonly type: ClaimedType;
  readonly bytes: number;
  /** All of it, while it is only kept in memory: `path` is free until `Spool.write`. */
  readonly content?: Buffer;
}

/** A result in the spool, byte for byte as MPS served it. */
export interface FetchedFile extends LocalFile {
  /** In hex. */
  readonly sha256: string;
  /** If it is known already. */
  readonly pixels?: { readonly width: number; readonly height: number };
}
