import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { silentLog } from '../../../src/log.js';
import { createJournal } from '../../../src/moderation/journal.js';
import {
  added,
  createStylesTable,
  noStyles,
  renamedIn,
  replaced,
  withBuiltIn,
  without,
  withUsual,
} from '../../../src/presets/guild-styles.js';
import { withHouse } from '../../../src/presets/house.js';
import { createPreferencesTable, noPreferences } from '../../../src/presets/preferences.js';
import { readStyles, writeStyles } from '../../../src/presets/style-file.js';
import { StoreError } from '../../../src/store/store.js';
import { createCollectingLog } from '../../support/log.js';
import { createMortality, mortal } from '../../support/mortal-table.js';
import { createMemoryTable } from '../../support/table.js';

const guild = '100000000000000001';
const style = (name: string) => ({ name, after: 'soft', image: {}, video: {} });

describe('the styles of a server', () => {
  it('are 25 at most, each name once, and numbers are not used again at once', () => {
    let styles = noStyles;
    for (let n = 0; n < 25; n++) styles = added(styles, style(`s${n}`));
    expect(() => added(styles, style('more'))).toThrow(UserError);
    const left = without(25)(styles);
    expect(added(left, style('new')).presets.at(-1)?.no).toBe(26);
    expect(() => added(left, style('S3'))).toThrow('style.name.taken');
    expect(() => replaced(left, 25, style('x'))).toThrow('style.gone');
    expect(replaced(left, 4, style('S3')).presets[3]?.name).toBe('S3');
  });

  it('stay the default when they are renamed, and are none when they are gone', () => {
    const channel = '100000000000000009';
    const styles = withUsual('ink', channel)(withUsual('ink')(added(noStyles, style('ink'))));
    expect(renamedIn(styles, 'INK', 'tusche')).toMatchObject({
      usual: 'tusche',
      usualIn: { [channel]: 'tusche' },
    });
    const gone = without(1)(styles);
    expect(gone).not.toHaveProperty('usual');
    expect(gone.usualIn).toEqual({});
    const off = withBuiltIn([])(withUsual('neon')(withBuiltIn(['neon', 'unknown'])(noStyles)));
    expect(off.builtIn).toEqual([]);
    expect(off).not.toHaveProperty('usual');
  });

  it('are read from rows of earlier versions, and an unreadable row is left untouched', async () => {
    const table = createMemoryTable();
    const log = createCollectingLog();
    const rows = createStylesTable({ table, log });
    table.rows.set(`styles:${guild}`, { v: 1, presets: [{ no: 1, name: 'ink', after: 'x', image: {} }] });
    expect(await rows.get(guild)).toMatchObject({ builtIn: [], usualIn: {}, last: 0 });
    const later = { v: 2, styles: [] };
    table.rows.set(`styles:${guild}`, later);
    expect(await rows.get(guild)).toEqual(noStyles);
    await expect(rows.change(guild, (one) => one)).rejects.toThrow(StoreError);
    expect(table.rows.get(`styles:${guild}`)).toEqual(later);
    // The row of another part in the same table is none of theirs.
    table.rows.set('head:1', { v: 1, next: 3 });
    expect(await rows.keys()).toEqual([guild]);
    await rows.remove(guild);
    expect(await rows.keys()).toEqual([]);
  });

  it('are changed together with what goes with it, or not at all', async () => {
    const table = createMemoryTable();
    const rows = createStylesTable({ table, log: createCollectingLog() });
    let tries = 0;
    await rows.change(
      guild,
      (styles) => added(styles, style(`s${styles.presets.length}`)),
      async (changes) => {
        // Another process was faster, once.
        if (tries++ === 0) {
          await rows.change(guild, (styles) => added(styles, style('other')));
          return false;
        }
        return table.compareAndSetAll(changes);
      },
    );
    expect((await rows.get(guild)).presets.map(({ name }) => name)).toEqual(['other', 's1']);
    table.failWrites(1);
    await expect(rows.change(guild, without(1))).rejects.toThrow(StoreError);
    expect((await rows.get(guild)).presets).toHaveLength(2);
  });
});

it('a user’s defaults are read from rows of earlier versions, and go when they ask', async () => {
  const table = createMemoryTable();
  const rows = createPreferencesTable({ table, log: createCollectingLog() });
  table.rows.set('1', { v: 1, image: { model: 'kling-3.0' } });
  expect(await rows.get('1')).toEqual({ ...noPreferences, image: { model: 'kling-3.0' } });
  await rows.forget('1');
  expect(table.rows.size).toBe(0);
  expect(await rows.get('1')).toEqual(noPreferences);
});

it('a file of styles says the same when it is read, and nothing strange is read from one', () => {
  const styles = [style('ink'), { name: '水墨', before: '画', video: { duration: 10, audio: true } }];
  expect(readStyles(writeStyles(styles))).toEqual(styles);
  for (const text of ['', '[]', '{"easel":"styles"}', '{"easel":"styles","version":2,"styles":[]}'])
    expect(readStyles(text)).toBeUndefined();
  const odd = [{ name: 'x', image: { model: 7 } }, { name: 'x', url: 'http://a' }, { name: 'x'.repeat(99) }];
  expect(readStyles(JSON.stringify({ easel: 'styles', version: 1, styles: odd }))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

describe('what a server excludes', () => {
  const fox = { kind: 'image', model: 'kling-3.0', prompt: 'a fox', enhance: true } as const;
  const clip = { kind: 'video', model: 'kling-3.0', prompt: 'it runs', enhance: false } as const;

  it('is in the order and its follow-up, in place of what they had before', () => {
    const asked = { ...fox, house: 'old', thenAnimate: { ...clip, house: 'old' } };
    expect(withHouse(asked, 'blood')).toEqual({
      ...fox,
      house: 'blood',
      thenAnimate: { ...clip, house: 'blood' },
    });
    expect(withHouse(asked, undefined)).toEqual({ ...fox, thenAnimate: clip });
  });

  it.each([
    '{"NegativePrompt":""}',
    '{"negative_prompt":"x"}',
    '{"Prompt":"x"}',
    '{"a":[{"PROMPT":"x"}]}',
    '{"multi_prompt":[]}',
    '{"ExtInfo":"{\\"AdditionalParameters\\":\\"{\\\\\\"negative-prompt\\\\\\":1}\\"}"}',
    '{"ｐｒｏｍｐｔ":1}',
    '{"image_negatives":[]}',
  ])('is not lifted by %s', (additional) => {
    expect(() => withHouse({ ...fox, additional }, 'blood')).toThrow('error.house.additional');
    expect(withHouse({ ...fox, additional }, undefined)).toEqual({ ...fox, additional });
  });

  it('leaves other parameters alone', () => {
    const additional = '{"size":"1024x1024","seed":7,"note":"a prompt reply"}';
    expect(withHouse({ ...fox, additional }, 'blood')).toEqual({ ...fox, additional, house: 'blood' });
  });
});

it('a kill leaves a change of styles together with its entry on record, or neither', async () => {
  for (const instant of ['before', 'after'] as const)
    for (let nth = 1; nth <= 3; nth++) {
      const rows = createMemoryTable();
      const life = createMortality(nth, instant);
      const start = (table: typeof rows) => {
        const journal = createJournal({ table, oldMessages: createMemoryTable() });
        const styles = createStylesTable({ table, log: silentLog });
        const entry = { guildId: guild, act: 'presets', at: 1, by: '1' } as const;
        const add = (name: string) =>
          styles.change(
            guild,
            (before) => added(before, style(name)),
            (changes) => journal.noteWith(entry, changes),
          );
        return { journal, styles, add };
      };
      const dying = start(mortal(rows, life));
      const work = async () => {
        for (const name of ['one', 'two', 'three']) await dying.add(name);
      };
      void work();
      await expect.poll(life.isDead).toBe(true);
      const { journal, styles } = start(rows);
      const { entries } = await journal.page(guild);
      const { presets } = await styles.get(guild);
      expect(entries, `${instant} write ${nth}`).toHaveLength(presets.length);
      expect(presets).toHaveLength(instant === 'before' ? nth - 1 : nth);
    }
});
