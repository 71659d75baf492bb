import { expect, it } from 'vitest';
import { silentLog } from '../../../src/log.js';
import { BlockedError } from '../../../src/moderation/blocks.js';
import { createModeration } from '../../../src/moderation/moderation.js';
import { createStore } from '../../../src/store/store.js';

const guildId = '1100000000000000011';

it('of 200 orders that race a block, none is committed after it is acknowledged', async () => {
  const store = await createStore('sqlite::memory:', { log: silentLog });
  const [table, oldMessages] = [store.table<unknown>('moderation'), store.table<unknown>('old_messages')];
  const parts = { table, oldMessages, log: silentLog, now: () => 1_000 };
  const { blocks } = createModeration(parts);
  const outcomes: string[] = [];
  for (let n = 0; n < 200; n++) {
    const userId = String(1_100_000_000_000_001_000n + BigInt(n));
    let acknowledged = false;
    let isLate = false;
    const commit = async () => {
      for (let turns = 0; turns < n % 7; turns++) await Promise.resolve();
      return blocks.whileAllowed(guildId, userId, async () => {
        // As long as it takes to write an order: a block that isn't waited for would be acknowledged meanwhile.
        for (let turns = 0; turns < n % 5; turns++) await new Promise(setImmediate);
        isLate = acknowledged;
      });
    };
    const block = async () => {
      for (let turns = 0; turns < n % 11; turns++) await Promise.resolve();
      await blocks.block(guildId, { userId, by: '1' });
      acknowledged = true;
    };
    const [order] = await Promise.allSettled([commit(), block()]);
    expect(isLate).toBe(false);
    outcomes.push(order?.status === 'fulfilled' ? 'made' : 'blocked');
    await expect(blocks.whileAllowed(guildId, userId, async () => {})).rejects.toThrow(BlockedError);
  }
  // Both happened, or nothing was raced.
  expect(new Set(outcomes).size).toBe(2);
  expect(await blocks.list(guildId)).toHaveLength(200);
});

it('a block ends with the millisecond that its term names, also at the commit of an order', async () => {
  const store = await createStore('sqlite::memory:', { log: silentLog });
  const [table, oldMessages] = [store.table<unknown>('moderation'), store.table<unknown>('old_messages')];
  let clock = 1_000;
  const { blocks } = createModeration({ table, oldMessages, log: silentLog, now: () => clock });
  await blocks.block(guildId, { userId: '5', by: '1', until: 2_000 });
  const commit = () => blocks.whileAllowed(guildId, '5', async () => 'made');
  clock = 1_999;
  await expect(commit()).rejects.toThrow(BlockedError);
  clock = 2_000;
  expect(await commit()).toBe('made');
  expect(await blocks.of(guildId, '5')).toBeUndefined();
  // One that began when its term had ended may block again: the latest counts.
  await blocks.block(guildId, { userId: '5', by: '1' });
  await expect(commit()).rejects.toThrow(BlockedError);
});
