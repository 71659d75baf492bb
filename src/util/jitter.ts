/**
 * A wait before something is tried again, ms: up to a quarter longer. Hundreds of tasks that one outage struck at one
 * instant must not come back at one instant; and never sooner, so that a floor stays a floor.
 */
export function jittered(ms: number, random: () => number = Math.random): number {
  return ms * (1 + random() / 4);
}
