/** Time that advances only when everything due before has happened: an hour takes a second. */
export interface SimulatedTime {
  /** ms. */
  readonly now: () => number;
  /** Calls back after `ms`, unless the returned function is called before. */
  after(ms: number, call: () => void): () => void;
  sleep(ms: number): Promise<void>;
  /** Advances time until `over` returns true, or nothing is left to happen. */
  run(over: () => boolean): Promise<void>;
}

interface Event {
  readonly at: number;
  /** At equal times, first planned, first run. */
  readonly order: number;
  readonly call: () => void;
  off: boolean;
}

export function createSimulatedTime(): SimulatedTime {
  const events: Event[] = [];
  let time = 0;
  let planned = 0;

  const isBefore = (one: Event, other: Event) =>
    one.at < other.at || (one.at === other.at && one.order < other.order);

  function push(event: Event): void {
    let n = events.push(event) - 1;
    while (n > 0) {
      const parent = (n - 1) >>> 1;
      const above = events[parent];
      if (!above || !isBefore(event, above)) break;
      events[n] = above;
      n = parent;
    }
    events[n] = event;
  }

  function pop(): Event | undefined {
    const first = events[0];
    const last = events.pop();
    if (!last || events.length === 0) return first;
    let n = 0;
    for (;;) {
      const [left, right] = [events[2 * n + 1], events[2 * n + 2]];
      const child = right && left && isBefore(right, left) ? 2 * n + 2 : 2 * n + 1;
      const below = events[child];
      if (!below || !isBefore(below, last)) break;
      events[n] = below;
      n = child;
    }
    events[n] = last;
    return first;
  }

  function after(ms: number, call: () => void): () => void {
    const event = { at: time + Math.max(0, ms), order: planned++, call, off: false };
    push(event);
    return () => {
      event.off = true;
    };
  }

  return {
    now: () => time,
    after,
    sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
    async run(over) {
      for (;;) {
        // All consequences are due before the next event.
        await new Promise(setImmediate);
        if (over()) return;
        const event = pop();
        if (!event) return;
        if (event.off) continue;
        time = event.at;
        event.call();
      }
    },
  };
}
