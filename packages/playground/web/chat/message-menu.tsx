import type { Ref } from 'preact';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../../src/page/wire.js';
import { api } from '../api.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { focusOn } from '../focus.js';
import { localName } from '../localized-names.js';
import { Icon, type IconName } from '../shell/icons.js';

interface Props {
  readonly message: Message;
  /** Opens the menu on a right click at the pointer. */
  readonly handle: Ref<{ open(x: number, y: number): void }>;
}

/** The actions on a message: a bar that shows on hover, and the menu behind its last button. */
export function MessageTools({ message, handle }: Props) {
  const client = useClient();
  const words = useWords();
  const [spot, setSpot] = useState<{ x: number; y: number }>();
  const button = useRef<HTMLButtonElement>(null);
  useImperativeHandle(handle, () => ({ open: (x: number, y: number) => setSpot({ x, y }) }), []);
  const isAsked = useSeen(({ commands }) => commands.some(({ type }) => type === 3));
  const openHere = (): void => {
    const { left = 0, bottom = 0 } = button.current?.getBoundingClientRect() ?? {};
    setSpot({ x: left, y: bottom });
  };
  const close = (): void => {
    setSpot(undefined);
    button.current?.focus();
  };
  return (
    <div class={spot ? 'tools tools-open' : 'tools'} role="toolbar" aria-label={words.more}>
      {!message.ephemeral && (
        <button
          type="button"
          class="tool"
          aria-label={words.reply}
          title={words.reply}
          onClick={() => client.store.set({ replyTo: message })}
        >
          <Icon name="reply" />
        </button>
      )}
      <button
        type="button"
        class="tool"
        ref={button}
        aria-label={isAsked ? `${words.more}: ${words.apps}` : words.more}
        title={words.more}
        aria-haspopup="menu"
        aria-expanded={spot !== undefined}
        onClick={openHere}
      >
        <Icon name="more" />
      </button>
      {spot && <Menu message={message} spot={spot} close={close} />}
    </div>
  );
}

interface MenuProps {
  readonly message: Message;
  readonly spot: { readonly x: number; readonly y: number };
  readonly close: () => void;
}

interface Entry {
  readonly label: string;
  readonly icon: IconName;
  readonly isDanger?: boolean;
  readonly run: () => void;
}

function Menu({ message, spot, close }: MenuProps) {
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  const { own, apps } = useEntries(message);

  useLayoutEffect(() => {
    const menu = box.current;
    if (!menu) return;
    // Kept on the screen, whatever its size.
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(spot.x, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(spot.y, innerHeight - height - 8))}px`;
    menu.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [spot.x, spot.y]);

  // Apart from the above: news in the channel hands in another `close`, and must not move the focus.
  useEffect(() => {
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [close]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll('[role=menuitem]') ?? [])];
    const at = items.findIndex((item) => item.matches(':focus'));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') close();
    if (step !== undefined) focusOn(items[(at + step + items.length) % items.length]);
    if (step !== undefined || event.key === 'Escape') event.preventDefault();
  };
  const draw = ({ label, icon, isDanger, run }: Entry) => (
    <button
      key={label}
      type="button"
      role="menuitem"
      tabIndex={-1}
      class={isDanger ? 'menu-item menu-danger' : 'menu-item'}
      onClick={() => {
        close();
        run();
      }}
    >
      <span>{label}</span>
      <Icon name={icon} />
    </button>
  );
  return (
    <div class="menu" role="menu" tabIndex={-1} ref={box} aria-label={words.more} onKeyDown={onKeyDown}>
      {own.map(draw)}
      {apps.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a group of a menu is no fieldset
        <div role="group" aria-label={words.apps} class="menu-group">
          <p class="menu-title" aria-hidden="true">
            {words.apps}
          </p>
          {apps.map(draw)}
        </div>
      )}
    </div>
  );
}

function useEntries(message: Message): { own: readonly Entry[]; apps: readonly Entry[] } {
  const client = useClient();
  const words = useWords();
  const me = useSeen(({ world }) => world?.me);
  const commands = useSeen((state) => state.commands);
  const isMine = message.authorId === me?.id;
  const copy = (text: string) => () => void navigator.clipboard?.writeText(text);
  const own: Entry[] = [];
  if (!message.ephemeral)
    own.push({ label: words.reply, icon: 'reply', run: () => client.store.set({ replyTo: message }) });
  if (!message.ephemeral)
    own.push({
      label: words.forward,
      icon: 'forward',
      run: () => void client.attempt(api.forward(client.userContext(), message.id)),
    });
  if (isMine)
    own.push({ label: words.edit, icon: 'edit', run: () => client.store.set({ editing: message.id }) });
  if (message.content) own.push({ label: words.copy, icon: 'copy', run: copy(message.content) });
  own.push({ label: words.copyId, icon: 'copy', run: copy(message.id) });
  if ((isMine || client.place()?.mayManage) && !message.ephemeral) {
    const run = (): void => void client.attempt(api.remove(client.userContext(), message.id));
    own.push({ label: words.remove, icon: 'remove', isDanger: true, run });
  }
  const apps = commands
    .filter(({ type }) => type === 3)
    .map((command): Entry => {
      const work = () => api.messageCommand(client.userContext(), command.name, message.id);
      const run = (): void => void client.begin(work(), { name: command.name, messageId: message.id });
      return { label: localName(command, me?.locale ?? 'en-US'), icon: 'apps', run };
    });
  return { own, apps };
}
