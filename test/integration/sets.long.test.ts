import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import { createLedger, ledgerTable } from '../../src/tasks/ledger/ledger.js';
import { commanded } from '../support/set-delivery.js';
import { anImageRequest, aTask } from '../support/tasks.js';
import { createWorld, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

const one = { unit: 'image', amount: 1 } as const;

/** A set that was ordered and deferred when the process died: its lead is all that the store has. */
async function ordered(count: number, options: WorldOptions = {}) {
  let storeUrl = '';
  world = await createWorld({
    ...options,
    idle: true,
    store: async (url) => {
      storeUrl = url;
      return createStore(url, { log: silentLog, guarded: true });
    },
  });
  // Only to learn where its store is.
  await (await world.create()).stop();
  const origin = await commanded(world.discord);
  const store = await createStore(storeUrl, { log: silentLog });
  const ledger = createLedger({ table: store.table(ledgerTable), log: silentLog, now: Date.now });
  await ledger.load();
  const now = Date.now();
  await ledger.add(
    aTask({
      id: `${origin.eventId}:1`,
      origin,
      account: { guildId: origin.guildId ?? '', person: 'ben' },
      request: anImageRequest(),
      cost: one,
      set: {
        part: 1,
        parts: count,
        before: 0,
        results: count,
        wish: { count },
        costs: Array.from({ length: count - 1 }, () => one),
      },
      history: [{ state: 'received', at: now }],
    }),
  );
  ledger.close();
  await store.close();
  return origin;
}

const seen = () => world.discord.messages('general').filter(({ author }) => author.bot);
const numbers = ({ attachments }: MessageView) =>
  attachments.map(({ filename }) => Number(/-(\d+)\.png$/.exec(filename)?.[1]));
const isFull = (message: MessageView) =>
  message.components.length > 0 && /v1:again:\d+:1"/.test(JSON.stringify(message));
const edits = () =>
  world.discord.requests.filter(({ method, path }) => method === 'PATCH' && path.includes('/webhooks/'))
    .length;

describe('a set of four', () => {
  it('is one message, at most six edits and one ping', async () => {
    await ordered(4, { timing: { notifyAfterMs: 1 } });
    await world.start();
    const message = await world.discord.until(isFull);
    expect(numbers(message)).toEqual([1, 2, 3, 4]);
    expect(message.content.match(/^-# \d · /gm)).toHaveLength(4);
    const ping = await world.discord.until(({ notified }) => notified.length > 0);
    expect(ping.content).toContain('Your pictures are ready.');
    expect(seen()).toHaveLength(2);
    expect(edits()).toBeLessThanOrEqual(6);
    expect(world.mps.tasks).toHaveLength(4);
  });

  it('shows three pictures and one sentence if one fails moderation', async () => {
    await ordered(4);
    world.mps.faults.add({ kind: 'fail', reason: 'moderation', count: 1 });
    await world.start();
    const message = await world.discord.until(isFull);
    expect(numbers(message)).toHaveLength(3);
    expect(message.content.match(/⚠️/g)).toHaveLength(1);
    expect(seen()).toHaveLength(1);
  });

  it('goes on in one message of its own once the token has died, also over a restart', async () => {
    const origin = await ordered(4, { mps: { durations: { image: [0.05, 1] } } });
    await world.start();
    await world.discord.until(({ attachments }) => attachments.length > 0);
    world.discord.expireToken(origin.eventId);
    await world.stop();
    await world.start();
    await world.discord.until(isFull);
    const messages = seen().filter(({ attachments }) => attachments.length > 0);
    expect(messages.flatMap(numbers).sort()).toEqual([1, 2, 3, 4]);
    expect(messages.length).toBeLessThanOrEqual(2);
    expect(world.mps.tasks).toHaveLength(4);
  });
});
