const longest = 300;

/** Longer messages are cut before they are searched. */
const longestRead = 4_000;
/** A match of this many characters is no coincidence; in Chinese, where two make a word, fewer suffice. */
const quoteLength = 8;
const hanQuoteLength = 3;
const onlyHan = new RegExp(`^\\p{Script=Han}{${hanQuoteLength}}$`, 'u');

/**
 * A server's message made safe for the log: without any of `hidden`, whole or in part, without URLs, on one line of
 * at most 300 characters. Error messages often quote the offending value, which may be a prompt or a signature.
 */
export function conceal(words: string, hidden: readonly string[]): string {
  const secrets = hidden.filter((text) => text.length > 2).sort((a, b) => b.length - a.length);
  const bare = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), words.slice(0, longestRead));
  const unquoted = secrets.reduce(withoutQuotes, bare);
  return clip(unquoted.replace(/https?:\/\/\S+/g, '…').replace(/\s+/g, ' '), longest);
}

/** Removes what `words` quote of `secret`: quoted passages and every longer run of it. Linear. */
function withoutQuotes(words: string, secret: string): string {
  const lower = secret.toLowerCase();
  const said = words.replace(/(["'“‘「『])([^"'”’」』]{2,})(["'”’」』])/g, (all, open, quoted, close) =>
    lower.includes(quoted.toLowerCase().replace(/[.…]+$/, '')) ? `${open}…${close}` : all,
  );
  const runs = new Set([...runsOf(lower, quoteLength), ...runsOf(lower, hanQuoteLength).filter(isHan)]);
  const isQuoted = new Array<boolean>(said.length).fill(false);
  const folded = said.toLowerCase();
  // Lower-casing a few letters changes their length: such a message is searched as it is.
  const text = folded.length === said.length ? folded : said;
  for (const length of [quoteLength, hanQuoteLength])
    for (let at = 0; at + length <= text.length; at++)
      if (runs.has(text.slice(at, at + length))) isQuoted.fill(true, at, at + length);
  return [...isQuoted.keys()]
    .map((at) => (isQuoted[at] ? (isQuoted[at - 1] ? '' : '…') : said.charAt(at)))
    .join('');
}

function runsOf(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) =>
    text.slice(at, at + length),
  );
}

function isHan(run: string): boolean {
  return onlyHan.test(run);
}

/** A server's code or id; anything else is dropped. */
export function plainId(text: string): string {
  return clip(text.replace(/[^\w.:-]/g, ''), 100);
}

function clip(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}
