import type { Log } from '../../log.js';
import { isRefusal, isTokenRefused } from '../rest/errors.js';

/** Discord docs: Gateway Close Event Codes, "Disallowed intent(s)". */
export const intentsDisallowed = 4014;

/** Whether the gateway is asked for the Message Content Intent. */
export interface ContentIntent {
  /**
   * Decides again for each attempt to connect.
   * @throws if Discord can't be reached or refuses the token; `outageOf` and `isTokenRefused` know it.
   */
  isWanted(): Promise<boolean>;
  /** The gateway refused the intent (close code 4014). Answers whether connecting without it may work. */
  giveUp(): boolean;
}

interface Deps {
  /** MESSAGE_CONTENT_INTENT */
  readonly setting: boolean | 'auto';
  /** Whether the Developer Portal has the intent switched on, by the application's own flags. */
  readonly readGranted: () => Promise<boolean>;
  readonly log: Log;
}

const advice = {
  variable: 'MESSAGE_CONTENT_INTENT',
  without: 'replying to another user’s picture with a mention cannot use that picture; Apps › Animate can',
  fix: 'Developer Portal › your application › Bot › Message Content Intent; below 10,000 users it is only a switch',
} as const;

/**
 * With `auto` the intent is asked for if the portal grants it. A gateway that refuses it all the same, as after a switch
 * in the portal at this very moment, is connected to without it until the next start.
 */
export function createContentIntent({ setting, readGranted, log }: Deps): ContentIntent {
  let isRefused = false;

  async function isGranted(): Promise<boolean> {
    try {
      return await readGranted();
    } catch (error) {
      // An answer that is no outage: a proxy may know only the routes that a bot needs.
      if (isTokenRefused(error) || !isRefusal(error)) throw error;
      log.warn({ err: error, variable: advice.variable }, "the application's flags cannot be read");
      return false;
    }
  }

  return {
    async isWanted() {
      if (setting !== 'auto') return setting;
      if (isRefused) return false;
      const granted = await isGranted();
      if (granted) log.info({ variable: advice.variable }, 'the Message Content Intent is on');
      else log.warn(advice, 'the Message Content Intent is off in the Developer Portal');
      return granted;
    },
    giveUp() {
      if (setting !== 'auto' || isRefused) return false;
      isRefused = true;
      log.warn(advice, 'the gateway refused the Message Content Intent; connecting without it');
      return true;
    },
  };
}
