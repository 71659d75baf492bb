import { UserError } from '../../errors.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { createsOf, type GenerationRequest } from '../../mps/generation-request.js';
import { type Circumstances, objection, type Rules } from './guild-policy.js';

/**
 * Checks every Create of a request and its follow-up video against a guild's rules on channels, roles, models and content.
 * @param catalogue the operator's: a disabled model is still named by its label.
 * @throws UserError with the first violated rule.
 */
export function requirePolicy(
  rules: Rules,
  circumstances: Circumstances,
  request: GenerationRequest,
  catalogue: Pick<Catalogue, 'find'>,
): void {
  const next = request.kind === 'image' && request.thenAnimate ? [request.thenAnimate] : [];
  for (const { kind, model } of [...createsOf(request), ...next]) {
    const known = catalogue.find(kind, model) ?? { id: model, label: model };
    const against = objection(rules, circumstances, kind, known);
    if (against) throw new UserError(against);
  }
}
