import type { Model } from '../catalogue/catalogue.js';
import type { GenerationRequest } from '../generation-request.js';

/**
 * `@2` in a prompt. Not in an address (`fox@2.example`), a name (`@2pac`) or a number (`@1.5`), and not after a backslash.
 */
const named = /(\\?)(?<![A-Za-z0-9_.+-])@(\d{1,2})(?![A-Za-z0-9_]|\.[A-Za-z0-9])/g;

/**
 * The prompt with the names that Kling knows its sources by: `@1` becomes `<<<image_1>>>`. Images are counted first, in
 * their order, then clips. What names nothing stays as it is; `\@1` is a plain `@1`.
 */
export function withSourceNames(
  prompt: string,
  request: GenerationRequest,
  { namesSources = false }: Pick<Model, 'namesSources'>,
): string {
  if (!namesSources) return prompt;
  const images = request.references?.length ?? 0;
  const clips = request.kind === 'video' ? (request.clips?.length ?? 0) : 0;
  return prompt.replace(named, (whole, slash: string, digits: string) => {
    if (slash !== '') return whole.slice(1);
    const number = Number(digits);
    if (number < 1 || number > images + clips) return whole;
    return number <= images ? `<<<image_${number}>>>` : `<<<video_${number - images}>>>`;
  });
}
