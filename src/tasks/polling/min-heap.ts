/** A min-heap of items by key. `push` and `pop` are O(log n). */
export interface Heap<T> {
  readonly size: number;
  push(key: number, item: T): void;
  /** The smallest key, Infinity if there is none. */
  first(): number;
  /** Removes the item with the smallest key. */
  pop(): T | undefined;
}

export function createHeap<T>(): Heap<T> {
  const entries: { readonly key: number; readonly item: T }[] = [];
  const keyAt = (n: number) => entries[n]?.key ?? Number.POSITIVE_INFINITY;

  function swap(one: number, other: number): void {
    const [a, b] = [entries[one], entries[other]];
    if (a && b) [entries[one], entries[other]] = [b, a];
  }

  function rise(from: number): void {
    for (let n = from; n > 0; ) {
      const parent = (n - 1) >>> 1;
      if (keyAt(parent) <= keyAt(n)) return;
      swap(n, parent);
      n = parent;
    }
  }

  function sink(): void {
    for (let n = 0; ; ) {
      const left = 2 * n + 1;
      const child = keyAt(left + 1) < keyAt(left) ? left + 1 : left;
      if (keyAt(child) >= keyAt(n)) return;
      swap(n, child);
      n = child;
    }
  }

  return {
    get size() {
      return entries.length;
    },
    push(key, item) {
      entries.push({ key, item });
      rise(entries.length - 1);
    },
    first: () => keyAt(0),
    pop() {
      swap(0, entries.length - 1);
      const last = entries.pop();
      sink();
      return last?.item;
    },
  };
}
