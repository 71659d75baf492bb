import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/quota/account.js';
import { check } from '../../../src/quota/check.js';
import { createUsage } from '../../../src/quota/usage.js';
import { createOrder } from '../../../src/util/keyed-lock.js';

const now = Date.UTC(2026, 0, 10);
const zone = { timeZone: 'UTC' };
const limits = { guild: { 'image.day': 137 }, member: {} };

type Lock = <R>(key: string, work: () => Promise<R>) => Promise<R>;
const unlocked: Lock = (_, work) => work();

/** Orders as admission does: check, persist, count; all under `lock`. `write` resolves when the store has it. */
function createDoor(lock: Lock, write: () => Promise<unknown>) {
  const usage = createUsage();
  return {
    usage,
    ask: (taskId: string, account: Account & { readonly guildId: string }) =>
      lock(account.guildId, async () => {
        const verdict = check({ unit: 'image', amount: 1 }, { account, usage, limits, zone, now });
        if (!verdict.ok) return false;
        await write();
        usage.put({ taskId, account, unit: 'image', amount: 1, at: now, state: 'reserved', open: true });
        return true;
      }),
    async refund(taskId: string, account: Account) {
      usage.put({ taskId, account, unit: 'image', amount: 1, at: now, state: 'refunded', open: false });
    },
  };
}

const guilds = ['g1', 'g2', 'g3'];
const asker = (index: number) => ({
  guildId: guilds[index % 3] ?? '',
  person: `person ${index % 50}`,
});
const today = { start: now, end: now + 1 };

/** How many of 500 parallel asks in each of three guilds are granted. */
async function grantedOf(lock: Lock): Promise<number[]> {
  const door = createDoor(lock, () => new Promise(setImmediate));
  const asks = Array.from({ length: 1500 }, (_, index) => door.ask(`${index}:1`, asker(index)));
  const granted = await Promise.all(asks);
  for (const guild of guilds) {
    const counted = granted.filter((yes, index) => yes && asker(index).guildId === guild).length;
    expect(door.usage.used(`guild:${guild}`, 'image', today)).toBe(counted);
  }
  return guilds.map((guild) => granted.filter((yes, index) => yes && asker(index).guildId === guild).length);
}

describe('quota under a lock', () => {
  it('grants exactly 137 of 500 parallel requests in each of three guilds', async () => {
    expect(await grantedOf(createOrder())).toEqual([137, 137, 137]);
  });

  it('would grant more without the lock, so the lock is needed', async () => {
    for (const granted of await grantedOf(unlocked)) expect(granted).toBeGreaterThan(137);
  });

  it('never exceeds the limit and wastes none of it, however writes are timed and refunds happen', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat({ max: 199 }), { maxLength: 40 }),
        async (scheduler, refunds) => {
          const door = createDoor(createOrder(), () => scheduler.schedule(Promise.resolve()));
          const first = Array.from({ length: 200 }, (_, index) =>
            door.ask(`${index}:1`, { guildId: 'g1', person: 'a' }),
          );
          const granted = await scheduler.waitFor(Promise.all(first));
          expect(granted.filter(Boolean)).toHaveLength(137);
          const back = [...new Set(refunds)].filter((index) => granted[index]);
          const again = Array.from({ length: 60 }, (_, index) =>
            door.ask(`again ${index}`, { guildId: 'g1', person: 'b' }),
          );
          // Refunds first: each frees a picture for further orders.
          for (const index of back) await door.refund(`${index}:1`, { guildId: 'g1', person: 'a' });
          const second = await scheduler.waitFor(Promise.all(again));
          expect(second.filter(Boolean).length).toBeLessThanOrEqual(back.length);
          const late = await scheduler.waitFor(
            Promise.all(back.map((index) => door.ask(`late ${index}`, { guildId: 'g1', person: 'c' }))),
          );
          expect([...second, ...late].filter(Boolean)).toHaveLength(back.length);
          expect(door.usage.used('guild:g1', 'image', today)).toBe(137);
        },
      ),
      { numRuns: 25 },
    );
  });
});
