import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRests } from '../../../../src/discord/rest/clients.js';
import { createUploadLimits, limitOfTier } from '../../../../src/discord/rest/upload-limits.js';
import { createFakeClock, type FakeClock } from '../../../support/clock.js';
import { createCollectingLog } from '../../../support/log.js';
import { type RestServer, startRestServer } from '../../../support/rest-server.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anOrigin } from '../../../support/tasks.js';

const mebibyte = 1024 * 1024;
const day = 86_400_000;
let discord: RestServer;
let table: MemoryTable;
let clock: FakeClock;
const limits = () =>
  createUploadLimits({
    table,
    rests: createRests(discord.apiUrl, 'bot-token'),
    log: createCollectingLog(),
    now: clock.now,
  });

beforeEach(async () => {
  discord = await startRestServer();
  table = createMemoryTable();
  clock = createFakeClock();
});
afterEach(() => discord[Symbol.asyncDispose]());

const guild = (tier: number) =>
  discord.answers.set(`GET /guilds/${anOrigin().guildId}`, [200, { premium_tier: tier }]);
const told = (size: number) => anOrigin({ sizeLimit: size * mebibyte });
const { token: _token, ...tokenless } = told(10);
const reply = { ...tokenless, replyAs: '1100000000000000009' };

describe('the upload limit', () => {
  it('is what Discord sends with the interaction, for its answer', async () => {
    expect(await limits().of(told(25), 'answer')).toBe(25 * mebibyte);
    expect(discord.asked).toEqual([]);
  });

  it.each([
    [0, 10],
    [1, 10],
    [2, 50],
    [3, 100],
  ])('is by boost tier %i for a message in the channel: %i MiB', async (tier, size) => {
    guild(tier);
    expect(limitOfTier(tier)).toBe(size * mebibyte);
    // The user's own subscription applies to the answer alone.
    expect(await limits().of(told(500), 'channel')).toBe(size * mebibyte);
    expect(await limits().of(reply, 'answer')).toBe(size * mebibyte);
    expect(await limits().of(told(500), 'direct')).toBe(10 * mebibyte);
  });

  it('is the general one, once Discord has sent more than that', async () => {
    guild(0);
    const known = limits();
    await known.of(told(20), 'channel');
    expect(await known.of(told(20), 'channel')).toBe(20 * mebibyte);
    expect(await known.of(told(500), 'direct')).toBe(20 * mebibyte);
  });

  it("is the lowest if the guild can't be looked up", async () => {
    expect(await limits().of(told(50), 'channel')).toBe(10 * mebibyte);
  });

  it('is looked up once in a while', async () => {
    guild(2);
    const known = limits();
    for (const wait of [0, 60_000, 11 * 60_000]) {
      clock.pass(wait);
      await known.of(told(10), 'channel');
    }
    expect(discord.asked).toHaveLength(2);
  });
});

describe('a file that Discord refused', () => {
  it('lowers the limit for that guild, also after a restart', async () => {
    await limits().refused(told(50), 'answer', 30 * mebibyte);
    expect(await limits().of(told(50), 'answer')).toBe(25 * mebibyte);
    expect(await limits().of(anOrigin({ guildId: '1100000000000000077' }), 'answer')).toBe(10 * mebibyte);
    await limits().refused(told(50), 'answer', 300_000);
    expect(await limits().of(told(50), 'answer')).toBe(150_000);
  });

  it('late, after a smaller one in the same place, raises nothing', async () => {
    const known = limits();
    await known.refused(told(50), 'answer', 11 * mebibyte);
    await known.refused(told(50), 'answer', 30 * mebibyte);
    expect(await known.of(told(50), 'answer')).toBe(10 * mebibyte);
    // Nor does it if the smaller one is known from before a restart.
    await limits().refused(told(50), 'answer', 30 * mebibyte);
    expect(await limits().of(told(50), 'answer')).toBe(10 * mebibyte);
  });

  it('late does not make an earlier one count for longer', async () => {
    const known = limits();
    await known.refused(told(50), 'answer', 11 * mebibyte);
    clock.pass(29 * day);
    await known.refused(told(50), 'answer', 30 * mebibyte);
    clock.pass(2 * day);
    expect(await known.of(told(50), 'answer')).toBe(50 * mebibyte);
  });

  it('while the place was being looked up counts', async () => {
    const known = limits();
    let answer = () => {};
    const slow = new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined);
    });
    const get = table.get;
    table.get = () => slow;
    const asked = known.of(told(50), 'answer');
    table.get = get;
    await known.refused(told(50), 'answer', 30 * mebibyte);
    answer();
    expect(await asked).toBe(25 * mebibyte);
    expect(await known.of(told(50), 'answer')).toBe(25 * mebibyte);
  });

  it("in a direct message lowers it for that user's alone", async () => {
    await limits().refused(told(50), 'direct', 9 * mebibyte);
    expect(await limits().of(told(50), 'answer')).toBe(50 * mebibyte);
    expect(await limits().of(told(50), 'direct')).toBe(8 * mebibyte);
    const other = { ...told(50), userId: '1100000000000000088' };
    expect(await limits().of(other, 'direct')).toBe(10 * mebibyte);
    const { guildId: _guildId, ...alone } = told(50);
    expect(await limits().of(alone, 'answer')).toBe(8 * mebibyte);
    expect(await limits().of({ ...alone, userId: other.userId }, 'answer')).toBe(50 * mebibyte);
  });

  it('is forgotten with the user, and once it expires', async () => {
    const known = limits();
    await known.refused(told(50), 'direct', 9 * mebibyte);
    await known.refused(told(50), 'answer', 30 * mebibyte);
    await known.forget(told(50).userId);
    expect(await known.of(told(50), 'direct')).toBe(10 * mebibyte);
    expect([...table.rows.keys()]).toEqual([anOrigin().guildId]);
    await known.prune();
    expect(table.rows.size).toBe(1);
    clock.pass(31 * day);
    await known.prune();
    expect(table.rows.size).toBe(0);
  });

  it('is tried again after a month: a guild may have been boosted', async () => {
    await limits().refused(told(50), 'answer', 30 * mebibyte);
    clock.pass(31 * day);
    expect(await limits().of(told(50), 'answer')).toBe(50 * mebibyte);
  });

  it('is only lost by a broken store', async () => {
    table.rows.set(String(anOrigin().guildId), { v: 9, bytes: 'many' });
    expect(await limits().of(told(50), 'answer')).toBe(50 * mebibyte);
  });
});
