/**
 * Characters that format, ping or link anywhere (a backslash escapes each of them in Discord's markdown): a colon
 * starts a URL or an emoji name, and a slash after a host makes an invitation even without https.
 */
const anywhere = /[\\*_~`|<[\]@]|:(?=\/\/|[\w+-]+:)|(?<=\.[a-z]{2,})\//gi;
/** Characters that make a list, heading, quote or subtext, but only at the start of a line; `0.5` is no list. */
const atStart = /^(?:[-+>#]|\d+(?=[.)](?!\d)))/;

/**
 * Control characters that change text direction (UAX #9: marks, embeddings, overrides, isolates), which could make a
 * name or our text read as something else, and invisible ones. Line breaks and tabs stay.
 */
const controls = /\p{Bidi_Control}|(?![\n\t])\p{Cc}|[\uFFF9-\uFFFB]/gu;

/**
 * Removes them. Rule: all user text passes `escapeWords` or `clip` before it is shown in a message, list, form or
 * file description, and both do this.
 */
export function withoutControls(text: string): string {
  return text.replace(controls, '');
}

/**
 * Escapes user text so that Discord shows it verbatim on one line: nothing in it formats, pings, links or fetches
 * anything.
 * @param max characters kept, counted before escaping; an ellipsis marks a cut.
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

/** Cuts a text to at most `max` UTF-16 units, as Discord counts lengths, without splitting a character. */
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
