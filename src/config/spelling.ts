import type { Problem } from './config-error.js';
import { type Environment, textOf } from './env-reader.js';

/** The one of `names` most like `word`, when at most `most` slips apart; undefined when none is that near. */
export function nearest(word: string, names: readonly string[], most: number): string | undefined {
  const ranked = names
    .map((name) => ({ name, slips: slips(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips);
  return ranked[0] && ranked[0].slips <= most ? ranked[0].name : undefined;
}

/** Letters added, dropped, changed or swapped with their neighbour (optimal string alignment). */
function slips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const candidates = [at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1)];
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) candidates.push(at(beforeLast, j - 2) + 1);
      row.push(Math.min(...candidates));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

/** A cell, or infinitely far outside the table. */
function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/**
 * Names one slip away from a variable of ours that is not set: it would stay at its default without a word. Other
 * programs' variables are none of our business (LOGLEVEL), so the first word has to be ours.
 */
export function misspelt(env: Environment, known: readonly string[]): Problem[] {
  const unset = known.filter((name) => textOf(env, name) === undefined);
  return Object.keys(env).flatMap((variable) => {
    if (known.includes(variable) || textOf(env, variable) === undefined) return [];
    const candidates = unset.filter((name) => firstWord(name) === firstWord(variable));
    const meant = nearest(variable, candidates, 1);
    if (!meant) return [];
    const found = 'a name Easel does not know';
    return [
      { variable, found, allowed: `${meant}, if that is meant`, where: '.env.example lists all names' },
    ];
  });
}

function firstWord(name: string): string {
  return name.split('_', 1).join();
}
