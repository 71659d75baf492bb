/**
 * Signs that format, ping or link wherever they stand (Discord's markdown takes a backslash before any of them): a colon
 * begins an address or an emoji's name, and a slash after a host makes an invitation even without https.
 */
const anywhere = /[\\*_~`|<[\]@]|:(?=\/\/|[\w+-]+:)|(?<=\.[a-z]{2,})\//gi;
/** Signs that make a list, a heading, a quote or small print, but only where a line begins. */
const atStart = /^(?:[-+>#]|\d+(?=[.)]))/;

/**
 * A person's words as Discord will show them: letter for letter, on one line. Nothing in them formats, pings, links or
 * fetches anything.
 * @param max characters kept, counted before escaping; a cut is shown by an ellipsis.
 */
export function escapeWords(words: string, max = 300): string {
  const line = words.replace(/\s+/g, ' ').trim();
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

/** `text` cut to at most `max` UTF-16 units, as Discord counts lengths, without splitting a letter. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const letter of text) {
    if (kept.length + letter.length > max - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}
