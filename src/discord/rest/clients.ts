import { REST, RESTEvents } from 'discord.js';
import { Agent } from 'undici';
import { userAgent } from '../../util/http.js';
import { hour } from '../../util/time.js';
import { createRestGuard, type RestGuard } from './request-guard.js';

/** Discord's REST API through three discord.js clients. */
export interface Rests {
  /**
   * Routes that an interaction's token opens. Discord counts them in no global limit, so neither do we: five hundred
   * commands at one instant are all acknowledged within their three seconds.
   */
  readonly answers: REST;
  /** Routes that the bot's token opens. */
  readonly bot: REST;
  /** Bodies with files: no own retry (a post that timed out may have arrived), and time enough for the largest one. */
  readonly uploads: REST;
  /** What all of them pass, and the gateway's own client too. */
  readonly guard: RestGuard;
}

/** Beyond any upload's own time. */
const longestUploadMs = 2 * hour;

/**
 * Connections that answers share: opened again for each of five hundred commands at one instant, the handshakes would
 * hold up all of them.
 */
const answersAtOnce = 64;

/** Requests a second that Discord lets a bot send, all its processes together. Discord docs: Rate Limits, "Global". */
const globalRate = 50;

/**
 * @param apiUrl DISCORD_API_URL.
 * @param share this process's part of what the bot may send, of 1.
 * @param confirm called before each request; if it rejects, nothing is sent.
 */
export function createRests(
  apiUrl: string,
  token: string,
  share = 1,
  confirm?: () => Promise<boolean>,
): Rests {
  const guard = createRestGuard({ share, ...(confirm && { confirm }) });
  const options = {
    api: apiUrl,
    version: '10',
    userAgentAppendix: userAgent,
    makeRequest: guard.makeRequest,
  } as const;
  // Not 0: discord.js takes that for one request a second.
  const unlimited = { ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY };
  const globalRequestsPerSecond = Math.max(1, Math.floor(globalRate * share));
  return {
    answers: new REST({ ...unlimited, agent: new Agent({ connections: answersAtOnce }) }),
    bot: keepToken(new REST({ ...options, globalRequestsPerSecond }), token),
    uploads: keepToken(new REST({ ...unlimited, retries: 0, timeout: longestUploadMs }), token),
    guard,
  };
}

/**
 * A client that keeps its token: discord.js drops it at the first 401, and would send nothing more until a restart, while
 * a single 401 may be Discord's own trouble. The guard sees to it that a dead one is not tried over and over.
 */
export function keepToken(rest: REST, token: string): REST {
  const set = rest.setToken.bind(rest);
  rest.setToken = (given) => set(given || token);
  return set(token);
}

/** Calls `tell` for each answer 429, with the door it came through. */
export function watchRateLimits(
  rests: Rests,
  tell: (door: keyof Rests, scope: 'user' | 'shared' | 'global') => void,
): void {
  for (const door of ['answers', 'bot', 'uploads'] as const) {
    rests[door].on(RESTEvents.Response, (_request, { status, headers }) => {
      if (status !== 429) return;
      const scope = headers.get('x-ratelimit-scope');
      tell(door, scope === 'shared' || scope === 'global' ? scope : 'user');
    });
  }
}
