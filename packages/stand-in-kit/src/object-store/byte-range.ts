import { CosRefusal } from './cos-error.js';

/** Bytes `from` up to and without `to`. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * The part that a Range header asks for; undefined for the whole: no header, one that is not understood, or several ranges.
 * @throws CosRefusal 416 for a range beyond the end
 */
export function rangeOf(header: string | undefined, length: number): Part | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (from >= length) throw new CosRefusal(416, 'InvalidRange', 'The requested range cannot be satisfied.');
  return end < from ? undefined : { from, to: end + 1 };
}
