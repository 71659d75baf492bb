import { beforeEach, describe, expect, it } from 'vitest';
import {
  createSettings,
  defaultSettings,
  type GuildSettings,
  type Settings,
  zoneOf,
} from '../../../src/guilds/settings.js';
import { type Log, silentLog } from '../../../src/log.js';
import { changeZone } from '../../../src/quota/time-zone.js';
import { createStore, StoreError, type Table } from '../../../src/store/store.js';

const guild = '300000000000000001';
const by = '100000000000000001';
const day = 24 * 3_600_000;
const start = Date.UTC(2026, 0, 10);

let table: Table<unknown>;
let lines: { level: string; details: object }[];
let now: number;

const log: Log = {
  ...silentLog,
  info: (details) => void lines.push({ level: 'info', details }),
  error: (details) => void lines.push({ level: 'error', details }),
};

beforeEach(async () => {
  table = (await createStore('sqlite::memory:', { log: silentLog })).table('settings');
  lines = [];
  now = start;
});

const open = (on: Table<unknown> = table): Settings => createSettings({ table: on, log, now: () => now });
const allow = (pictures: number) => (settings: GuildSettings) => ({
  ...settings,
  limits: { ...settings.limits, guild: { 'image.day': pictures } },
});

describe('the settings of a guild', () => {
  it('are the defaults if it never set anything, and then nothing is written', async () => {
    expect(await open().get(guild)).toEqual(defaultSettings);
    expect(await table.get(guild)).toBeUndefined();
    expect(defaultSettings).toMatchObject({ private: false, language: 'follow', channels: [], grants: [] });
  });

  it('are complete at the next start', async () => {
    const wanted: GuildSettings = {
      v: 1,
      imageModel: 'hunyuan-3.0',
      videoModel: 'kling-3.0',
      duration: 10,
      private: true,
      channels: ['400000000000000001'],
      roles: ['200000000000000001'],
      modelsOff: ['kling-2.1'],
      language: 'zh-CN',
      zone: { timeZone: 'UTC', next: { timeZone: 'Asia/Kolkata', from: start + day } },
      membersMayDelete: false,
      provenance: 'full',
      mostResults: 2,
      spoiler: true,
      content: { image: 'anywhere', video: 'age-restricted' },
      review: { all: true, channels: ['400000000000000001'], roles: [], channel: '400000000000000002' },
      spoilerFor: { channels: ['400000000000000001'], roles: ['200000000000000001'] },
      ageLimit: { roles: ['200000000000000001'], except: ['400000000000000001'] },
      limits: { guild: { 'image.day': 100, open: 20 }, member: { 'second.month': 60 } },
      shares: { '200000000000000001': { 'image.day': 50 } },
      grants: [{ to: { userId: by }, measure: 'image.day', extra: 5, expiresAt: start + day }],
      override: { guild: { 'image.month': null, 'cost.day': 5_000_000 }, member: {} },
    };
    expect(await open().change(guild, by, () => wanted)).toEqual(wanted);
    expect(await open().get(guild)).toEqual(wanted);
    // A language that only another process of the fleet, or an earlier version, speaks.
    const foreign = { ...wanted, language: 'eo' };
    expect(await open().change(guild, by, () => foreign)).toEqual(foreign);
    expect(await open().get(guild)).toEqual(foreign);
  });

  it('of a record from before a setting existed have its default', async () => {
    await table.set(guild, { v: 1, private: true });
    expect(await open().get(guild)).toEqual({ ...defaultSettings, private: true, mostResults: 4 });
  });

  it('are written before the change resolves, and not visible earlier', async () => {
    let write = () => {};
    const writing = new Promise<void>((resolve) => {
      write = resolve;
    });
    const settings = open({
      ...table,
      compareAndSet: (...args) => writing.then(() => table.compareAndSet(...args)),
    });
    await settings.get(guild);
    let isChanged = false;
    const changed = settings.change(guild, by, allow(7)).then(() => {
      isChanged = true;
    });
    await new Promise(setImmediate);
    expect(await settings.get(guild)).toEqual(defaultSettings);
    expect(isChanged).toBe(false);
    expect(lines).toEqual([]);
    write();
    await changed;
    expect(await table.get(guild)).toMatchObject({ limits: { guild: { 'image.day': 7 } } });
    expect(await settings.get(guild)).toMatchObject({ limits: { guild: { 'image.day': 7 } } });
  });

  it('are parsed once for each version of their row', async () => {
    const settings = open();
    await settings.change(guild, by, allow(7));
    const first = await settings.get(guild);
    expect(await settings.get(guild)).toBe(first);
    await open().change(guild, by, allow(8));
    expect(await settings.get(guild)).toMatchObject({ limits: { guild: { 'image.day': 8 } } });
  });

  it("take effect after another process's change, whatever was read here before", async () => {
    const [here, there] = [open(), open()];
    await here.get(guild);
    await there.change(guild, by, (old) => ({ ...old, override: { guild: { 'image.day': 3 }, member: {} } }));
    expect((await here.get(guild)).override.guild).toEqual({ 'image.day': 3 });
    await here.change(guild, by, (old) => ({ ...old, private: true }));
    expect(await there.get(guild)).toMatchObject({ private: true, override: { guild: { 'image.day': 3 } } });
  });

  it('are as last read for what must not wait, and the store is not queried again at once', async () => {
    let reads = 0;
    let broken = false;
    const settings = open({
      ...table,
      read: (key) => {
        reads += 1;
        return broken ? Promise.reject(new StoreError('away', 'settings', 'no answer')) : table.read(key);
      },
    });
    await settings.change(guild, by, (old) => ({ ...old, language: 'zh-CN' }));
    broken = true;
    reads = 0;
    await expect(settings.get(guild)).rejects.toBeInstanceOf(StoreError);
    for (let n = 0; n < 3; n++) expect(await settings.lastKnown(guild)).toMatchObject({ language: 'zh-CN' });
    expect(await settings.lastKnown('300000000000000009')).toEqual(defaultSettings);
    expect(reads).toBe(1);
    broken = false;
    now += 5_000;
    await open().change(guild, by, (old) => ({ ...old, language: 'en-US' }));
    expect(await settings.lastKnown(guild)).toMatchObject({ language: 'en-US' });
  });

  it('lose no change of many concurrent ones', async () => {
    const settings = open();
    const more = (old: GuildSettings) => allow((old.limits.guild['image.day'] ?? 0) + 1)(old);
    await Promise.all(Array.from({ length: 50 }, () => settings.change(guild, by, more)));
    expect((await open().get(guild)).limits.guild['image.day']).toBe(50);
  });

  it('leave an audit line with who changed which fields, and none if nothing changed', async () => {
    const settings = open();
    await settings.change(guild, by, (old) => ({
      ...allow(7)(old),
      private: true,
      channels: ['400000000000000001'],
    }));
    await settings.change(guild, by, allow(7));
    const fields = ['private', 'channels', 'limits.guild.image.day'];
    expect(lines).toEqual([{ level: 'info', details: { guild, by, fields } }]);
  });

  it("stay as they are if the outcome can't be stored", async () => {
    const settings = open();
    await settings.change(guild, by, allow(7));
    for (const wrong of [
      allow(-1),
      allow(1.5),
      (old: GuildSettings) => ({ ...old, channels: ['#general'] }),
      (old: GuildSettings) => ({ ...old, zone: { timeZone: 'Atlantis' } }),
    ])
      await expect(settings.change(guild, by, wrong)).rejects.toThrow();
    expect(await settings.get(guild)).toEqual(allow(7)(defaultSettings));
  });

  it('stay as they are if the store refuses the change, which is reported', async () => {
    let broken = false;
    const refuse = () => Promise.reject(new StoreError('full', 'settings', 'no room'));
    const settings = open({
      ...table,
      compareAndSet: (...args) => (broken ? refuse() : table.compareAndSet(...args)),
    });
    await settings.change(guild, by, allow(7));
    broken = true;
    await expect(settings.change(guild, by, allow(8))).rejects.toMatchObject({ reason: 'full' });
    expect(await settings.get(guild)).toEqual(allow(7)(defaultSettings));
    broken = false;
    await settings.change(guild, by, allow(9));
    expect(lines).toHaveLength(2);
  });

  it("are unknown, rather than the defaults, while the store can't be read", async () => {
    const settings = open({
      ...table,
      read: () => Promise.reject(new StoreError('locked', 'settings', 'busy')),
    });
    await expect(settings.get(guild)).rejects.toBeInstanceOf(StoreError);
  });

  it.each([
    ['of a version not known', { v: 2, private: true }, ['v']],
    ['with a value that cannot be', { v: 1, duration: 'long' }, ['duration']],
    ['that is no record', 'hello', ['record']],
  ])('fall back to the defaults, loudly and without harm, for a record %s', async (_, stored, fields) => {
    await table.set(guild, stored);
    const settings = open();
    expect(await settings.get(guild)).toEqual(defaultSettings);
    expect(await settings.get(guild)).toEqual(defaultSettings);
    expect(lines).toEqual([{ level: 'error', details: { guild, fields } }]);
    await expect(settings.change(guild, by, allow(7))).rejects.toMatchObject({ reason: 'corrupt' });
    expect(await table.get(guild)).toEqual(stored);
  });

  it('are readable from a record that lacks a newer field', async () => {
    await table.set(guild, { v: 1, private: true });
    expect(await open().get(guild)).toEqual({ ...defaultSettings, private: true });
  });

  it('are cleaned up with a change: expired grants go, a due time zone takes effect', async () => {
    const settings = open();
    const grant = { to: { userId: by }, measure: 'image.day', extra: 5 } as const;
    await settings.change(guild, by, (old) => ({
      ...old,
      zone: changeZone(zoneOf(old, 'UTC'), 'Asia/Tokyo', now),
      grants: [
        { ...grant, expiresAt: start + day },
        { ...grant, expiresAt: start + 60 * day },
      ],
    }));
    now = start + 30 * day;
    const { zone, grants } = await settings.change(guild, by, allow(1));
    expect(zone).toEqual({ timeZone: 'Asia/Tokyo', since: Date.UTC(2026, 1, 1) });
    expect(grants.map(({ expiresAt }) => expiresAt)).toEqual([start + 60 * day]);
    expect(lines.at(-1)).toMatchObject({ details: { fields: ['limits.guild.image.day'] } });
  });

  it('are gone once removed', async () => {
    const settings = open();
    await settings.change(guild, by, allow(7));
    await settings.remove(guild);
    expect(await settings.get(guild)).toEqual(defaultSettings);
    expect(await table.get(guild)).toEqual({ v: 1 });
    expect(await settings.guilds()).toEqual([]);
  });

  it('keep what the accounts depend on when removed: the clock, and an operator’s ceiling', async () => {
    const settings = open();
    const kept = { zone: { timeZone: 'Asia/Tokyo' }, override: { guild: { 'image.day': 3 }, member: {} } };
    await settings.change(guild, by, (old) => ({ ...allow(7)(old), ...kept }));
    await settings.remove(guild);
    expect(await table.get(guild)).toEqual({ ...defaultSettings, ...kept });
    expect(await settings.get(guild)).toEqual({ ...defaultSettings, ...kept });
  });

  it("can be removed even if they can't be parsed", async () => {
    await table.set(guild, { v: 2 });
    await open().remove(guild);
    expect(await table.get(guild)).toEqual({ v: 1 });
  });
});

describe('a forgotten user', () => {
  it('loses all grants, in every guild; others keep theirs', async () => {
    const [grant, other] = [by, '100000000000000002'].map((userId) => ({
      to: { userId },
      measure: 'image.day' as const,
      extra: 5,
      expiresAt: start + day,
    }));
    if (!grant || !other) throw new Error('two grants');
    const settings = open();
    const elsewhere = '300000000000000002';
    await settings.change(guild, by, (old) => ({ ...old, grants: [grant, other] }));
    await settings.change(elsewhere, by, (old) => ({ ...old, grants: [grant], private: true }));
    await table.set('300000000000000003', { v: 2, grants: [grant] });
    await settings.forget(by);
    for (const book of [settings, open()]) {
      expect((await book.get(guild)).grants).toEqual([other]);
      expect(await book.get(elsewhere)).toMatchObject({ grants: [], private: true });
    }
    expect(await table.get('300000000000000003')).toEqual({ v: 2, grants: [grant] });
  });

  it('is forgotten also in guilds whose settings were read here before they named the user', async () => {
    const grant = { to: { userId: by }, measure: 'image.day', extra: 5, expiresAt: start + day } as const;
    const [ours, theirs] = [open(), open()];
    await ours.get(guild);
    await theirs.change(guild, by, (old) => ({ ...old, grants: [grant], private: true }));
    await ours.forget(by);
    expect(await theirs.get(guild)).toMatchObject({ grants: [], private: true });
  });
});

describe('the clock of a guild', () => {
  it("is its own, or else the operator's", () => {
    expect(zoneOf(defaultSettings, 'Asia/Shanghai')).toEqual({ timeZone: 'Asia/Shanghai' });
    expect(zoneOf({ zone: { timeZone: 'UTC' } }, 'Asia/Shanghai')).toEqual({ timeZone: 'UTC' });
  });
});
