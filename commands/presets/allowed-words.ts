import type { Uses } from '../../src/discord/services/bot.js';
import { escapeWords } from '../../src/discord/views/markdown.js';
import { UserError } from '../../src/errors.js';
import type { PresetWords } from '../../src/presets/preset.js';

/**
 * A style with words that the server refuses would have every order with it refused, as words are judged in what an order
 * becomes.
 * @throws UserError with the list's entry, which managers can read anyway; StoreError
 */
export async function requireAllowedWords(
  guildId: string,
  styles: readonly PresetWords[],
  { moderation: { rules } }: Uses<'moderation'>,
): Promise<void> {
  const judge = rules.words(await rules.get(guildId));
  for (const { name, before = '', after = '', negative = '' } of styles) {
    const found = judge.judge([name, before, after, negative]);
    if (found?.action !== 'refuse') continue;
    const params = { style: escapeWords(name), entry: escapeWords(found.entry) };
    throw new UserError({ key: 'style.refused', params });
  }
}
