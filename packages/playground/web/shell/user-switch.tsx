import { useEffect, useRef, useState } from 'preact/hooks';
import type { Surroundings, User } from '../../src/page/wire.js';
import { useClient, useWords } from '../client-context.js';
import { focusOn } from '../focus.js';
import { Avatar } from './avatar.js';
import { Icon } from './icons.js';

/** The current user, and everyone to switch to. */
export function UserSwitch({ world }: { readonly world: Surroundings }) {
  const words = useWords();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isAdmin = world.servers.some((server) => server.isAdmin);
  useEffect(() => {
    if (!isOpen) return;
    box.current?.querySelector<HTMLElement>('[aria-checked=true]')?.focus();
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [isOpen]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class="whoami" ref={box}>
      {isOpen && <UserMenu world={world} close={close} />}
      <button
        type="button"
        class="whoami-button"
        ref={button}
        title={words.switchUser}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Avatar user={world.me} size="small" />
        <span class="whoami-text">
          <span class="unseen">{words.you} </span>
          <strong>{world.me.name}</strong>
          <small>{isAdmin ? words.admin : words.member}</small>
        </span>
        <span class="whoami-switch">
          <span class="unseen">{words.switchUser}</span> <Icon name="people" />
        </span>
      </button>
    </div>
  );
}

function UserMenu({ world, close }: { readonly world: Surroundings; readonly close: () => void }) {
  const client = useClient();
  const words = useWords();
  const list = useRef<HTMLDivElement>(null);
  const users = world.users.filter(({ bot }) => !bot);
  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = items.findIndex((item) => item.matches(':focus'));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') close();
    if (step !== undefined) {
      event.preventDefault();
      focusOn(items[(at + step + items.length) % items.length]);
    }
  };
  return (
    <div
      class="people"
      role="menu"
      tabIndex={-1}
      ref={list}
      aria-label={words.switchUser}
      onKeyDown={onKeyDown}
    >
      {users.map((user, index) => (
        <button
          key={user.id}
          type="button"
          role="menuitemradio"
          aria-checked={user.id === world.me.id}
          class="people-item"
          onClick={() => {
            close();
            void client.attempt(client.becomeUser(user.id));
          }}
        >
          <Avatar user={user} size="small" />
          <span class="whoami-text">
            <strong>{user.name}</strong>
            <small>{index === 0 ? words.admin : `${words.member}${languageOf(user)}`}</small>
          </span>
          {user.id === world.me.id && <Icon name="check" />}
        </button>
      ))}
    </div>
  );
}

/** Shown if it is not English. */
function languageOf({ locale }: User): string {
  if (locale.startsWith('en')) return '';
  return ` · ${new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale}`;
}
