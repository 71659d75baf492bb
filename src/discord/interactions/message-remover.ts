import { DiscordAPIError, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { Posted } from '../../tasks/model/task.js';
import { sleep } from '../../util/abort.js';
import { retry } from '../../util/retry.js';
import type { Rests } from '../rest/clients.js';
import { codeOf, isRefusal } from '../rest/errors.js';

export interface RemoverDeps {
  readonly rests: Pick<Rests, 'bot'> & { readonly guard: Pick<Rests['guard'], 'hasRoom'> };
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** ms between two messages: results of other users go first. */
const apartMs = 200;
/** Answers 404 at that pace; each counts as an invalid request, and too many would silence Easel for everyone. */
const most404 = 50;
/** ms between two messages after that. */
const farApartMs = 10_000;
/** ms between two looks at whether requests that may be refused are affordable again. */
const roomMs = 5_000;
/** With one of these, all other messages of the channel are out of reach too. */
const closedChannel: ReadonlySet<unknown> = new Set([
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.MissingAccess,
]);
/** While Discord is unreachable, a message is tried for about five minutes. */
const patience = { firstMs: 1_000, tries: 10, ref: false } as const;

/** Deletes messages one by one, slowly, and with few requests that Discord refuses. True: the message is gone. */
export function createMessageRemover({
  rests,
  signal,
  log,
}: RemoverDeps): (posted: Posted) => Promise<boolean> {
  const closed = new Set<string>();
  let unknown = 0;

  async function takeTurn(): Promise<void> {
    await sleep(unknown < most404 ? apartMs : farApartMs, signal, { ref: false });
    while (!rests.guard.hasRoom()) await sleep(roomMs, signal, { ref: false });
  }

  const onFailure = (error: unknown) => {
    if (isRefusal(error)) throw error;
  };

  return async ({ channelId, messageId }) => {
    if (closed.has(channelId)) return false;
    await takeTurn();
    const path = Routes.channelMessage(channelId, messageId);
    try {
      await retry(() => rests.bot.delete(path), { ...patience, signal, onFailure });
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DiscordAPIError && error.status === 404) unknown += 1;
      const code = codeOf(error);
      if (closedChannel.has(code)) closed.add(channelId);
      const isGone = code === RESTJSONErrorCodes.UnknownMessage;
      if (!isGone) log.info({ channel: channelId, err: error }, 'a message could not be deleted');
      return isGone;
    }
  };
}
