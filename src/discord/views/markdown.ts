/**
 * Signs that format, ping or link wherever they stand (Discord's markdown takes a backslash before any of them): a colon
 * begins an address or an emoji's name, and a slash after a host makes an invitation even without https.
 */
const anywhere = /[\\*_~`|<[\]@]|:(?=\/\/|[\w+-]+:)|(?<=\.[a-z]{2,})\//gi;
/** Signs that make a list, a heading, a quote or small print, but only if a line begins. */
const atStart = /^(?:[-+>#]|\d+(?=[.)]))/;

/**
 * Controls that turn the direction of what follows (UAX #9: marks, embeddings, overrides, isolates), so that a name or a
 * sentence of ours would read as something else; and those that have no look at all. Lines and tabs stay.
 */
const controls = /\p{Bidi_Control}|(?![\n\t])\p{Cc}|[\uFFF9-\uFFFB]/gu;

/**
 * A text without them. The rule: whatever a user wrote goes through `escapeWords` or `clip` before it is shown, in a
 * message, a list, a form or a file's description, and both do this.
 */
export function withoutControls(text: string): string {
  return text.replace(controls, '');
}

/**
 * A user's words as Discord will show them: letter for letter, on one line. Nothing in them formats, pings, links or
 * fetches anything.
 * @param max characters kept, counted before escaping; a cut is shown by an ellipsis.
 */
export function escapeWords(words: string, max = 300): string {
  const line = withoutControls(words.replace(/\s+/g, ' ')).trim();
  const letters = [...line];
  const kept =
    letters.length > max
      ? `${letters
          .slice(0, max - 1)
          .join('')
          .trimEnd()}…`
      : line;
  const safe = kept.replace(anywhere, '\\$&');
  return safe.replace(atStart, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** A text cut to at most `max` UTF-16 units, as Discord counts lengths, without splitting a letter. */
export function clip(given: string, max: number): string {
  const text = withoutControls(given);
  if (text.length <= max) return text;
  let kept = '';
  for (const letter of text) {
    if (kept.length + letter.length > max - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}
