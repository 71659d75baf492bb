import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locales } from '../../../src/locales/index.js';
import { builtInIds, builtIns, findBuiltIn, isNone } from '../../../src/presets/built-in.js';
import { type GuildStyles, noStyles } from '../../../src/presets/guild-styles.js';
import { noPreferences, type Preferences } from '../../../src/presets/preferences.js';
import { lengthOf, longest, nameKey } from '../../../src/presets/preset.js';
import { createStyleBook, ranked, type Style } from '../../../src/presets/style-book.js';

const both = { image: {}, video: {} };
const preset = (name: string, no = 1) => ({ name, no, after: `like ${name}`, ...both });
const guildWith = (more: Partial<GuildStyles>): GuildStyles => ({ ...noStyles, ...more });
const userWith = (more: Partial<Preferences>): Preferences => ({ ...noPreferences, ...more });
const channels = ['100000000000000001', '100000000000000002'];

describe('the styles for a user', () => {
  it('are own ones, the server’s, and built-in ones that are on; the first of a name hides the others', () => {
    const own = userWith({ presets: [preset('ink'), preset('Mine', 2)] });
    const guild = guildWith({ presets: [preset('INK'), preset('house', 2)], builtIn: ['ink', 'neon'] });
    const book = createStyleBook({ own, guild, channels });
    expect(book.styles.map(({ name, of }) => [name, of])).toEqual([
      ['ink', 'own'],
      ['Mine', 'own'],
      ['house', 'server'],
      ['neon', 'builtIn'],
    ]);
    expect(book.find('ＩＮＫ ')?.of).toBe('own');
    // Written by a Turkish keyboard.
    expect(book.find('İnk')?.of).toBe('own');
    expect(book.find('霓虹夜色')?.name).toBe('neon');
    expect(book.find('Watercolor')).toBeUndefined();
  });

  it('outside of servers are own ones and all that are built in', () => {
    const { styles } = createStyleBook({ own: noPreferences, guild: undefined, channels: [] });
    expect(styles.map(({ name }) => name)).toEqual([...builtInIds]);
  });
});

describe('the style that goes without saying', () => {
  const [channel = '', parent = ''] = channels;
  const guild = guildWith({
    presets: [preset('server'), preset('channel', 2), { no: 3, name: 'clips', after: 'x', video: {} }],
    usual: 'server',
  });
  const usual = (
    own: Partial<Preferences>,
    more: Partial<GuildStyles> = {},
    kind: 'image' | 'video' = 'image',
  ) => {
    const found = createStyleBook({ own: userWith(own), guild: { ...guild, ...more }, channels }).usualFor(
      kind,
    );
    return found && [found.style.name, found.from];
  };

  it('is the user’s own, else the channel’s, its parent’s or the server’s', () => {
    const mine = { presets: [preset('mine')], style: 'mine' };
    expect(usual(mine)).toEqual(['mine', 'own']);
    expect(usual({ style: null })).toBeUndefined();
    expect(usual({})).toEqual(['server', 'place']);
    expect(usual({}, { usualIn: { [parent]: 'channel' } })).toEqual(['channel', 'place']);
    expect(usual({}, { usualIn: { [parent]: 'channel', [channel]: null } })).toBeUndefined();
  });

  it('is none that serves the other kind alone, or is gone', () => {
    expect(usual({}, { usual: 'clips' })).toBeUndefined();
    expect(usual({}, { usual: 'clips' }, 'video')).toEqual(['clips', 'place']);
    expect(usual({}, { usual: 'gone' })).toBeUndefined();
    expect(usual({ style: 'gone' })).toEqual(['server', 'place']);
  });

  it('of a server is none of the user’s own that has the same name', () => {
    expect(usual({ presets: [preset('server')] })).toEqual(['server', 'place']);
  });
});

describe('suggestions', () => {
  const many = (of: Style['of'], count: number): Style[] =>
    Array.from({ length: count }, (_, at) => ({ name: `${of} ${at}`, of, ...both }));
  const names = ({ name }: Style) => [name];

  it('are at most 25, own ones first, and none of the three groups crowds out the others', () => {
    const all = [...many('own', 25), ...many('server', 25), ...many('builtIn', 10)];
    const rows = ranked(all, '', names);
    const count = (of: Style['of']) => rows.filter((style) => style.of === of).length;
    expect([rows.length, count('own'), count('server'), count('builtIn')]).toEqual([25, 10, 10, 5]);
    expect(rows.map(({ of }) => of)).toEqual(
      [...rows.map(({ of }) => of)].sort((a, b) => order(a) - order(b)),
    );
    function order(of: Style['of']) {
      return ['own', 'server', 'builtIn'].indexOf(of);
    }
  });

  it('fill all rows whatever there is', () => {
    const size = fc.integer({ min: 0, max: 25 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 10 }), (own, server, builtIn) => {
        const all = [...many('own', own), ...many('server', server), ...many('builtIn', builtIn)];
        expect(ranked(all, '', names)).toHaveLength(Math.min(25, all.length));
      }),
    );
  });

  it('begin with names that begin with what was typed', () => {
    const styles: Style[] = ['soft ink', 'ink', 'oil'].map((name) => ({ name, of: 'own', ...both }));
    expect(ranked(styles, 'INK', names).map(({ name }) => name)).toEqual(['ink', 'soft ink']);
  });
});

describe('built-in styles', () => {
  it('are ten, short enough for every model, and found by their names in every language', () => {
    expect(builtIns).toHaveLength(10);
    for (const { name, before, after, negative } of builtIns) {
      for (const words of [before, after, negative])
        expect(lengthOf(words ?? '')).toBeLessThan(longest.after / 2);
      expect(findBuiltIn(name)?.name).toBe(name);
    }
    expect(new Set(builtIns.map(({ name }) => nameKey(name))).size).toBe(10);
    expect(locales.length).toBeGreaterThan(1);
    expect(['none', 'None', 'no style', '不用风格', 'ink'].map(isNone)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});
