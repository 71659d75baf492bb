import type { Place } from '../../src/page/wire.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { Icon } from './icons.js';

/** Above the messages: the channel's name, and the page's switches. */
export function Header({ place }: { readonly place: Place }) {
  const { store } = useClient();
  const words = useWords();
  const theme = useSeen((state) => state.theme);
  const isPanelOpen = useSeen((state) => state.isPanelOpen);
  const isDirect = place.guildId === undefined;
  const topic = [place.nsfw && words.agedTopic, !place.botMayAttach && words.noFiles]
    .filter(Boolean)
    .join(' · ');
  const turn = (): void => {
    const next = theme === 'dark' ? 'light' : 'dark';
    localStorage.setItem('theme', next);
    store.set({ theme: next });
  };
  const togglePanel = (): void => {
    localStorage.setItem('panel', isPanelOpen ? 'closed' : 'open');
    store.set({ isPanelOpen: !isPanelOpen });
  };
  return (
    <header class="header">
      <button
        type="button"
        class="tool header-drawer"
        aria-label={words.openChannels}
        onClick={() => store.set({ isDrawerOpen: true })}
      >
        <Icon name="menu" />
      </button>
      <span class="header-sign">
        <Icon name={isDirect ? 'at' : place.nsfw ? 'lock' : 'hash'} />
      </span>
      <h2 class="header-name">{isDirect ? 'Easel' : place.name}</h2>
      {topic && <p class="header-topic">{topic}</p>}
      <span class="header-space" />
      <button
        type="button"
        class="tool"
        aria-label={theme === 'dark' ? words.light : words.dark}
        title={theme === 'dark' ? words.light : words.dark}
        onClick={turn}
      >
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        class="tool tool-wide"
        aria-label={words.behind}
        aria-pressed={isPanelOpen}
        onClick={togglePanel}
      >
        <Icon name="gauge" /> <span>{words.behind}</span>
      </button>
    </header>
  );
}
