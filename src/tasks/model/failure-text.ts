import type { TextKey } from '../../locales/index.js';
import { allScopes } from '../../quota/measures.js';
import type { Failure } from './failure.js';

/** The text for a failure. An order that `need`s more than the limit itself has one of its own: waiting doesn't help. */
export function failureText({ reason, params = {} }: Failure): TextKey {
  const scope = allScopes.find((one) => reason.startsWith(`quota.${one}.`));
  return scope && params.need !== undefined ? `failure.quota.never.${scope}` : `failure.${reason}`;
}
