import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A change to a file: at a place so many bytes give way to others. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

/** Writes the file at `from` to `to` with changes, given in their order in the file; all else stays byte for byte. */
export async function splice(from: string, to: string, splices: readonly Splice[]): Promise<void> {
  const { size } = await stat(from);
  async function* parts(): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (const change of [...splices, { at: size, remove: 0, insert: new Uint8Array() }]) {
      if (change.at > at) yield* createReadStream(from, { start: at, end: change.at - 1 });
      if (change.insert.length > 0) yield change.insert;
      at = change.at + change.remove;
    }
  }
  await pipeline(Readable.from(parts()), createWriteStream(to));
}
