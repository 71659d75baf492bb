import { randomInt } from 'node:crypto';

/** Returns a number in [0, 1). */
export type Random = () => number;

/** Repeatable with a seed (mulberry32), else the system's. */
export function createRandom(seed?: number): Random {
  if (seed === undefined) return () => randomInt(2 ** 32) / 2 ** 32;
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `length` letters and digits. */
export function randomText(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += alphabet[Math.floor(random() * alphabet.length)] ?? '';
  return text;
}
