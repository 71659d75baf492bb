import { describe, expect, it } from 'vitest';
import { createDepartedGuilds } from '../../../../src/discord/services/departed-guilds.js';
import { createSettings, defaultSettings } from '../../../../src/guilds/settings.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { aTask, noon, states } from '../../../support/tasks.js';

const [here, left, set, owed] = ['1', '2', '3', '4'].map((n) => `110000000000000000${n}`);
const applicationId = '1100000000000000009';
const everyone = { applicationId, isGone: (guildId: string) => guildId !== here };

/** A store that has guilds with orders and guilds with settings. */
async function setUp() {
  const log = createCollectingLog();
  const table = createMemoryTable();
  const tasks = createMemoryTable();
  const settings = createSettings({ table: createMemoryTable(), log, now: () => noon });
  const ledger = createLedger({ table: tasks, log, now: () => noon });
  const forgotten: string[] = [];
  const stopping = new AbortController();
  const look = createDepartedGuilds({
    others: async () => [],
    table,
    settings,
    ledger,
    log,
    signal: stopping.signal,
    retryMs: 1,
    forgetGuild: async (guildId) => void forgotten.push(guildId),
  });
  const order = (guildId: string | undefined, more: object = {}) => {
    const task = aTask({
      state: states.delivered,
      account: { person: 'hash', ...(guildId && { guildId }) },
      ...more,
    });
    tasks.rows.set(task.id, task);
  };
  return { log, table, settings, ledger, forgotten, look, order, stop: () => stopping.abort() };
}

describe('departed guilds', () => {
  it('are those with orders or settings that no shard names any more', async () => {
    const { settings, ledger, forgotten, look, order } = await setUp();
    for (const guildId of [here, left]) order(guildId);
    await settings.change(String(set), '9', (all) => ({ ...all, private: true }));
    await ledger.load();
    await look(everyone);
    expect(forgotten.sort()).toEqual([left, set]);
  });

  it('are not those to which only a user brought Easel, nor those already forgotten', async () => {
    const { settings, ledger, forgotten, look, order } = await setUp();
    order(undefined, { origin: { ...aTask().origin, guildId: left, guildInstalled: false } });
    order(owed, { purge: 'done' });
    const { override } = defaultSettings;
    await settings.change(String(owed), '9', (all) => ({
      ...all,
      override: { ...override, guild: { 'image.day': 5 } },
    }));
    // Who changed it last goes with the rest.
    await settings.remove(String(owed));
    await ledger.load();
    await look(everyone);
    expect(forgotten).toEqual([]);
  });

  it('are looked for once the ledger was read', async () => {
    const { ledger, forgotten, look, order } = await setUp();
    order(left);
    const looking = look(everyone);
    await ledger.load();
    await looking;
    expect(forgotten).toEqual([left]);
  });

  it('are silently left to the next start if Easel stops first', async () => {
    const { ledger, forgotten, look, order, stop, log } = await setUp();
    order(left);
    const looking = look(everyone);
    stop();
    const before = log.lines.length;
    await looking;
    await ledger.load();
    await look(everyone);
    expect(forgotten).toEqual([]);
    expect(log.lines.slice(before)).toEqual([]);
  });

  it('are left alone if the store belongs to another bot: with its token all would seem gone', async () => {
    const { ledger, forgotten, look, order, log } = await setUp();
    order(left);
    await ledger.load();
    await look({ applicationId, isGone: () => false });
    await look({ applicationId: '1100000000000000008', isGone: () => true });
    expect(forgotten).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'error', details: { ours: applicationId } }]);
    await look(everyone);
    expect(forgotten).toEqual([left]);
  });
});
