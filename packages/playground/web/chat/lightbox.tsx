import { useEffect, useRef } from 'preact/hooks';
import { useClient, useSeen, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';

/** A picture at its full size, over everything else. */
export function Lightbox() {
  const { store } = useClient();
  const words = useWords();
  const shown = useSeen(({ lightbox }) => lightbox);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (shown) dialog.current?.showModal();
  }, [shown]);
  if (!shown) return null;
  const close = (): void => store.set({ lightbox: undefined });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      class="lightbox"
      ref={dialog}
      aria-label={shown.name}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <button type="button" class="lightbox-close" aria-label={words.close} onClick={close}>
        <Icon name="close" />
      </button>
      <img src={shown.url} alt={shown.name} />
      <a href={shown.url} target="_blank" rel="noreferrer noopener">
        {words.download}
      </a>
    </dialog>
  );
}
