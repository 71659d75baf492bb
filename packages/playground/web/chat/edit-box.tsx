import { useState } from 'preact/hooks';
import type { Message } from '../../src/page/wire.js';
import { api } from '../api.js';
import { useClient, useWords } from '../client-context.js';

/** The user's own message, being edited. */
export function EditBox({ message }: { readonly message: Message }) {
  const client = useClient();
  const words = useWords();
  const [text, setText] = useState(message.content);
  const leave = (): void => client.store.set({ editing: undefined });
  const save = async (): Promise<void> => {
    if (text.trim() === '' || text === message.content) return leave();
    if (await client.attempt(api.edit(client.userContext(), message.id, text))) leave();
  };
  return (
    <div class="edit-box">
      <textarea
        aria-label={words.edit}
        value={text}
        autofocus
        ref={(area) => area?.focus()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') leave();
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void save();
        }}
      />
      <p>{words.escapeTo}</p>
    </div>
  );
}
