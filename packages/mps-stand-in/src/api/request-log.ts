/** One request to the API and its outcome. */
export interface RequestRecord {
  /** ms since the epoch. */
  readonly at: number;
  /** X-TC-Action, even if there is no such action. */
  readonly action: string;
  /** `OK`, an error code, or the fault that answered instead: `reset`, `502` … */
  readonly code: string;
  /** ms from arrival to answer. */
  readonly latency: number;
  readonly requestId?: string;
  /** The task that a Create made, even if its answer was lost. */
  readonly taskId?: string;
}

/** Keeps the newest so many records. */
export function createRecords(most = 200_000): { list: RequestRecord[]; add(record: RequestRecord): void } {
  const list: RequestRecord[] = [];
  return {
    list,
    add(record) {
      list.push(record);
      if (list.length > most * 1.1) list.splice(0, list.length - most);
    },
  };
}
