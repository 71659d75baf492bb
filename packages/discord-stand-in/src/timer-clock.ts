/** The stand-in's time. Deadlines of tokens and links use it; rate limits and heartbeats use real time. */
export interface Clock {
  /** ms since the Unix epoch. */
  now(): number;
  /** Advances the clock by `ms`; due timers fire. */
  advance(ms: number): void;
  /** Calls back once `ms` have passed here. Returns a function that cancels it. */
  after(ms: number, callback: () => void): () => void;
  close(): void;
}

/** A clock over `base` (the real one, or a test's) that can be put forward. */
export function createClock(base: () => number): Clock {
  let offset = 0;
  const waiting = new Map<() => void, { due: number; timer: NodeJS.Timeout | undefined }>();
  const now = (): number => base() + offset;

  function arm(callback: () => void, due: number): void {
    const wait = Math.max(1, due - now());
    const timer = setTimeout(() => settle(callback), wait);
    timer.unref();
    waiting.set(callback, { due, timer });
  }

  /** Calls back when it is due; else waits on, since an injected clock may be slower than the real one. */
  function settle(callback: () => void): void {
    const entry = waiting.get(callback);
    if (!entry) return;
    clearTimeout(entry.timer);
    if (now() < entry.due) arm(callback, entry.due);
    else {
      waiting.delete(callback);
      callback();
    }
  }

  return {
    now,
    advance(ms) {
      offset += ms;
      for (const callback of [...waiting.keys()]) settle(callback);
    },
    after(ms, callback) {
      arm(callback, now() + ms);
      return () => {
        clearTimeout(waiting.get(callback)?.timer);
        waiting.delete(callback);
      };
    },
    close() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
