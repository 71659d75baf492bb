import { type Environment, textOf } from './env-reader.js';
import { misspelt, nearest } from './spelling.js';

/** A variable that looks like one of Easel's and is none. */
export interface UnknownVariable {
  readonly variable: string;
  /** The variables of Easel's that may be meant; none if no name is near. */
  readonly meant: readonly string[];
}

/** What the bot calls things when it talks to users, and other words for the same, by the word that variables use. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  IMAGES: ['PICTURES', 'PICTURE', 'IMAGE'],
  IMAGE: ['PICTURE', 'PICTURES', 'IMAGES'],
  SECONDS: ['CLIPS', 'CLIP', 'VIDEOS', 'VIDEO', 'SECOND'],
  VIDEO: ['CLIP', 'CLIPS', 'VIDEOS'],
  COST: ['MONEY', 'PRICE', 'SPEND', 'COSTS'],
  GUILD: ['SERVER', 'SERVERS', 'GUILDS'],
  GUILDS: ['SERVERS'],
  MEMBER: ['MEMBERS'],
  USER: ['USERS', 'PERSON'],
  TOTAL: ['GLOBAL', 'ALL'],
  DAY: ['DAILY', 'DAYS'],
  MONTH: ['MONTHLY', 'MONTHS'],
  OPEN: ['TASKS', 'ORDERS'],
  TENCENTCLOUD: ['TENCENT'],
};

/** At most so many words added or left out; what a like word costs comes on top. */
const mostSlips = 1.3;
/** Named at most, if several are as near. */
const mostNames = 4;

/**
 * Variables that begin as ours do (QUOTA_, COS_, DISCORD_ …) and that Easel does not read, with what may be meant. Those
 * that `misspelt` refuses are left out. Other programs share such beginnings, so that these are no reason not to start.
 * @param known all names that Easel reads; the prefixes are their first words.
 */
export function unknownVariables(env: Environment, known: readonly string[]): readonly UnknownVariable[] {
  const first = known.filter((name) => name.includes('_')).map(firstWord);
  const prefixes = new Set([...first, ...first.flatMap((word) => synonyms[word] ?? [])]);
  const refused = new Set(misspelt(env, known).map(({ variable }) => variable));
  return Object.keys(env)
    .filter((name) => textOf(env, name) !== undefined && !known.includes(name) && !refused.has(name))
    .filter((name) => name.includes('_') && prefixes.has(firstWord(name.toUpperCase())))
    .map((variable) => ({ variable, meant: likeliest(variable, known) }));
}

function firstWord(name: string): string {
  return name.split('_', 1).join();
}

function likeliest(variable: string, known: readonly string[]): readonly string[] {
  const ranked = known
    .map((name) => ({ name, slips: distance(variable.toUpperCase().split('_'), name.split('_')) }))
    .filter(({ slips }) => slips <= mostSlips);
  const least = Math.min(...ranked.map(({ slips }) => slips));
  return ranked.flatMap(({ name, slips }) => (slips < least + 0.01 ? [name] : [])).slice(0, mostNames);
}

/** Words added, left out or changed; a change to a like word costs little. Infinite unless two words are the same. */
function distance(found: readonly string[], known: readonly string[]): number {
  const shared = known.filter((word) => found.some((other) => other === word || isLike(other, word)));
  if (shared.length < 2) return Number.POSITIVE_INFINITY;
  let last = known.map((_, j) => j + 1);
  let corner = 0;
  for (const [i, word] of found.entries()) {
    const row: number[] = [];
    for (const [j, other] of known.entries()) {
      const before = j === 0 ? corner : (last[j - 1] ?? 0);
      const left = j === 0 ? i + 1 : (row[j - 1] ?? 0);
      row.push(Math.min(before + change(word, other), (last[j] ?? 0) + 1, left + 1));
    }
    corner = i + 1;
    last = row;
  }
  return last.at(-1) ?? 0;
}

function change(found: string, known: string): number {
  if (found === known) return 0;
  // Another word altogether is another variable, as DISCORD_WEBHOOK_URL is none of ours.
  return isLike(found, known) ? 0.1 : 2;
}

function isLike(found: string, known: string): boolean {
  return synonyms[known]?.includes(found) || nearest(found, [known], known.length > 4 ? 2 : 1) !== undefined;
}
