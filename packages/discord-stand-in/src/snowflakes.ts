import type { Clock } from './timer-clock.js';

/** Discord's epoch, the first second of 2015, in ms. */
export const discordEpoch = 1_420_070_400_000n;
/** Ids are at least 17 digits long from here on: some libraries take shorter ones for mistakes. */
const oldest = discordEpoch + 10_000_000_000n;

/** Returns ever greater ids that contain the clock's time. Discord docs: reference, Snowflakes. */
export type NextId = () => string;

export function createSnowflakes(clock: Clock): NextId {
  let last = 0n;
  return () => {
    const asked = BigInt(Math.trunc(clock.now()));
    const time = asked > oldest ? asked : oldest;
    const first = (time - discordEpoch) << 22n;
    last = first > last ? first : last + 1n;
    return last.toString();
  };
}

/** The ms since the Unix epoch that an id carries. */
export function timeOf(id: string): number {
  return Number((BigInt(id) >> 22n) + discordEpoch);
}

/** Orders ids by age. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
