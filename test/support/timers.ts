/**
 * Counts the timers that code in `place` (matched with paths) sets from now on and that have neither fired nor been cleared;
 * disposing ends it. For fake timers: `vi.getTimerCount()` would count what anything else in this worker sets
 * meanwhile, too. The files of the suite share workers, and a connection that an earlier file closed may still have a
 * step to take.
 */
export function watchTimers(place: RegExp): Disposable & { left(): number } {
  const left = new Set<unknown>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const noting = (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const ran = () => {
      left.delete(timer);
      run(...args);
    };
    const timer = set(ran, ms);
    if (place.test(new Error('who sets it').stack ?? '')) left.add(timer);
    return timer;
  };
  globalThis.setTimeout = noting as typeof setTimeout;
  globalThis.clearTimeout = (timer) => {
    left.delete(timer);
    clear(timer);
  };
  return {
    left: () => left.size,
    [Symbol.dispose]: () => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear }),
  };
}
