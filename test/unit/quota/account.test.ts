import { beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/log.js';
import { type Accounts, createAccounts, holdersOf } from '../../../src/quota/account.js';
import { createStore, StoreError, type Table } from '../../../src/store/store.js';

const [userId, other, guildId] = ['100000000000000001', '100000000000000002', '300000000000000001'];
let table: Table<unknown>;

beforeEach(async () => {
  table = (await createStore('sqlite::memory:', { log: silentLog })).table('accounts');
});

async function opened(options: { random?: (bytes: number) => Buffer } = {}): Promise<Accounts> {
  const accounts = createAccounts({ table, ...options });
  await accounts.load();
  return accounts;
}

describe('an account', () => {
  it("is the guild's and the user's in a guild that the bot is a member of", async () => {
    const account = (await opened()).of({ userId, guildId, guildInstalled: true });
    expect(holdersOf(account)).toEqual({
      guild: `guild:${guildId}`,
      member: `member:${guildId}:${account.person}`,
      user: `user:${account.person}`,
      total: 'total',
    });
  });

  it("is the user's alone in direct messages, and where only the user installed the bot", async () => {
    const accounts = await opened();
    const direct = accounts.of({ userId, guildInstalled: false });
    expect(accounts.of({ userId, guildId, guildInstalled: false })).toEqual(direct);
    expect(accounts.of({ userId, guildInstalled: true })).toEqual(direct);
    expect(holdersOf(direct)).toEqual({
      member: `person:${direct.person}`,
      user: `user:${direct.person}`,
      total: 'total',
    });
  });

  it('does not reveal the user, but distinguishes users', async () => {
    const accounts = await opened();
    const { person } = accounts.of({ userId, guildInstalled: false });
    expect(person).toMatch(/^[\w-]{22}$/);
    expect(person).not.toContain(userId);
    expect(accounts.of({ userId: other, guildInstalled: false }).person).not.toBe(person);
  });

  it('is the same after a restart, and when two processes start at once', async () => {
    const [first, second] = await Promise.all([opened(), opened()]);
    const third = await opened();
    const persons = [first, second, third].map((each) => each.of({ userId, guildInstalled: false }).person);
    expect(new Set(persons).size).toBe(1);
  });

  it('depends on the secret, which is created once', async () => {
    const { person } = (await opened({ random: () => Buffer.alloc(32, 1) })).of({
      userId,
      guildInstalled: false,
    });
    await table.delete('person');
    const changed = (await opened({ random: () => Buffer.alloc(32, 2) })).of({
      userId,
      guildInstalled: false,
    });
    expect(changed.person).not.toBe(person);
  });

  it('is unavailable until the secret was read', () => {
    expect(() => createAccounts({ table }).of({ userId, guildInstalled: false })).toThrow(StoreError);
  });

  it('is not derived from an invalid secret, nor is that one replaced', async () => {
    for (const broken of ['', 'abc', { a: 1 }, 7]) {
      await table.set('person', broken);
      await expect(opened()).rejects.toMatchObject({ reason: 'corrupt' });
      expect(await table.get('person')).toEqual(broken);
    }
  });
});
