import type { Offer } from '../../../src/discord/access/guild-catalogue.js';
import { createCatalogue } from '../../../src/mps/catalogue/catalogue.js';

/** Everything an operator can offer. */
export const offer: Offer = {
  catalogue: createCatalogue(),
  config: {
    additionalParameters: true,
    image: { enabled: true, model: 'hunyuan-3.0', maxTasks: 2 },
    video: { enabled: true, model: 'kling-3.0', duration: 5, audio: true, maxTasks: 1 },
  },
};
