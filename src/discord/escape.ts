/**
 * A person's words as Discord will show them: letter for letter, on one line. Every sign that could format, ping, link
 * or fetch something gets a backslash (Discord's markdown takes one before any sign that is no letter or digit).
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
  return kept.replace(/[\\*_~`|<>#@:()[\]\-+.!/]/g, '\\$&');
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
