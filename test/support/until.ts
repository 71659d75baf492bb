import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a test waits for something that has to happen, ms: forever, in effect. It only makes a hanging test name
 * what it waits for before the test's own limit ends it, so it implies nothing about Easel's speed.
 */
export const patienceMs = 60_000;

/** Resolves once `holds` is true; rejects, naming `what`, when that takes longer than `limitMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = patienceMs,
): Promise<void> {
  for (const end = performance.now() + limitMs; !(await holds()); await sleep(2)) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
  }
}

/**
 * Gives something that must not happen `ms` to happen all the same. On a slow machine the test after it sees less than
 * it could; it never fails for that.
 */
export async function giveChance(ms: number): Promise<void> {
  await sleep(ms);
}

/** Lets everything that is ready to run come to its next wait. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
