import { describe, expect, it } from 'vitest';
import { createSettings, type GuildSettings } from '../../../src/guilds/settings.js';
import { silentLog } from '../../../src/log.js';
import { createModeration } from '../../../src/moderation/moderation.js';
import { createMortality, type Mortality, mortal } from '../../support/mortal-table.js';
import { createMemoryTable } from '../../support/table.js';

const guild = '300000000000000001';
const by = '100000000000000001';
const noon = Date.UTC(2026, 0, 10, 12);

const tablesOf = () => ({ settings: createMemoryTable(), moderation: createMemoryTable() });
type Tables = ReturnType<typeof tablesOf>;

/** A process on these tables; it may die around one of its writes. */
function start({ settings, moderation }: Tables, life: Mortality = createMortality(1_000, 'after')) {
  const parts = { log: silentLog, now: () => noon };
  const { journal, recordSettings: record } = createModeration({
    ...parts,
    table: mortal(moderation, life),
    oldMessages: createMemoryTable(),
  });
  return { journal, settings: createSettings({ ...parts, table: mortal(settings, life), record }) };
}

const isPrivate = (on: boolean) => (settings: GuildSettings) => ({ ...settings, private: on });
const results = (most: number) => (settings: GuildSettings) => ({ ...settings, mostResults: most });
const limit = (pictures: number) => (settings: GuildSettings) => ({
  ...settings,
  limits: { ...settings.limits, guild: { 'image.day': pictures } },
});

/** What is on record, oldest first: act, and the fields that were changed. */
async function recorded(tables: Tables) {
  const { entries } = await start(tables).journal.page(guild);
  return entries.map(({ act, by, details }) => [act, by, ...((details?.fields as string[]) ?? [])]).reverse();
}

describe('changes of settings', () => {
  it('are put on record once each', async () => {
    const tables = tablesOf();
    const { settings } = start(tables);
    await settings.change(guild, by, isPrivate(true));
    await settings.change(guild, by, isPrivate(true));
    await settings.change(guild, 'the operator', limit(3));
    await settings.settle();
    expect(await recorded(tables)).toEqual([
      ['settings', by, 'private'],
      ['quota', undefined, 'limits.guild.image.day'],
    ]);
  });

  it('of a process that dies anywhere are on record after the next start, once', async () => {
    for (const instant of ['before', 'after'] as const)
      for (let nth = 1; nth <= 4; nth++) {
        const tables = tablesOf();
        const life = createMortality(nth, instant);
        const dying = start(tables, life);
        void dying.settings
          .change(guild, by, isPrivate(true))
          .then(() => dying.settings.change(guild, by, results(2)));
        await expect.poll(life.isDead).toBe(true);
        const { settings } = start(tables);
        const { private: first, mostResults } = await settings.get(guild);
        await settings.settle();
        await settings.settle();
        const wanted = [
          ...(first ? [['settings', by, 'private']] : []),
          ...(mostResults === 2 ? [['settings', by, 'mostResults']] : []),
        ];
        expect(await recorded(tables), `${instant} write ${nth}`).toEqual(wanted);
      }
  });

  it('of a process that died are put on record by the next change, in their order', async () => {
    const tables = tablesOf();
    const life = createMortality(1, 'after');
    void start(tables, life).settings.change(guild, by, isPrivate(true));
    await expect.poll(life.isDead).toBe(true);
    expect(await recorded(tables)).toEqual([]);
    await start(tables).settings.change(guild, by, results(2));
    expect(await recorded(tables)).toEqual([
      ['settings', by, 'private'],
      ['settings', by, 'mostResults'],
    ]);
  });

  it('that the journal refuses for a while stay in force, and are on record later', async () => {
    const tables = tablesOf();
    const { settings } = start(tables);
    tables.moderation.failWrites(1);
    expect(await settings.change(guild, by, isPrivate(true))).toMatchObject({ private: true });
    await settings.change(guild, by, results(2));
    expect(await recorded(tables)).toHaveLength(2);
  });

  it('of several processes at once are all on record, once each', async () => {
    const tables = tablesOf();
    const processes = Array.from({ length: 3 }, () => start(tables));
    const changes = Array.from({ length: 30 }, (_, at) =>
      processes[at % 3]?.settings.change(guild, by, (before) =>
        at % 2 === 0
          ? { ...before, duration: 10 + at }
          : { ...before, mostResults: (before.mostResults % 9) + 1 },
      ),
    );
    await Promise.all(changes);
    await Promise.all(processes.map(({ settings }) => settings.settle()));
    const { entries } = await start(tables).journal.page(guild, { count: 100 });
    expect(entries).toHaveLength(30);
  });
});
