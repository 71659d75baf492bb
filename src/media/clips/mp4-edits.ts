import { ContradictionError } from './sample-table.js';

/** More edits are no clip that someone made: each may show the whole track again. */
const mostEdits = 100;
/** Seconds that an edit list may skip at the start: what comes before the first frame shown, for decoders. */
const skipped = 0.5;
/** Seconds of nothing at the start that no one sees. */
const unseen = 0.1;

/**
 * `elst`: which parts of a track are shown, each from a time of its own on (-1: nothing is), at a rate (ISO/IEC 14496-12,
 * 8.6.6).
 * @param length of the track in its own timescale
 * @returns how long the track is shown, in seconds
 * @throws ContradictionError
 */
export function readEdits(elst: Buffer | undefined, movieScale: number, mediaScale: number, length: number) {
  const whole = length / mediaScale;
  const edits = elst ? entriesOf(elst) : [];
  const shown = edits.filter(({ from }) => from >= 0);
  if (shown.length === 0) return { seconds: whole, isEdited: false };
  const empty = sum(edits.filter(({ from }) => from < 0).map(({ units }) => units)) / movieScale;
  const seconds = sum(
    // A length of 0 reaches to the end.
    shown.map(({ from, units }) =>
      units === 0 ? Math.max(0, whole - from / mediaScale) : units / movieScale,
    ),
  );
  const [first] = shown;
  const isPlain = shown.length === 1 && shown.every(({ rate }) => rate === 0x10000);
  const skip = (first?.from ?? 0) / mediaScale;
  // It holds the last frame, or skips the end.
  const isWhole = Math.abs(whole - skip - seconds) <= skipped;
  return { seconds, isEdited: !isPlain || skip > skipped || empty > unseen || !isWhole };
}

function entriesOf(elst: Buffer): { units: number; from: number; rate: number }[] {
  const isLong = elst.readUInt8(0) === 1;
  const count = elst.readUInt32BE(4);
  const length = isLong ? 20 : 12;
  if (count > mostEdits || 8 + count * length > elst.length) throw new ContradictionError(`${count} edits`);
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * length;
    return isLong
      ? {
          units: Number(elst.readBigUInt64BE(at)),
          from: Number(elst.readBigInt64BE(at + 8)),
          rate: elst.readInt32BE(at + 16),
        }
      : { units: elst.readUInt32BE(at), from: elst.readInt32BE(at + 4), rate: elst.readInt32BE(at + 8) };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
