import { KeyvSqlite } from '@keyv/sqlite';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import type { State, StateName, Task } from '../../src/tasks/model/task.js';
import { anImageRequest, anOrigin, aTask, aTaskId, aVideoRequest, states } from './tasks.js';

const minute = 60_000;
const hour = 60 * minute;

/** The content of a ledger, in tasks. */
export interface Fill {
  /** Delivered within the last thirty days. */
  readonly over: number;
  /** Open at MPS. */
  readonly images: number;
  readonly videos: number;
  /** Pictures that wait for a slot. */
  readonly queued: number;
}

/** Fills the ledger at `storeUrl` as a busy month leaves it; `now` in ms since the epoch. Returns the unfinished tasks. */
export async function fillLedger(storeUrl: string, fill: Fill, now: number): Promise<readonly Task[]> {
  const unfinished = unfinishedOf(fill, now);
  const finished = times(fill.over, (n) => aPast(states.delivered, image(n), now - ((n % 720) + 1) * hour));
  const { store, hurry } = await openStore(storeUrl);
  const table = store.table<Task>('tasks');
  await table.get('opens the connection');
  await hurry();
  await Promise.all([...finished, ...unfinished].map((task) => table.add(task.id, task)));
  await store.close();
  return unfinished;
}

/** A store that can stop syncing each write to disk: there is no power loss while it is being filled. */
async function openStore(storeUrl: string) {
  const adapters: KeyvSqlite[] = [];
  const store = await createStore(storeUrl, {
    log: silentLog,
    connect(options) {
      const adapter = new KeyvSqlite(options);
      adapters.push(adapter);
      return adapter;
    },
  });
  const hurry = () => Promise.all(adapters.map((adapter) => adapter.query('PRAGMA synchronous=OFF')));
  return { store, hurry };
}

function unfinishedOf({ images, videos, queued }: Fill, now: number): Task[] {
  const running = (mpsTaskId: string): State => ({ ...states.running, mpsTaskId, createdAt: now - minute });
  return [
    ...times(images, (n) => aPast(running(`4-AigcImage-${n}`), image(n), now - minute)),
    ...times(videos, (n) => aPast(running(`4-AigcVideo-${n}`), video(n), now - minute)),
    ...times(queued, (n) => aPast(states.queued, image(n), now - minute)),
  ];
}

/** As long as users' prompts are. */
const prompt = 'a red fox in deep snow at dusk, low sun behind the pines, breath in the cold air, film grain';
const image = (n: number) => anImageRequest({ prompt: `${prompt}, number ${n}` });
const video = (n: number) => aVideoRequest({ prompt: `${prompt}, number ${n}` });
const way: readonly StateName[] = [
  'received',
  'queued',
  'submitting',
  'running',
  'fetching',
  'delivering',
  'delivered',
];

/** A task that reached `state` at `at`, through all earlier states, with a long expired token. */
function aPast(state: State, request: Task['request'], at: number): Task {
  const id = aTaskId();
  const [eventId = ''] = id.split(':');
  const { token: _dead, tokenExpiresAt: _past, ...origin } = anOrigin({ eventId });
  const passed = way.slice(0, way.indexOf(state.name) + 1);
  const history = passed.map((name) => ({ state: name, at }));
  const cost =
    request.kind === 'image'
      ? ({ unit: 'image', amount: 1 } as const)
      : ({ unit: 'second', amount: request.duration ?? 5 } as const);
  // On users' own accounts: a guild that Discord does not name at the start is forgotten.
  return aTask({ id, request, origin, cost, state, history, account: { person: 'hash' } });
}

function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
