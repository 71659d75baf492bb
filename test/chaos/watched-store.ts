import { z } from 'zod';
import type { Log } from '../../src/log.js';
import type { TableOptions } from '../../src/store/backend.js';
import type { Store, Table } from '../../src/store/store.js';
import type { Written } from './steps.js';
import type { Tripwire } from './tripwire.js';

const record = z.object({
  id: z.string(),
  origin: z.object({ acknowledged: z.boolean() }),
  history: z.array(z.object({ state: z.string() })),
  state: z.object({
    name: z.enum([
      'received',
      'held',
      'queued',
      'submitting',
      'searching',
      'running',
      'fetching',
      'awaitingReview',
      'delivering',
      'delivered',
      'failed',
      'cancelled',
      'discarded',
    ]),
    told: z.boolean().optional(),
    asking: z.object({}).optional(),
    asked: z.object({}).optional(),
    handover: z
      .object({ route: z.enum(['answer', 'channel', 'direct', 'kept']), tries: z.number() })
      .optional(),
  }),
});
type Record = z.infer<typeof record>;

/** A store whose writes of tasks are logged, and can be deadly. */
export function watchStore(store: Store, tripwire: Tripwire, log: Log): Store {
  function watch<T>(table: Table<T>): Table<T> {
    async function around<R>(value: T, write: () => Promise<R>): Promise<R> {
      const task = record.parse(value);
      const name = nameOf(task);
      tripwire.pass(`before ${name}`);
      const result = await write();
      log.info({ task: task.id }, `written: ${name}`);
      tripwire.pass(`after ${name}`);
      return result;
    }
    return {
      ...table,
      set: (key, value) => around(value, () => table.set(key, value)),
      add: (key, value) => around(value, () => table.add(key, value)),
    };
  }
  return {
    ...store,
    table<T>(name: string, options?: TableOptions) {
      const table = store.table<T>(name, options);
      return name === 'tasks' ? watch(table) : table;
    },
  };
}

function nameOf({ state, origin, history }: Record): Written {
  const { name, told = false, handover, asking, asked } = state;
  if (name === 'awaitingReview' && (asking ?? asked)) return asking ? 'asking' : 'asked';
  if (name === 'received') return origin.acknowledged ? 'acknowledged' : 'received';
  if (name === 'queued') return history.some((entry) => entry.state === 'submitting') ? 'refused' : 'queued';
  if (told) return 'told';
  const isFailure = name === 'failed' || name === 'cancelled' || name === 'discarded';
  if (!handover || handover.tries === 0) return isFailure ? 'failed' : name;
  if (handover.route === 'kept') return 'kept';
  return `${isFailure ? 'telling' : 'handing'} ${handover.route}`;
}
