import { type Rows, valueIn } from './backend.js';

/** Most rows kept of a table. */
const mostKept = 5_000;

/**
 * The same rows, those that were read being kept in memory while only this process can write them: after each write,
 * whether it failed or not, a row is read again.
 * @param lease under which no other process can write them; empty while there is none.
 */
export function keepRows(rows: Rows, lease: () => string): Rows {
  /** By key: a text, or undefined for a row that does not exist. */
  const kept = new Map<string, string | undefined>();
  /** Writes so far: what was read beside one may be older. */
  let writes = 0;
  let keptUnder = '';

  async function textOf(key: string): Promise<string | undefined> {
    const under = lease();
    // Others may have written meanwhile.
    if (under !== keptUnder) kept.clear();
    keptUnder = under;
    if (kept.has(key)) return kept.get(key);
    const before = writes;
    const { version } = await rows.read(key);
    if (under === '' || under !== lease() || before !== writes) return version;
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, version);
    return version;
  }

  async function change<R>(keys: readonly string[], write: () => Promise<R>): Promise<R> {
    const forget = () => {
      writes += 1;
      for (const key of keys) kept.delete(key);
    };
    forget();
    return write().finally(forget);
  }

  return {
    ...rows,
    get: async <T>(key: string) => parsed<T>(await textOf(key)),
    async read<T>(key: string) {
      const version = await textOf(key);
      return { value: parsed<T>(version), version };
    },
    set: (key, value) => change([key], () => rows.set(key, value)),
    add: (key, value) => change([key], () => rows.add(key, value)),
    delete: (key) => change([key], () => rows.delete(key)),
    compareAndSet: (changes) =>
      change(
        changes.map(({ key }) => key),
        () => rows.compareAndSet(changes),
      ),
  };
}

/** A row's value, parsed again for each reader. */
function parsed<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (valueIn(text) as T);
}
