import { findBox } from '../formats/mp4-boxes.js';

/** The samples of a track, as its header counts them (ISO/IEC 14496-12, 8.6.1, 8.7). */
export interface SampleTable {
  readonly samples: number;
  /** In units of the track's timescale. */
  readonly length: number;
  /** All samples last equally long, but for what a timescale rounds, and the last one. */
  readonly isSteady: boolean;
  /** Where in the file the last byte of a sample is. */
  readonly end: number;
}

/** A header that contradicts itself, or counts what the file has no room for. */
export class ContradictionError extends Error {
  override readonly name = 'ContradictionError';
}

/** More samples are ten hours at 30 a second: no clip has so many, and each takes time to look at. */
const mostSamples = 1_000_000;
/** Of the mean: how far the length of a sample may be off where the frame rate is constant. */
const jitter = 0.1;

/**
 * @param stbl the box with the tables
 * @param hasVariableSize whether each sample's own size counts; the samples of sound may be single bytes
 * @throws ContradictionError
 */
export function readSamples(stbl: Buffer): SampleTable {
  const times = readTimes(tableOf(stbl, 'stts', 8));
  const { count, sizeOf } = readSizes(stbl);
  if (times.samples !== count) throw new ContradictionError(`${times.samples} times for ${count} samples`);
  return { ...times, end: count === 0 ? 0 : endOf(stbl, count, sizeOf) };
}

/**
 * The same for sound: only its length and where its chunks begin.
 * @throws ContradictionError
 */
export function readSoundTimes(stbl: Buffer): Pick<SampleTable, 'length' | 'end'> {
  const { length } = readTimes(tableOf(stbl, 'stts', 8));
  return { length, end: Math.max(0, ...lastOf(chunksOf(stbl))) };
}

function readTimes({ body, count }: Table): Omit<SampleTable, 'end'> {
  let [samples, length, least, most] = [0, 0, Number.POSITIVE_INFINITY, 0];
  for (let index = 0; index < count; index++) {
    const [number, delta] = [body.readUInt32BE(8 + 8 * index), body.readUInt32BE(12 + 8 * index)];
    // What the last one lasts says nothing of the rate.
    const isLast = index === count - 1 && number === 1 && count > 1;
    if (!isLast) [least, most] = [Math.min(least, delta), Math.max(most, delta)];
    samples += number;
    length += number * delta;
  }
  const mean = samples > 0 ? length / samples : 0;
  return { samples, length, isSteady: samples < 3 || most - least <= Math.max(2, mean * jitter) };
}

/** `stsz`, or `stz2`, whose sizes take 4, 8 or 16 bits (8.7.3). */
function readSizes(stbl: Buffer): { count: number; sizeOf: (index: number) => number } {
  const body = findBox(stbl, 'stsz');
  const compact = body ? undefined : findBox(stbl, 'stz2');
  if (compact) return readCompactSizes(compact);
  if (!body || body.length < 12) throw new ContradictionError('no sizes');
  const [same, count] = [body.readUInt32BE(4), body.readUInt32BE(8)];
  if (count > mostSamples) throw new ContradictionError(`${count} samples`);
  if (same === 0 && 12 + 4 * count > body.length) throw new ContradictionError('sizes are missing');
  return { count, sizeOf: (index) => (same === 0 ? body.readUInt32BE(12 + 4 * index) : same) };
}

function readCompactSizes(body: Buffer): ReturnType<typeof readSizes> {
  if (body.length < 12) throw new ContradictionError('no sizes');
  const [bits, count] = [body.readUInt8(7), body.readUInt32BE(8)];
  if (count > mostSamples) throw new ContradictionError(`${count} samples`);
  if (bits !== 4 && bits !== 8 && bits !== 16) throw new ContradictionError(`sizes of ${bits} bits`);
  if (12 + Math.ceil((count * bits) / 8) > body.length) throw new ContradictionError('sizes are missing');
  // The first of two in a byte has its upper half.
  const half = (index: number) => (body.readUInt8(12 + (index >> 1)) >> (index % 2 === 0 ? 4 : 0)) & 0xf;
  if (bits === 4) return { count, sizeOf: half };
  return { count, sizeOf: (index) => body.readUIntBE(12 + (index * bits) / 8, bits / 8) };
}

/** `stsc`: runs of chunks with equally many samples, each from a first chunk on, counted from 1. */
function endOf(stbl: Buffer, samples: number, sizeOf: (index: number) => number): number {
  const chunks = chunksOf(stbl);
  const runs = tableOf(stbl, 'stsc', 12);
  const first = (run: number) =>
    run < runs.count ? runs.body.readUInt32BE(8 + 12 * run) : chunks.length + 1;
  let [sample, end] = [0, 0];
  for (let run = 0; run < runs.count; run++) {
    const each = runs.body.readUInt32BE(12 + 12 * run);
    if (first(run + 1) <= first(run)) throw new ContradictionError('runs of chunks are out of order');
    for (let chunk = first(run); chunk < first(run + 1) && chunk <= chunks.length; chunk++) {
      let at = chunks[chunk - 1] ?? 0;
      for (let left = each; left > 0 && sample < samples; left--, sample++) at += sizeOf(sample);
      end = Math.max(end, at);
    }
  }
  if (sample < samples) throw new ContradictionError(`chunks for ${sample} of ${samples} samples`);
  return end;
}

function chunksOf(stbl: Buffer): number[] {
  const short = findBox(stbl, 'stco');
  const { body, count } = tableOf(stbl, short ? 'stco' : 'co64', short ? 4 : 8);
  return Array.from({ length: count }, (_, index) =>
    short ? body.readUInt32BE(8 + 4 * index) : Number(body.readBigUInt64BE(8 + 8 * index)),
  );
}

function lastOf(chunks: readonly number[]): number[] {
  return chunks.length === 0 ? [] : [chunks.reduce((most, at) => Math.max(most, at), 0)];
}

interface Table {
  readonly body: Buffer;
  readonly count: number;
}

/** A table with its count, which has to have as many entries. */
function tableOf(stbl: Buffer, type: string, entryLength: number): Table {
  const body = findBox(stbl, type);
  if (!body || body.length < 8) throw new ContradictionError(`no ${type}`);
  const count = body.readUInt32BE(4);
  if (8 + count * entryLength > body.length)
    throw new ContradictionError(`${type} has fewer entries than ${count}`);
  return { body, count };
}
