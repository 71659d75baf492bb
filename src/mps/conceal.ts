const longest = 300;

/**
 * A server's words, fit for a log: without any of `hidden`, without addresses, on one line of 300 characters at most.
 * Error messages like to quote what they object to, and that may be a prompt or a signature.
 */
export function conceal(words: string, hidden: readonly string[]): string {
  const secrets = hidden.filter((text) => text.length > 2).sort((a, b) => b.length - a.length);
  const bare = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), words);
  return clip(bare.replace(/https?:\/\/\S+/g, '…').replace(/\s+/g, ' '), longest);
}

/** A server's code or id: what is no such thing is not passed on. */
export function plainId(text: string): string {
  return clip(text.replace(/[^\w.:-]/g, ''), 100);
}

function clip(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}
