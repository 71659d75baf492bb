import type { MessageView } from '@easel/discord-stand-in';
import { silentLog } from '../../src/log.js';
import type { ImageRequest } from '../../src/mps/generation-request.js';
import { createStore } from '../../src/store/store.js';
import { createLedger, ledgerTable } from '../../src/tasks/ledger/ledger.js';
import type { Origin, TaskSet } from '../../src/tasks/model/task.js';
import { commanded } from '../support/set-delivery.js';
import { anImageRequest, aTask } from '../support/tasks.js';
import { createWorld, type World, type WorldOptions } from './world.js';

const one = { unit: 'image', amount: 1 } as const;

interface SetOptions extends WorldOptions {
  readonly request?: ImageRequest;
  readonly set?: Partial<TaskSet>;
  readonly origin?: Partial<Origin>;
}

/** A world with a set that was ordered and deferred when the process died: its lead is all that the store has. */
export async function createSetWorld(
  count: number,
  { request = anImageRequest(), set = {}, origin: changes = {}, ...options }: SetOptions = {},
): Promise<{ readonly world: World; readonly origin: Origin }> {
  let storeUrl = '';
  const world = await createWorld({
    ...options,
    idle: true,
    store: async (url) => {
      storeUrl = url;
      return createStore(url, { log: silentLog, guarded: true });
    },
  });
  // Only to learn where its store is.
  await (await world.create()).stop();
  const origin = { ...(await commanded(world.discord)), ...changes };
  const store = await createStore(storeUrl, { log: silentLog });
  const ledger = createLedger({ table: store.table(ledgerTable), log: silentLog, now: Date.now });
  await ledger.load();
  const costs = Array.from({ length: count - 1 }, () => one);
  const place = { part: 1, parts: count, before: 0, results: count, wish: { count }, costs };
  await ledger.add(
    aTask({
      id: `${origin.eventId}:1`,
      origin,
      account: { guildId: origin.guildId ?? '', person: 'ben' },
      request,
      cost: one,
      set: { ...place, ...set },
      history: [{ state: 'received', at: Date.now() }],
    }),
  );
  ledger.close();
  await store.close();
  return { world, origin };
}

/** The numbers of the files in a message. */
export const numbersOf = ({ attachments }: MessageView): number[] =>
  attachments.map(({ filename }) => Number(/-(\d+)\.\w+$/.exec(filename)?.[1]));

/** A set is complete: it can be ordered again. */
export const isComplete = ({ components }: MessageView): boolean =>
  /v1:again:\d+:1"/.test(JSON.stringify(components));
