import type { Place } from '../src/page/wire.js';
import { api, Refusal, type UserContext } from './api.js';
import { listen } from './live-updates.js';
import type { MessageAddress } from './message-links.js';
import { show } from './news.js';
import { createStore, type Pending, type State, type Store } from './store.js';
import { type Words, wordsFor } from './texts.js';

/** A user's client: its state and its actions. */
export interface Client {
  readonly store: Store;
  /** The client's own texts, in the user's language. */
  words(): Words;
  userContext(): UserContext;
  place(): Place | undefined;
  becomeUser(user: string): Promise<void>;
  open(placeId: string): Promise<void>;
  /** Opens the target of a message link; says so if there is none. */
  jump(address: MessageAddress): Promise<void>;
  /** Does something that the bot has to answer; `mark` is shown in the message meanwhile. */
  begin(
    work: Promise<{ readonly interaction: { readonly id: string } }>,
    mark: Omit<Pending, 'failed' | 'channelId'>,
  ): Promise<boolean>;
  /** Does something that may be refused, and shows the refusal; returns whether it succeeded. */
  attempt(work: Promise<unknown>): Promise<boolean>;
}

const remembered = {
  get: (key: string) => sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? undefined,
  set(key: string, value: string) {
    sessionStorage.setItem(key, value);
    localStorage.setItem(key, value);
  },
};

export function createClient(): Client {
  const store = createStore(firstState());
  let disconnect = (): void => {};
  const settled = new Set<string>();

  const attempt = (work: Promise<unknown>): Promise<boolean> => attemptIn(store, work);
  const userContext = (): UserContext => ({
    user: store.get().world?.me.id ?? '',
    channel: store.get().placeId,
  });

  const { readScene, readPlaces, open, jump, hear } = createScene(store, { userContext, attempt });

  async function becomeUser(user: string): Promise<void> {
    const world = await api.surroundings(user).catch(() => api.surroundings('ada'));
    disconnect();
    store.set({ world, messages: {}, unread: {}, pending: {}, modal: undefined, notice: undefined });
    remembered.set('user', world.me.username);
    document.documentElement.lang = world.me.locale;
    const known = placesIn(store).find(({ id }) => id === (store.get().placeId || remembered.get('place')));
    // A direct message is between two: another user has another one.
    await open((known ?? placesIn(store)[0] ?? world.direct).id);
    let isFirst = true;
    disconnect = listen({
      user: world.me.id,
      onNews(news) {
        hear();
        if (news.kind === 'commands') void attempt(readScene());
        else if (news.kind === 'places') void attempt(readPlaces());
        else show(store, news, settled);
      },
      onConnection(connected) {
        // Before the first connection, too, news goes unheard.
        const wasLost = isFirst || !store.get().connected;
        isFirst = false;
        store.set({ connected });
        if (connected && wasLost) void attempt(readScene());
      },
    });
  }

  return {
    store,
    userContext,
    open,
    jump,
    attempt,
    words: () => wordsFor(store.get().world?.me.locale),
    place: () => placesIn(store).find(({ id }) => id === store.get().placeId),
    becomeUser,
    begin(work, mark) {
      const { channel: channelId } = userContext();
      return attempt(
        work.then(({ interaction: { id } }) => {
          // The answer may have arrived before this response.
          if (!settled.has(id)) markPending(store, id, { ...mark, channelId, failed: false });
        }),
      );
    },
  };
}

/** The place that is open, and how to go to another. */
function createScene(store: Store, { userContext, attempt }: Pick<Client, 'userContext' | 'attempt'>) {
  let heard = 0;

  /** Read again if there was news meanwhile, which what was read may not have yet. */
  async function readScene(triesLeft = 5): Promise<void> {
    const [here, before] = [userContext(), heard];
    const { messages, commands } = await api.scene(here);
    if (here.channel !== store.get().placeId || here.user !== userContext().user) return;
    if (heard !== before && triesLeft > 0) return readScene(triesLeft - 1);
    store.set((state) => ({ messages: { ...state.messages, [here.channel]: messages }, commands }));
  }

  /** There is news. */
  function hear(): void {
    heard += 1;
  }

  /** The channels, after one of them was added, changed or removed. */
  async function readPlaces(): Promise<void> {
    const { user } = userContext();
    const world = await api.surroundings(user);
    if (user !== userContext().user) return;
    store.set({ world });
    const places = placesIn(store);
    if (!places.some(({ id }) => id === store.get().placeId)) await open((places[0] ?? world.direct).id);
  }

  async function open(placeId: string): Promise<void> {
    store.set(({ unread }) => {
      const { [placeId]: _read, ...others } = unread;
      const closed = { replyTo: undefined, editing: undefined, jumpTo: undefined, isDrawerOpen: false };
      return { placeId, unread: others, ...closed };
    });
    remembered.set('place', placeId);
    await attempt(readScene());
  }

  async function jump({ channelId, messageId }: MessageAddress): Promise<void> {
    const known = placesIn(store).some(({ id }) => id === channelId);
    if (known && store.get().placeId !== channelId) await open(channelId);
    const isThere = store.get().messages[channelId]?.some(({ id }) => id === messageId);
    if (known && (messageId === undefined || isThere)) store.set({ jumpTo: messageId, lightbox: undefined });
    else store.set({ notice: wordsFor(store.get().world?.me.locale).linkLeadsNowhere });
  }

  return { readScene, readPlaces, open, jump, hear };
}

function markPending(store: Store, id: string, pending: Pending): void {
  store.set((state) => ({ pending: { ...state.pending, [id]: pending } }));
}

/** The page's initial state. */
function firstState(): State {
  const prefersLight = matchMedia('(prefers-color-scheme: light)').matches;
  const chosen = localStorage.getItem('theme');
  return {
    world: undefined,
    placeId: '',
    messages: {},
    commands: [],
    unread: {},
    pending: {},
    modal: undefined,
    replyTo: undefined,
    editing: undefined,
    jumpTo: undefined,
    lightbox: undefined,
    notice: undefined,
    connected: true,
    bot: undefined,
    isPanelOpen: localStorage.getItem('panel') === 'open',
    isDrawerOpen: false,
    isOfAge: localStorage.getItem('of-age') === 'yes',
    theme: chosen === 'light' || (!chosen && prefersLight) ? 'light' : 'dark',
  };
}

/** Does something that may be refused, and shows the refusal; answers whether it went through. */
async function attemptIn(store: Store, work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    store.set({ notice: error.message });
    return false;
  }
}

function placesIn(store: Store): readonly Place[] {
  const { world } = store.get();
  return world ? [...world.servers.flatMap((server) => server.places), world.direct] : [];
}

/** The page's last user. */
export function lastUser(): string {
  return remembered.get('user') ?? 'ada';
}
