import type { Step } from './steps.js';

/** Ends this process at one instant of its life, as a power cut would. */
export interface Tripwire {
  pass(step: Step): void;
}

/** @param nth how often the step is passed before it kills: 1 is the first time. */
export function createTripwire(deadly: Step | undefined, nth: number): Tripwire {
  let passed = 0;
  return {
    pass(step) {
      if (step !== deadly) return;
      passed += 1;
      if (passed === nth) process.kill(process.pid, 'SIGKILL');
    },
  };
}
