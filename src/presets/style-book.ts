import type { Kind } from '../mps/generation-request.js';
import { builtInIds, builtIns, findBuiltIn } from './built-in.js';
import type { GuildStyles } from './guild-styles.js';
import type { Preferences } from './preferences.js';
import { nameKey, type PresetWords, serves } from './preset.js';

/** A style that can be chosen. */
export interface Style extends PresetWords {
  readonly of: 'own' | 'server' | 'builtIn';
}

/** The style that goes without saying, and whose default it is. */
export interface UsualStyle {
  readonly style: Style;
  /** `own`: of the user; `place`: of the channel or the server. */
  readonly from: 'own' | 'place';
}

/** The styles for one user in one place, and their own defaults. */
export interface StyleBook {
  /** Own ones, the server's and built-in ones; of those with one name the first alone. */
  readonly styles: readonly Style[];
  readonly own: Preferences;
  /** By name; a built-in one also by its name in any language. */
  find(name: string): Style | undefined;
  /** The style of an order that names none. */
  usualFor(kind: Kind): UsualStyle | undefined;
}

interface Where {
  readonly own: Preferences;
  /** Undefined outside of servers: there all built-in styles are on, since no one could switch them on. */
  readonly guild: GuildStyles | undefined;
  /** The channel, and a thread's parent. */
  readonly channels: readonly string[];
}

export function createStyleBook({ own, guild, channels }: Where): StyleBook {
  const owned = own.presets.map((preset): Style => ({ ...preset, of: 'own' }));
  const places = [...(guild?.presets ?? []).map((preset): Style => ({ ...preset, of: 'server' }))];
  const on = guild?.builtIn ?? builtInIds;
  const others = builtIns
    .filter(({ name }) => on.includes(name))
    .map((one): Style => ({ ...one, of: 'builtIn' }));
  const here = unshadowed([...places, ...others]);
  const styles = unshadowed([...owned, ...here]);

  function usualFor(kind: Kind): UsualStyle | undefined {
    if (own.style === null) return undefined;
    const mine = own.style === undefined ? undefined : findIn(styles, own.style);
    if (mine && serves(mine, kind)) return { style: mine, from: 'own' };
    const named = placeDefault(guild, channels);
    const place = named === undefined ? undefined : findIn(here, named);
    return place && serves(place, kind) ? { style: place, from: 'place' } : undefined;
  }

  return { styles, own, find: (name) => findIn(styles, name), usualFor };
}

/** The channel's default, else its parent's, else the server's. */
function placeDefault(guild: GuildStyles | undefined, channels: readonly string[]): string | undefined {
  if (!guild) return undefined;
  for (const channel of channels) {
    const named = guild.usualIn[channel];
    if (named !== undefined) return named ?? undefined;
  }
  return guild.usual;
}

function findIn(styles: readonly Style[], name: string): Style | undefined {
  const wanted = nameKey(name);
  const exact = styles.find((style) => nameKey(style.name) === wanted);
  if (exact) return exact;
  const builtIn = findBuiltIn(name);
  return builtIn && styles.find(({ of, name: id }) => of === 'builtIn' && id === builtIn.name);
}

function unshadowed(styles: readonly Style[]): readonly Style[] {
  const first = new Map<string, Style>();
  for (const style of styles) {
    const key = nameKey(style.name);
    if (!first.has(key)) first.set(key, style);
  }
  return [...first.values()];
}

/** Most rows of a list of suggestions (Discord docs: Autocomplete). */
const mostRows = 25;
/** If not all fit: at least as many of each, as far as there are. */
const share = { own: 10, server: 10, builtIn: 5 } as const;

/**
 * The styles to suggest for what was typed: names that begin with it, then those that contain it; own ones first, then the
 * server's, then built-in ones, none of which crowds out the others.
 * @param namesOf all names that a style can be found by, as shown to the user first.
 */
export function ranked(
  styles: readonly Style[],
  typed: string,
  namesOf: (style: Style) => readonly string[],
  most = mostRows,
): readonly Style[] {
  const wanted = nameKey(typed);
  const keys = new Map(styles.map((style) => [style, namesOf(style).map(nameKey)]));
  const matches = (style: Style, test: (key: string) => boolean) => (keys.get(style) ?? []).some(test);
  const found = styles.filter((style) => matches(style, (key) => key.includes(wanted)));
  const kept = found.length <= most ? found : shared(found, most);
  const begins = (style: Style) => matches(style, (key) => key.startsWith(wanted));
  return [...kept.filter(begins), ...kept.filter((style) => !begins(style))];
}

function shared(found: readonly Style[], most: number): readonly Style[] {
  const groups = (['own', 'server', 'builtIn'] as const).map((of) => ({
    styles: found.filter((style) => style.of === of),
    share: Math.min(share[of], Math.floor((share[of] * most) / mostRows)),
  }));
  let left = most - groups.reduce((sum, group) => sum + Math.min(group.share, group.styles.length), 0);
  return groups.flatMap(({ styles, share: own }) => {
    const more = Math.max(0, Math.min(left, styles.length - own));
    left -= more;
    return styles.slice(0, own + more);
  });
}
