/** Remembers the events handled lately, so that one Discord sends again is handled once. */
export interface DuplicateFilter {
  /** @returns false if an event of this id was handled before. */
  isFirst(eventId: string): boolean;
}

/** Discord repeats an event within moments: after a resume, or on two connections of one shard. */
const usualMost = 5_000;

/** @param most ids kept; the oldest is forgotten first. */
export function createDuplicateFilter(most = usualMost): DuplicateFilter {
  const handled = new Set<string>();
  return {
    isFirst(eventId) {
      if (handled.has(eventId)) return false;
      handled.add(eventId);
      for (const oldest of handled) {
        if (handled.size <= most) break;
        handled.delete(oldest);
      }
      return true;
    },
  };
}
