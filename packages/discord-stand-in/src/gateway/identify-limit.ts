/**
 * How often shards may identify: those with the same remainder by `concurrency` share one identify in each
 * window of `windowMs`, whichever process they come from. Discord docs: Gateway, "Sharding: max_concurrency".
 */
export function createIdentifyRule(
  concurrency = 1,
  windowMs = 5_000,
  now: () => number = () => performance.now(),
): (shardId: number) => boolean {
  const free = new Map<number, number>();
  return (shardId) => {
    const key = shardId % concurrency;
    const time = now();
    if ((free.get(key) ?? 0) > time) return false;
    free.set(key, time + windowMs);
    return true;
  };
}
