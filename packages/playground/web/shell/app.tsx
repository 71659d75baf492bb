import { useEffect } from 'preact/hooks';
import { Backstage } from '../backstage/backstage.js';
import { AgeGate } from '../chat/age-gate.js';
import { Lightbox } from '../chat/lightbox.js';
import { Messages } from '../chat/message-list.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { Composer } from '../compose/composer.js';
import { Modal } from '../modal/modal.js';
import { Channels } from './channel-list.js';
import { Header } from './header.js';
import { Rail } from './server-list.js';

/** The whole client. */
export function App() {
  const client = useClient();
  const words = useWords();
  const world = useSeen((state) => state.world);
  const theme = useSeen((state) => state.theme);
  const isPanelOpen = useSeen((state) => state.isPanelOpen);
  const isDrawerOpen = useSeen((state) => state.isDrawerOpen);
  const isOfAge = useSeen((state) => state.isOfAge);
  const connected = useSeen((state) => state.connected);
  const isBotDown = useSeen(({ bot }) => bot !== undefined && !bot.up);
  useSeen(({ placeId }) => placeId);
  const place = client.place();
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => {
    document.title = place
      ? `${place.guildId ? `#${place.name}` : 'Easel'} · Easel playground`
      : 'Easel playground';
  });
  if (!world || !place) return <Notice />;
  return (
    <div class={['app', isPanelOpen && 'app-panel', isDrawerOpen && 'app-drawer'].filter(Boolean).join(' ')}>
      <div class="side">
        <Rail world={world} />
        <Channels world={world} />
      </div>
      {isDrawerOpen && (
        <button
          type="button"
          class="veil"
          aria-label={words.close}
          onClick={() => client.store.set({ isDrawerOpen: false })}
        />
      )}
      <main class="chat">
        <Header place={place} />
        {!connected && (
          <p class="banner banner-bad" role="status">
            {words.lost}
          </p>
        )}
        {connected && isBotDown && (
          <p class="banner banner-bad" role="status">
            {words.botDown}
          </p>
        )}
        {place.nsfw && !isOfAge ? (
          <AgeGate place={place} />
        ) : (
          <>
            <Messages place={place} />
            <Notice />
            <Composer place={place} key={`${world.me.id}${place.id}`} />
          </>
        )}
      </main>
      {isPanelOpen && <Backstage />}
      <Modal />
      <Lightbox />
    </div>
  );
}

/** The latest notice, until it is dismissed. */
function Notice() {
  const { store } = useClient();
  const words = useWords();
  const notice = useSeen((state) => state.notice);
  useEffect(() => {
    if (notice === undefined) return;
    const timer = setTimeout(() => store.set({ notice: undefined }), 8_000);
    return () => clearTimeout(timer);
  }, [notice, store]);
  if (notice === undefined) return null;
  return (
    <div class="notice" role="alert">
      <span>{notice}</span>
      <button type="button" class="link" onClick={() => store.set({ notice: undefined })}>
        {words.close}
      </button>
    </div>
  );
}
