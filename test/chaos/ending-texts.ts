import { languages, writtenIn } from '../support/languages.js';

/** The outcome of a task that its user dismissed for discarding. */
export const dropped = 'discarded.asker';
/** The text of a card that leaves the reason to its user. */
export const untold = 'failed';
/** Text that is no outcome. */
export const unknown = 'of no known text';

/** In the languages of those who order. */
const texts = languages.filter(({ tag }) => writtenIn.includes(tag)).map((language) => language.texts);

/**
 * The end without a file that a text states: `cancelled`, `dropped`, `untold`, or the name of a failure; else `unknown`.
 * @param which of several ends.
 */
export function endingIn(content: string, which: 'first' | 'last' = 'first'): string {
  const told = texts
    .flatMap((all) => Object.entries(all))
    .filter(([name, words]) => isEnding(name) && says(content, words))
    .map(([name, words]) => ({ name, at: content.indexOf(words.split('{{')[0] ?? '') }))
    .sort((one, other) => one.at - other.at);
  const key = (which === 'last' ? told.at(-1) : told[0])?.name ?? `failure.${unknown}`;
  if (key.startsWith('card.failed')) return untold;
  return key.slice(key.indexOf('.') + 1).replace(/_(zero|one|two|few|many|other)$/, '');
}

/** The end that a numbered line of a set's message states; a number if it is the same as that one's. */
export function endingOfLine(words: string): string | number {
  for (const all of texts) {
    if (words === all['card.set.failed']) return untold;
    if (words === all['card.set.cancelled']) return 'cancelled';
    if (words === all['card.set.discarded']) return dropped;
    const [before = '', after = ''] = all['card.set.same'].split('{{number}}');
    if (words.startsWith(before) && words.endsWith(after)) {
      const same = Number.parseInt(words.slice(before.length), 10);
      if (same > 0) return same;
    }
  }
  return endingIn(words);
}

/** Whether the text with this key is an end without a file. */
function isEnding(name: string): boolean {
  const others = ['fit.withheld', 'card.cancelled', 'card.failed', 'card.failed.clip', `card.${dropped}`];
  return name.startsWith('failure.') || others.includes(name);
}

/** Whether a content has all the words of a text, whatever its params. */
function says(content: string, words: string): boolean {
  return words.split(/\{\{\w+\}\}/).every((part) => content.includes(part));
}
