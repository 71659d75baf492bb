import type { UserUsageIndex } from '../../src/cluster/user-usage-index.js';

export interface MemoryPeople extends UserUsageIndex {
  /** Ids by user. */
  readonly ids: Map<string, Set<string>>;
  /** Done once, between the next look and its claim: as another process would. */
  meanwhile(act: () => void): void;
}

/** The index of tasks by user, in memory, over rows that a test can change. */
export function createMemoryPeople(rows: ReadonlyMap<string, unknown>): MemoryPeople {
  const ids = new Map<string, Set<string>>();
  let interruption: (() => void) | undefined;
  const of = (person: string) => {
    const found = ids.get(person) ?? new Set<string>();
    ids.set(person, found);
    return found;
  };
  return {
    ids,
    meanwhile(act) {
      interruption = act;
    },
    read: async (person) => new Map([...of(person)].map((id) => [id, rows.get(id.replace(/^~/, ''))])),
    async claim(person, { known, add, drop }) {
      interruption?.();
      interruption = undefined;
      const present = of(person);
      if ([...present].some((id) => !known.includes(id))) return false;
      for (const id of drop) present.delete(id);
      for (const id of add) present.add(id);
      return true;
    },
    async add(belongings) {
      for (const [person, id] of belongings) of(person).add(id);
    },
    async drop(belongings) {
      for (const [person, id] of belongings) of(person).delete(id);
    },
  };
}
