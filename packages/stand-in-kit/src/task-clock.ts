/** The clocks of a stand-in, all in ms. Speed affects only task time: signatures and limits use the real clock. */
export interface StandInClock {
  /** Real time since the epoch. */
  now(): number;
  /** For the sliding second: never steps back, finer than a millisecond. */
  monotonic(): number;
  /** The API's clock, since the epoch: the real time and the skew. */
  server(): number;
  /** Time as tasks and links live it: runs `speed` times as fast as the real one. */
  task(): number;
  /** The real time at which `task()` will be (or was) `taskTime`, at the present speed. */
  realOf(taskTime: number): number;
  /** Sets the API's clock off by so many ms, against signatures only. */
  skew(ms: number): void;
  /** Advances task time by so many ms: tasks finish, links expire. */
  advance(ms: number): void;
  readonly offset: number;
  readonly speed: number;
  setSpeed(speed: number): void;
}

/** @param now ms since the epoch; injected by tests. */
export function createClock(options: { now?: (() => number) | undefined; speed: number }): StandInClock {
  const now = options.now ?? Date.now;
  let speed = checkedSpeed(options.speed);
  let offset = 0;
  let base = { real: now(), task: 0 };
  const task = (): number => base.task + (now() - base.real) * speed;
  return {
    now,
    monotonic: options.now ?? (() => performance.now()),
    server: () => now() + offset,
    task,
    realOf: (taskTime) => base.real + (taskTime - base.task) / speed,
    skew(ms) {
      offset = ms;
    },
    advance(ms) {
      base = { real: now(), task: task() + ms };
    },
    get offset() {
      return offset;
    },
    get speed() {
      return speed;
    },
    setSpeed(value) {
      base = { real: now(), task: task() };
      speed = checkedSpeed(value);
    },
  };
}

function checkedSpeed(speed: number): number {
  if (speed > 0 && Number.isFinite(speed)) return speed;
  throw new RangeError(`speed must be a number above 0, not ${speed}`);
}
