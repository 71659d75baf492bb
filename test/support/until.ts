import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once `holds` is true; rejects, naming `what`, when that takes longer than `limitMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 5_000,
): Promise<void> {
  for (const end = Date.now() + limitMs; !(await holds()); await sleep(2)) {
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
  }
}

/** Lets everything that is ready to run come to its next wait. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
