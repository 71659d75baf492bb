import type { Deed, Message, News, Place } from '../src/page/wire.js';
import { api, Refusal, type Seat } from './api.js';
import { listen } from './live-updates.js';
import { createStore, type Pending, type Store, withMessage } from './store.js';
import { type Words, wordsFor } from './texts.js';

/** A person at their client: what they see, and what they do. */
export interface Desk {
  readonly store: Store;
  /** The client's own texts, in the person's language. */
  words(): Words;
  seat(): Seat;
  place(): Place | undefined;
  becomeUser(user: string): Promise<void>;
  open(placeId: string): Promise<void>;
  /** Does something that the bot has to answer; `mark` is what a message shows meanwhile. */
  begin(
    work: Promise<{ readonly interaction: { readonly id: string } }>,
    mark: Omit<Pending, 'failed' | 'channelId'>,
  ): Promise<boolean>;
  /** Does something that may be refused, and says so; answers whether it went through. */
  attempt(work: Promise<unknown>): Promise<boolean>;
}

const remembered = {
  get: (key: string) => sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? undefined,
  set(key: string, value: string) {
    sessionStorage.setItem(key, value);
    localStorage.setItem(key, value);
  },
};

export function createDesk(): Desk {
  const prefersLight = matchMedia('(prefers-color-scheme: light)').matches;
  const store = createStore({
    world: undefined,
    placeId: '',
    messages: {},
    commands: [],
    unread: {},
    pending: {},
    modal: undefined,
    replyTo: undefined,
    editing: undefined,
    lightbox: undefined,
    notice: undefined,
    connected: true,
    bot: undefined,
    isPanelOpen: localStorage.getItem('panel') === 'open',
    isDrawerOpen: false,
    isOfAge: localStorage.getItem('of-age') === 'yes',
    theme:
      localStorage.getItem('theme') === 'light' || (!localStorage.getItem('theme') && prefersLight)
        ? 'light'
        : 'dark',
  });
  let hangUp = (): void => {};
  const settled = new Set<string>();

  const seat = (): Seat => ({ user: store.get().world?.me.id ?? '', channel: store.get().placeId });

  function places(): readonly Place[] {
    const { world } = store.get();
    return world ? [...world.servers.flatMap((server) => server.places), world.direct] : [];
  }

  async function readScene(): Promise<void> {
    const here = seat();
    const { messages, commands } = await api.scene(here);
    if (here.channel !== store.get().placeId || here.user !== seat().user) return;
    store.set((state) => ({ messages: { ...state.messages, [here.channel]: messages }, commands }));
  }

  async function open(placeId: string): Promise<void> {
    store.set(({ unread }) => {
      const { [placeId]: _read, ...others } = unread;
      return { placeId, unread: others, replyTo: undefined, editing: undefined, isDrawerOpen: false };
    });
    remembered.set('place', placeId);
    await attempt(readScene());
  }

  function arrive(message: Message): void {
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

  function settle(deed: Deed): void {
    settled.add(deed.id);
    store.set(({ pending, modal }) => {
      const { [deed.id]: mark, ...others } = pending;
      if (deed.failed && mark) return { pending: { ...others, [deed.id]: { ...mark, failed: true } } };
      const opened = deed.modal ? { interactionId: deed.id, ...deed.modal } : modal;
      return { pending: others, modal: opened };
    });
  }

  function onNews(news: News): void {
    if (news.kind === 'message') arrive(news.message);
    else if (news.kind === 'deed') settle(news.deed);
    else if (news.kind === 'commands') void attempt(readScene());
    else if (news.kind === 'bot') store.set({ bot: news.bot });
    else
      store.set(({ messages }) => ({
        messages: {
          ...messages,
          [news.channelId]: (messages[news.channelId] ?? []).filter(({ id }) => id !== news.id),
        },
      }));
  }

  async function attempt(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      store.set({ notice: error.message });
      return false;
    }
  }

  return {
    store,
    seat,
    open,
    attempt,
    words: () => wordsFor(store.get().world?.me.locale),
    place: () => places().find(({ id }) => id === store.get().placeId),
    async becomeUser(user) {
      const world = await api.surroundings(user).catch(() => api.surroundings('ada'));
      hangUp();
      store.set({ world, messages: {}, unread: {}, pending: {}, modal: undefined, notice: undefined });
      remembered.set('user', world.me.username);
      document.documentElement.lang = world.me.locale;
      const known = places().find(({ id }) => id === (store.get().placeId || remembered.get('place')));
      // A direct message is between two: another person has another one.
      await open((known ?? places()[0] ?? world.direct).id);
      hangUp = listen({
        user: world.me.id,
        onNews,
        onConnection(connected) {
          const wasLost = !store.get().connected;
          store.set({ connected });
          if (connected && wasLost) void attempt(readScene());
        },
      });
    },
    begin: (work, mark) => {
      const { channel: channelId } = seat();
      return attempt(
        work.then(({ interaction: { id } }) => {
          // The answer may have overtaken this one.
          if (settled.has(id)) return;
          store.set(({ pending }) => ({
            pending: { ...pending, [id]: { ...mark, channelId, failed: false } },
          }));
        }),
      );
    },
  };
}

/** Whom the page was last. */
export function lastUser(): string {
  return remembered.get('user') ?? 'ada';
}
