/** Numbers in [0, 1), the same ones for the same seed. */
export type Random = () => number;

/** mulberry32: small, fast and good enough for test data; never for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a: a seed from a text. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

export function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** Log-normal between two bounds (any unit): most values near their geometric mean, a tail to the slow side, none outside. */
export function logNormal(random: Random, [least, most]: readonly [number, number]): number {
  if (least <= 0 || most <= least) return Math.max(least, 0);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const value = Math.sqrt(least * most) * Math.exp((normal * Math.log(most / least)) / 4);
  return Math.min(Math.max(value, least), most);
}
