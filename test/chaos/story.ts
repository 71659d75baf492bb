/** One thing that happened. */
interface Event {
  /** ms since the epoch. */
  readonly at: number;
  readonly what: string;
  /** The order that it concerns: its id, or undefined for all. */
  readonly order?: string | undefined;
}

/** A cycle's events, for reading when something went wrong. */
export interface Story {
  tell(what: string, order?: string, at?: number): void;
  /** Lines about one order, in order of time; ms since the beginning. */
  of(order: string): string[];
  all(): string[];
}

export function createStory(): Story {
  const begin = Date.now();
  const events: Event[] = [];
  const lines = (chosen: readonly Event[]) =>
    [...chosen]
      .sort((a, b) => a.at - b.at)
      .map(({ at, what }) => `${String(at - begin).padStart(6)} ms  ${what}`);
  return {
    tell(what, order, at = Date.now()) {
      events.push({ at, what, order });
    },
    of: (order) => lines(events.filter((event) => event.order === undefined || event.order === order)),
    all: () => lines(events.map((event) => ({ ...event, what: `${event.order ?? ''} ${event.what}` }))),
  };
}
