import type { z } from 'zod';
import type { Rate } from './model-rules.js';

export const resolutionForm = /^([1-9]\d{2,3}P|[1-9]\d?K)$/;

/** What a price may depend on beside the resolution, by the names it has in the file. */
const cases = ['plain', 'silent', 'sound', 'references', 'clip'] as const;
type Case = (typeof cases)[number];
type Known = Omit<Rate, 'amount'>;

const byCase =
  'or one for each case: { "silent": 0.3, "sound": 0.5 } or { "plain": 0.3 }, and beside them "references" and "clip" (a clip as input)';

/**
 * The rates that a `price` stands for: a number; or one for each case, of which "silent" and "sound", or "plain" for
 * both, leave none out; or either of these for each resolution. What "references" and "clip" may be, a case or a
 * number, is what holds where references, or a video, go with the order; without them they make no difference.
 */
export function readPrice(value: unknown, context: z.core.$RefinementCtx): Rate[] {
  const rates: Rate[] = [];
  const parts = partsOf(value);
  if (parts && parts.length > 0 && parts.every(([name]) => resolutionForm.test(name)))
    for (const [resolution, part] of parts) spread(part, [resolution], { resolution });
  else spread(value, [], {});
  return rates;

  function spread(part: unknown, path: readonly string[], known: Known): void {
    if (typeof part === 'number' && part >= 0 && Number.isFinite(part)) {
      rates.push({ ...known, amount: part });
      return;
    }
    const found = casesOf(part, known);
    for (const [name, rest] of found ?? [])
      spread(rest, [...path, name], { ...known, ...meaning(name, found) });
    if (found) return;
    const whole =
      path.length === 0 ? ', or any of these for each resolution: { "720P": 0.3, "1080P": 0.6 }' : '';
    context.addIssue({ code: 'custom', path: [...path], message: `a number such as 0.3, ${byCase}${whole}` });
  }
}

type Parts = readonly (readonly [string, unknown])[];
type Cases = readonly (readonly [Case, unknown])[];

function partsOf(value: unknown): Parts | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : undefined;
}

/** The parts of a price that says something of every case, and of none that is settled; undefined for any other. */
function casesOf(part: unknown, known: Known): Cases | undefined {
  const parts = partsOf(part) ?? [];
  const found = parts.flatMap(([name, value]) => {
    const one = cases.find((each) => each === name);
    return one ? [[one, value] as const] : [];
  });
  const has = (name: Case) => found.some(([one]) => one === name);
  const silentAndSound = has('silent') && has('sound') && !has('plain');
  const plain = has('plain') && !has('silent') && !has('sound') && (has('references') || has('clip'));
  const settled =
    (known.sound !== undefined && silentAndSound) ||
    (known.references !== undefined && has('references')) ||
    (known.clip !== undefined && has('clip'));
  return found.length === parts.length && (silentAndSound || plain) && !settled ? found : undefined;
}

/** When a case holds, beside those it is told from. A video as input counts before references. */
function meaning(name: Case, found: Cases = []): Known {
  const has = (one: Case) => found.some(([other]) => other === one);
  if (name === 'clip') return { clip: true };
  const clip = has('clip') ? { clip: false } : {};
  if (name === 'references') return { ...clip, references: true };
  const rest = { ...clip, ...(has('references') && { references: false }) };
  return name === 'plain' ? rest : { ...rest, sound: name === 'sound' };
}
