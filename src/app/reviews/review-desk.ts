import { createGuildLanguage } from '../../discord/review/guild-language.js';
import { createReviewDesk } from '../../discord/review/review-desk.js';
import type { Settings } from '../../guilds/settings.js';
import type { ReviewDesk } from '../../tasks/lifecycle/review/review-desk.js';

type Deps = Omit<Parameters<typeof createReviewDesk>[0], 'settings' | 'languageOf'> & {
  readonly settings: Pick<Settings, 'get' | 'lastKnown'>;
};

/** Asks moderators, in the language of their server. */
export function createDesk(deps: Deps): ReviewDesk {
  return createReviewDesk({ ...deps, languageOf: createGuildLanguage(deps) });
}
