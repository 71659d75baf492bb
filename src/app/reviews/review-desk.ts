import { createGuildLanguage } from '../../discord/review/guild-language.js';
import { createModeratorsChannel, type ModeratorsChannel } from '../../discord/review/moderators-channel.js';
import { createReviewDesk } from '../../discord/review/review-desk.js';
import type { Settings } from '../../guilds/settings.js';
import type { ReviewDesk } from '../../tasks/lifecycle/review/review-desk.js';

type Deps = Omit<Parameters<typeof createReviewDesk>[0], 'settings' | 'languageOf' | 'channel'> & {
  readonly settings: Pick<Settings, 'get' | 'lastKnown'>;
};

/** Asks moderators, in the language of their server. */
export function createDesk(deps: Deps): {
  readonly desk: ReviewDesk;
  readonly moderatorsChannel: ModeratorsChannel;
} {
  const languageOf = createGuildLanguage(deps);
  const moderatorsChannel = createModeratorsChannel({ ...deps, languageOf });
  const desk = createReviewDesk({ ...deps, languageOf, channel: moderatorsChannel });
  return { desk, moderatorsChannel };
}
