import type { Deed, Message, News } from '../src/page/wire.js';
import { type Store, withMessage } from './store.js';

/**
 * Shows what happened in the channels.
 * @param settled ids of interactions that have been answered; what is answered is added
 */
export function show(store: Store, news: Exclude<News, { kind: 'commands' }>, settled: Set<string>): void {
  if (news.kind === 'message') showMessage(store, news.message);
  else if (news.kind === 'deed') {
    settled.add(news.deed.id);
    showAnswer(store, news.deed);
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

/** An interaction was answered, or no one has answered it. */
function showAnswer(store: Store, deed: Deed): void {
  store.set(({ pending, modal }) => {
    const { [deed.id]: mark, ...others } = pending;
    if (deed.failed && mark) return { pending: { ...others, [deed.id]: { ...mark, failed: true } } };
    const opened = deed.modal ? { interactionId: deed.id, ...deed.modal } : modal;
    return { pending: others, modal: opened };
  });
}

function hideMessage(store: Store, channelId: string, gone: string): void {
  store.set(({ messages }) => ({
    messages: { ...messages, [channelId]: (messages[channelId] ?? []).filter(({ id }) => id !== gone) },
  }));
}
