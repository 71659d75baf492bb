import type { InteractionView, MessageView } from '@easel/discord-stand-in';
import { isWaiting } from '../actions/outcomes.js';
import type { Playground } from '../playground.js';
import { drawChange, drawMessage, type Look } from './message-rendering.js';

export interface WatchDeps extends Pick<Playground, 'actor' | 'arrivals' | 'discord'> {
  readonly look: Look;
  readonly print: (...lines: readonly string[]) => void;
}

/** Prints the bot's messages to a user, here or in the DM, as they come and change, until it is stopped. */
export function watchChannel({ actor, arrivals, discord, look, print }: WatchDeps): { stop(): void } {
  const { events, world } = discord;
  const shown = new Map<string, MessageView>();
  let printing = Promise.resolve();

  const isSeen = ({ channelId, visibleTo }: MessageView): boolean =>
    [actor.channelId, world.dm(actor.userId).id].includes(channelId) &&
    (visibleTo ?? actor.userId) === actor.userId;

  async function show(message: MessageView): Promise<void> {
    const before = shown.get(message.id);
    const arrived = await arrivals.collect(message);
    shown.set(message.id, message);
    const isNews = !before || (isWaiting(before) && !isWaiting(message));
    const paths = new Map(arrived.map(({ attachmentId, path }) => [attachmentId, path]));
    const change = isNews ? drawMessage(message, paths, look) : drawChange(before, message, look);
    print(...change);
  }

  function onMessage(message: MessageView): void {
    if (!message.author.bot || message.loading || !isSeen(message)) return;
    // Sequential, or a file that is still being saved would be printed after the next message.
    printing = printing
      .then(() => show(message))
      .catch((error: unknown) => print(look.paint.warn(`  A message could not be shown: ${String(error)}`)));
  }

  function onFailure({ userId }: InteractionView): void {
    if (userId === actor.userId) print(look.paint.warn('  The application did not respond.'));
  }

  events.on('messageCreated', onMessage).on('messageUpdated', onMessage).on('interactionFailed', onFailure);
  return {
    stop() {
      events
        .off('messageCreated', onMessage)
        .off('messageUpdated', onMessage)
        .off('interactionFailed', onFailure);
    },
  };
}
