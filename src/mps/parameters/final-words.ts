import type { Model } from '../catalogue/catalogue.js';
import type { GenerationRequest } from '../generation-request.js';
import { isVisible } from './visible-text.js';

/** What a model is told in words. */
export interface FinalWords {
  readonly prompt: string;
  readonly negative: string;
}

/** The part of a model that decides where words go. */
type Reader = Pick<Model, 'negative'> & { readonly ratioInPrompt?: boolean };

/**
 * The user's words with those of the style and of the server. What the server excludes joins the negative prompt; for a
 * model without one it goes into the prompt. Pure.
 */
export function wordsFor(request: GenerationRequest, model: Reader): FinalWords {
  const styled = styledPrompt(request, model);
  const negative = request.negative?.trim() ?? '';
  const house = request.house?.trim() ?? '';
  if (house === '') return { prompt: styled, negative };
  if (model.negative !== false) return { prompt: styled, negative: joined(negative, house) };
  const [words, options] = parted(styled, model);
  return { prompt: inLine([words === '' ? '' : ended(words), without(house), options]), negative };
}

/** The user's own words. Without any, shots are what it says: they need a prompt beside them. */
function ownWords(request: GenerationRequest): string {
  if (isVisible(request.prompt) || request.kind === 'image') return request.prompt.trim();
  const shots = request.shots === 'auto' ? [] : (request.shots ?? []);
  return shots.map(({ prompt }) => prompt.trim()).join('; ');
}

/** The prompt between the words of the style; options that a model reads in its prompt stay at the end. */
function styledPrompt(request: GenerationRequest, model: Reader): string {
  const { preset } = request;
  const own = ownWords(request);
  if (!preset) return own;
  const [words, options] = parted(own, model);
  const begun = inLine([preset.before?.trim() ?? '', words]);
  const after = preset.after?.trim() ?? '';
  return inLine([joined(begun, after), options]);
}

/** The words, and options of the model's own behind them: ` --stylize 100`. */
function parted(prompt: string, { ratioInPrompt = false }: Reader): readonly [string, string] {
  const at = ratioInPrompt ? prompt.search(/(?<=^|\s)(?:--|—)\p{L}/u) : -1;
  return at < 0 ? [prompt, ''] : [prompt.slice(0, at).trim(), prompt.slice(at).trim()];
}

const isHan = (words: string) => /\p{Script=Han}/u.test(words);
const stops = /[\p{P}]$/u;

/** One after the other, with a comma between them unless there is a sign already. */
function joined(first: string, second: string): string {
  if (first === '' || second === '') return first + second;
  if (stops.test(first) || /^[\p{P}]/u.test(second)) return `${first} ${second}`;
  return isHan(first.slice(-1)) ? `${first}，${second}` : `${first}, ${second}`;
}

function inLine(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

function ended(words: string): string {
  if (stops.test(words)) return words;
  return isHan(words.slice(-1)) ? `${words}。` : `${words}.`;
}

/** In the language of what is excluded. */
function without(house: string): string {
  return isHan(house) ? `不要出现：${house}` : `Without ${house}`;
}
