/**
 * What a power cut can cost with a Redis set up so; undefined if nothing that was acknowledged is lost (Redis docs:
 * "Redis persistence"). What a process alone loses when it is killed is less, but no one chooses how it ends.
 * @param appendonly `yes` or `no`. @param appendfsync `always`, `everysec` or `no`; undefined if Redis doesn't tell.
 */
export function lossOf(appendonly: string, appendfsync: string | undefined): string | undefined {
  const cost = 'orders among them that were paid for are forgotten, and may be ordered again';
  if (appendonly !== 'yes') return `everything since its last snapshot: ${cost}`;
  if (appendfsync === 'everysec') return `what it acknowledged in the last second: ${cost}`;
  if (appendfsync === 'no') return `what it acknowledged in the last half a minute: ${cost}`;
  return undefined;
}
