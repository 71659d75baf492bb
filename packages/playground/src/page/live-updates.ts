import type { DiscordStandIn, InteractionView, MessageView } from '@easel/discord-stand-in';
import { addressOf, isTrusted, type Visitor } from '@easel/stand-in-kit';
import { type WebSocket, WebSocketServer } from 'ws';
import { interactionUpdateOf, messageOf } from './view-model.js';
import type { BotState, News } from './wire.js';

const path = '/_page/live';

export interface Live extends Pick<Visitor, 'upgrade' | 'close'> {
  /** Sends every page the bot's state. */
  tell(bot: BotState): void;
}

/**
 * Sends each open page what its user can see, as it happens: `/_page/live?user=ada`. An ephemeral answer goes
 * only to its user.
 */
export function createLive(discord: DiscordStandIn): Live {
  const { events, world } = discord;
  const sockets = new WebSocketServer({ noServer: true });
  const readers = new Map<WebSocket, string>();

  function send(news: News, isFor: (user: string) => boolean = () => true): void {
    const text = JSON.stringify(news);
    for (const [socket, user] of readers) if (isFor(user)) socket.send(text);
  }

  /** Whether a user sees a message: it is theirs alone, or they see the channel. */
  function sees(user: string, { visibleTo, channelId }: MessageView): boolean {
    if (visibleTo !== undefined) return visibleTo === user;
    const channel = world.findChannel(channelId);
    return channel !== undefined && world.permissionsIn(channel, user) !== 0n;
  }

  const onMessage = (view: MessageView): void =>
    send({ kind: 'message', message: messageOf(discord, view) }, (user) => sees(user, view));
  const onDeletion = (view: MessageView): void =>
    send({ kind: 'gone', id: view.id, channelId: view.channelId }, (user) => sees(user, view));
  const onInteraction = (view: InteractionView): void =>
    send({ kind: 'interaction', interaction: interactionUpdateOf(view) }, (user) => user === view.userId);
  const onCommands = (): void => send({ kind: 'commands' });
  const onPlaces = (): void => send({ kind: 'places' });

  events.on('messageCreated', onMessage).on('messageUpdated', onMessage).on('messageDeleted', onDeletion);
  events.on('interactionAcknowledged', onInteraction).on('interactionFailed', onInteraction);
  events.on('commandsChanged', onCommands);
  for (const event of ['channelAdded', 'channelChanged', 'channelRemoved'] as const)
    world.events.on(event, onPlaces);

  return {
    upgrade(request, socket, head) {
      const url = addressOf(request);
      const user = world.findUser(url.searchParams.get('user') ?? '');
      if (url.pathname !== path || !user || !isTrusted(request)) return false;
      sockets.handleUpgrade(request, socket, head, (client) => {
        readers.set(client, user.id);
        client.on('close', () => readers.delete(client)).on('error', () => client.terminate());
      });
      return true;
    },
    tell: (bot) => send({ kind: 'bot', bot }),
    close() {
      for (const socket of readers.keys()) socket.terminate();
      sockets.close();
    },
  };
}
