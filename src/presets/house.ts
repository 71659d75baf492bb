import { UserError } from '../errors.js';
import type { GenerationRequest, ImageRequest, VideoRequest } from '../mps/generation-request.js';
import { parseObject } from '../mps/parameters/validation.js';

/** An order as its user asked for it, without what a server excluded when it was placed before. Pure. */
export function withoutHouse(request: GenerationRequest): GenerationRequest {
  const { house: _before, ...own } = request as ImageRequest | VideoRequest;
  if (own.kind !== 'image' || !own.thenAnimate) return own as GenerationRequest;
  const { house: _too, ...clip } = own.thenAnimate;
  return { ...own, thenAnimate: clip } as GenerationRequest;
}

/**
 * An order with what its server excludes now, and its follow-up with it, whatever they had before. Pure.
 * @throws UserError if parameters without an option of their own name a prompt: it could lift the exclusion.
 */
export function withHouse(request: GenerationRequest, house: string | undefined): GenerationRequest {
  const own = withoutHouse(request);
  if (house === undefined || house.trim() === '') return own;
  const clip = own.kind === 'image' ? own.thenAnimate : undefined;
  for (const { additional } of [own, ...(clip ? [clip] : [])]) {
    const field = additional === undefined ? undefined : promptIn(parseObject(additional));
    if (field !== undefined) throw new UserError({ key: 'error.house.additional', params: { field } });
  }
  if (own.kind !== 'image' || !clip) return { ...own, house };
  return { ...own, house, thenAnimate: { ...clip, house } };
}

const naming = /prompt|negativ/;
/** JSON within JSON deeper than this is no parameter that a model reads. */
const deepest = 12;

/** A key that names a prompt, at any depth, also of JSON inside a text. */
function promptIn(value: unknown, depth = 0): string | undefined {
  if (depth > deepest) return '…';
  if (typeof value === 'string')
    return /^\s*[[{"]/.test(value) ? promptIn(parsed(value), depth + 1) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const plain = key
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^a-z]/g, '');
    if (naming.test(plain)) return key;
    const found = promptIn(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
