import { setImmediate as nextTurn } from 'node:timers/promises';

/** Calls `visit` for each item, and lets others run in between: a long list must keep no one waiting. */
export async function visitInSlices<T>(
  items: readonly T[],
  visit: (item: T) => void,
  atOnce = 250,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    visit(item);
    if (index % atOnce === atOnce - 1) await nextTurn();
  }
}
