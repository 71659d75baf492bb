import { z } from 'zod';
import { UserError } from '../errors.js';
import type { Log } from '../log.js';
import type { Table } from '../store/store.js';
import { builtInIds } from './built-in.js';
import { mostPresets, nameKey, type Preset, presetSchema } from './preset.js';
import { createStoredRows, type StoredRows } from './stored-rows.js';

const id = z.string().regex(/^\d{17,20}$/, 'an id of Discord');
const name = z.string().min(1).max(64);

/** Version 1. A new field gets a default here, so that old rows stay readable. */
const row = z.strictObject({
  v: z.literal(1),
  presets: z.array(presetSchema).max(mostPresets).default([]),
  /** The number of the newest preset so far. */
  last: z.int().min(0).max(999).default(0),
  /** Built-in styles that are on. */
  builtIn: z.array(z.string().max(32)).max(50).default([]),
  /** What no result of the server may show. */
  house: z.exactOptional(z.string().min(1).max(1000)),
  /** The default style, by name; absent: none. */
  usual: z.exactOptional(name),
  /** The same by channel, for those that differ; null: none there. */
  usualIn: z.record(id, name.nullable()).default({}),
});

/** Styles of a server, and what goes for all results there. */
export interface GuildStyles {
  readonly v: 1;
  readonly presets: readonly Preset[];
  readonly last: number;
  readonly builtIn: readonly string[];
  readonly house?: string;
  readonly usual?: string;
  readonly usualIn: Readonly<Record<string, string | null>>;
}

export const noStyles: GuildStyles = row.parse({ v: 1 });

export type StylesTable = StoredRows<GuildStyles>;

/** @param table shared with the moderators' journal, so that a change and its entry are written together. */
export function createStylesTable({ table, log }: { table: Table<unknown>; log: Log }): StylesTable {
  return createStoredRows<GuildStyles>({
    table,
    name: 'styles',
    prefix: 'styles:',
    schema: row as unknown as z.ZodType<GuildStyles>,
    empty: noStyles,
    log,
  });
}

type Change = (styles: GuildStyles) => GuildStyles;

/** With one more. @throws UserError if there is no room, or its name is taken. */
export function added<T extends Pick<GuildStyles, 'presets' | 'last'>>(
  styles: T,
  preset: Omit<Preset, 'no'>,
): T {
  if (styles.presets.length >= mostPresets)
    throw new UserError({ key: 'style.full', params: { max: mostPresets } });
  requireFree(styles.presets, preset.name);
  const used = new Set(styles.presets.map(({ no }) => no));
  let no = styles.last;
  do no = (no % 999) + 1;
  while (used.has(no));
  return { ...styles, presets: [...styles.presets, { ...preset, no }], last: no };
}

/** With one replaced; its example stays. @throws UserError if it is gone, or the new name is taken. */
export function replaced<T extends Pick<GuildStyles, 'presets' | 'last'>>(
  styles: T,
  no: number,
  preset: Omit<Preset, 'no'>,
): T {
  const before = styles.presets.find((one) => one.no === no);
  if (!before) throw new UserError({ key: 'style.gone' });
  requireFree(
    styles.presets.filter((one) => one !== before),
    preset.name,
  );
  const example = preset.example ?? before.example;
  const next = { ...preset, no, ...(example && { example }) };
  return { ...styles, presets: styles.presets.map((one) => (one === before ? next : one)) };
}

function requireFree(presets: readonly Preset[], wanted: string): void {
  if (presets.some(({ name }) => nameKey(name) === nameKey(wanted)))
    throw new UserError({ key: 'style.name.taken', params: { name: wanted } });
}

/** The same under a new name where it is the default. */
export function renamedIn(styles: GuildStyles, before: string, after: string | undefined): GuildStyles {
  const isIt = (name: string | null | undefined) =>
    typeof name === 'string' && nameKey(name) === nameKey(before);
  const { usual, ...rest } = styles;
  const place = isIt(usual) ? after : usual;
  const usualIn = Object.fromEntries(
    Object.entries(styles.usualIn).flatMap(([channel, name]) => {
      if (!isIt(name)) return [[channel, name]];
      return after === undefined ? [] : [[channel, after]];
    }),
  );
  return { ...rest, ...(place !== undefined && { usual: place }), usualIn };
}

/** Without a style, also where it is the default. @throws UserError if it is gone. */
export function without(no: number): Change {
  return (styles) => {
    const gone = styles.presets.find((one) => one.no === no);
    if (!gone) throw new UserError({ key: 'style.gone' });
    const left = { ...styles, presets: styles.presets.filter((one) => one !== gone) };
    return renamedIn(left, gone.name, undefined);
  };
}

/** With a default for the server, or one of its channels. @param name undefined: as it goes without saying; null: none. */
export function withUsual(name: string | null | undefined, channel?: string): Change {
  return (styles) => {
    if (channel === undefined) {
      const { usual: _before, ...rest } = styles;
      return name === null || name === undefined ? rest : { ...rest, usual: name };
    }
    const { [channel]: _before, ...others } = styles.usualIn;
    return { ...styles, usualIn: name === undefined ? others : { ...others, [channel]: name } };
  };
}

/** With these built-in styles on, and no others. A default that is off now is none. */
export function withBuiltIn(on: readonly string[]): Change {
  return (styles) => {
    const off = styles.builtIn.filter((one) => !on.includes(one));
    const own = new Set(styles.presets.map(({ name }) => nameKey(name)));
    const next = { ...styles, builtIn: builtInIds.filter((one) => on.includes(one)) };
    return off
      .filter((one) => !own.has(one))
      .reduce<GuildStyles>((kept, one) => renamedIn(kept, one, undefined), next);
  };
}

/** With other words that no result may show; none for an empty text. */
export function withHouse(words: string): Change {
  return ({ house: _before, ...rest }) => (words === '' ? rest : { ...rest, house: words });
}
