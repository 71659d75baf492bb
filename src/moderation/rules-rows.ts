/** The key of a guild's rules in the table of this room. */
export const rulesKey = (guildId: string) => `rules:${guildId}`;

/** The guild whose rules a row is, if they name a log channel. */
export function loggedGuildOf(key: string, row: unknown): string | undefined {
  const isLogged = typeof row === 'object' && row !== null && 'logChannel' in row;
  return isLogged && key.startsWith(rulesKey('')) ? key.slice(rulesKey('').length) : undefined;
}
