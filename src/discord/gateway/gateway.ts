import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, Events } from 'discord.js';
import type { Log } from '../../log.js';
import { retry } from '../../util/retry.js';
import { isIntentRefused, isTokenRefused } from '../rest/errors.js';
import { type ClientSettings, createClient } from './client.js';
import { type ContentIntent, intentsDisallowed } from './content-intent.js';
import { type GatewayEvents, listen } from './gateway-events.js';
import { followShards, type ShardState } from './shard-status.js';

/** Easel's end of Discord's gateway. */
export interface Gateway {
  /**
   * Connects; resolves with the application's id once Discord is ready. While Discord is unreachable it keeps trying.
   * @throws when Discord refuses the token or an intent, or the gateway is closed meanwhile.
   */
  connect(): Promise<string>;
  /** Each shard of this process as it stands now; none before the first attempt to connect. */
  shards(): readonly ShardState[];
  /** Closes the connection; events that come after it are not seen. */
  close(): Promise<void>;
}

interface Deps extends ClientSettings, GatewayEvents {
  readonly token: string;
  /** Whether to ask for MESSAGE_CONTENT_INTENT. */
  readonly content: ContentIntent;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** Time for Discord's close handshake, ms. */
const goodbyeMs = 3_000;
/** First delay before reconnecting to Discord, ms; doubles up to a minute. */
const retryMs = 1_000;

export function createGateway(deps: Deps): Gateway {
  const { token, log, now = Date.now } = deps;
  const closing = new AbortController();
  let client: Client | undefined;
  let shards: () => readonly ShardState[] = () => [];

  async function attempt(): Promise<string> {
    const messageContent = await deps.content.isWanted();
    // A new one each time: after a failed login discord.js has destroyed the old one.
    const fresh = createClient(deps, messageContent);
    client = fresh;
    const withdrawn = listenUntilWithdrawn(fresh, deps, messageContent);
    shards = followShards(fresh, { log, now, closing: closing.signal });
    const ready = new Promise<string>((resolve) =>
      fresh.once(Events.ClientReady, (on) => resolve(on.application.id)),
    );
    // If the intent is refused now, this rejects.
    await fresh.login(token);
    const replaced = once(withdrawn, 'abort').then(() => replace(fresh));
    replaced.catch(() => {});
    return Promise.race([ready, replaced]);
  }

  /** Connects again after the intent was switched off in the Developer Portal while Easel was connected with it. */
  async function replace(refused: Client): Promise<string> {
    try {
      closing.signal.throwIfAborted();
      if (!deps.content.giveUp()) throw new Error('The gateway refused the Message Content Intent.');
      await refused.destroy();
      return await connect();
    } catch (error) {
      if (!closing.signal.aborted) deps.onClosedForGood(intentsDisallowed);
      throw error;
    }
  }

  /** Once more without the intent if the gateway refuses it. */
  const attemptAsAllowed = () =>
    attempt().catch((error: unknown) => {
      if (isIntentRefused(error) && deps.content.giveUp()) return attempt();
      throw error;
    });

  const connect = () => whileUnreachable(attemptAsAllowed, { log, signal: closing.signal });

  return {
    connect,
    shards: () => shards(),
    async close() {
      closing.abort(new Error('The gateway is closed.'));
      // Otherwise a silently dead connection would hold up the shutdown for half a minute.
      await Promise.race([client?.destroy(), sleep(goodbyeMs, undefined, { ref: false })]);
    },
  };
}

/** Tries again while Discord is unreachable; a refused token or intent is final. */
function whileUnreachable<T>(
  attempt: () => Promise<T>,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<T> {
  return retry(attempt, {
    firstMs: retryMs,
    signal,
    onFailure(error, { againInMs }) {
      if (isTokenRefused(error) || isIntentRefused(error)) throw error;
      log.error({ err: error, againInMs }, 'Discord is unreachable');
    },
  });
}

/** Passes a client's events on. @returns a signal that aborts if Discord withdraws the intent, and closes for that. */
function listenUntilWithdrawn(client: Client, deps: Deps, messageContent: boolean): AbortSignal {
  const withdrawn = new AbortController();
  listen(client, {
    ...deps,
    onClosedForGood(code) {
      if (code === intentsDisallowed && messageContent) withdrawn.abort();
      else deps.onClosedForGood(code);
    },
  });
  return withdrawn.signal;
}
