export interface FakeClock {
  readonly now: () => number;
  /** Lets `ms` pass. */
  pass(ms: number): void;
}

/** A clock that stands still until it is advanced. */
export function createFakeClock(start = Date.UTC(2026, 0, 15, 12)): FakeClock {
  let time = start;
  return {
    now: () => time,
    pass(ms) {
      time += ms;
    },
  };
}
