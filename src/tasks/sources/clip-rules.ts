import type { ClipRule } from '../../media/clips/clip-types.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { clipSourceRule } from '../../mps/catalogue/model-rules.js';
import { clipSecondsOf } from '../../mps/catalogue/modes.js';
import type { GenerationRequest } from '../../mps/generation-request.js';

/** Seconds of a clip in a scene of its own, which the sources are not certain about. */
const inScenes = [3, 30] as const;

/** What the model of a request accepts of each of its clips. */
export function createClipRule(catalogue: Pick<Catalogue, 'find'>): (request: GenerationRequest) => ClipRule {
  return (request) => {
    const count = request.kind === 'video' ? (request.clips?.length ?? 0) : 0;
    const model = catalogue.find('video', request.model);
    const range = (model && request.scene === undefined && clipSecondsOf(model, count)) || inScenes;
    const [minSeconds, maxSeconds] = range;
    return { ...clipSourceRule, minSeconds, maxSeconds };
  };
}
