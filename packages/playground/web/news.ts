import type { InteractionUpdate, Message, News } from '../src/page/wire.js';
import { type Store, withMessage } from './store.js';

/**
 * Applies events of the channels to the store.
 * @param settled ids of answered interactions; new ones are added
 */
export function show(
  store: Store,
  news: Exclude<News, { kind: 'commands' | 'places' }>,
  settled: Set<string>,
): void {
  if (news.kind === 'message') showMessage(store, news.message);
  else if (news.kind === 'interaction') {
    settled.add(news.interaction.id);
    showAnswer(store, news.interaction);
  } else if (news.kind === 'bot') store.set({ bot: news.bot });
  else hideMessage(store, news.channelId, news.id);
}

function showMessage(store: Store, message: Message): void {
  const { world, placeId } = store.get();
  const me = world?.me.id ?? '';
  const isHere = message.channelId === placeId;
  const rings =
    message.notified.includes(me) || (message.channelId === world?.direct.id && message.authorId !== me);
  store.set(({ messages, unread }) => {
    const list = messages[message.channelId];
    const isNews = list ? !list.some(({ id }) => id === message.id) : message.editedAt === undefined;
    const count = (unread[message.channelId] ?? 0) + (rings && isNews ? 1 : 0);
    return {
      messages: list ? { ...messages, [message.channelId]: withMessage(list, message) } : messages,
      unread: isHere || !isNews ? unread : { ...unread, [message.channelId]: count },
    };
  });
}

/** An interaction was answered, or timed out. */
function showAnswer(store: Store, interaction: InteractionUpdate): void {
  store.set(({ pending, modal }) => {
    const { [interaction.id]: mark, ...others } = pending;
    if (interaction.failed && mark)
      return { pending: { ...others, [interaction.id]: { ...mark, failed: true } } };
    const opened = interaction.modal ? { interactionId: interaction.id, ...interaction.modal } : modal;
    return { pending: others, modal: opened };
  });
}

function hideMessage(store: Store, channelId: string, gone: string): void {
  store.set(({ messages }) => ({
    messages: { ...messages, [channelId]: (messages[channelId] ?? []).filter(({ id }) => id !== gone) },
  }));
}
