import type { TextKey } from '../../locales/index.js';
import type { Account } from '../../quota/account.js';
import { allScopes } from '../../quota/measures.js';
import type { Failure } from './failure.js';

/**
 * The text for a failure. An order that `need`s more than the limit itself has one of its own: waiting doesn't help.
 * @param account who pays: without a guild, no admin can raise the limit.
 */
export function failureText(
  { reason, params = {} }: Failure,
  { guildId }: Pick<Account, 'guildId'>,
): TextKey {
  const scope = allScopes.find((one) => reason.startsWith(`quota.${one}.`));
  if (!scope || params.need === undefined) return `failure.${reason}`;
  return `failure.quota.never.${scope === 'member' && guildId === undefined ? 'direct' : scope}`;
}
