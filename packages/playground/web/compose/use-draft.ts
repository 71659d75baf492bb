import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../../src/page/wire.js';
import { api, toUpload } from '../api.js';
import { useClient, useSeen } from '../client-context.js';
import { type Call, called, type Entry, valuesIn } from './command-entries.js';

/** Drafts are kept by channel. */
const drafts = new Map<string, string>();

/** A message that is being written. */
export interface Draft {
  readonly text: string;
  readonly files: readonly File[];
  readonly isEmpty: boolean;
  /**
   * Takes the text as it is now; one that names a command begins it.
   * @param isWhole whether nothing will be typed behind it, as after a paste
   */
  change(text: string, isWhole?: boolean): void;
  call(begun: Call): void;
  add(files: readonly File[]): void;
  remove(file: File): void;
  /** @param isRinging whether a reply pings the author it answers */
  send(isRinging: boolean): Promise<void>;
}

export function useDraft(place: Place, entries: readonly Entry[], begin: (call: Call) => void): Draft {
  const client = useClient();
  const isSending = useRef(false);
  const [text, setText] = useState(drafts.get(place.id) ?? '');
  const [files, setFiles] = useState<readonly File[]>([]);
  const replyTo = useSeen((state) => state.replyTo);
  const isEmpty = text.trim() === '' && files.length === 0;

  function call(begun: Call): void {
    drafts.delete(place.id);
    begin(begun);
  }

  function change(next: string, isWhole = false): void {
    const line = isWhole ? `${next.trim()} ` : next;
    const found = line.startsWith('/') ? called(entries, line) : undefined;
    if (found) call({ entry: found.entry, values: valuesIn(found.entry, found.rest), files });
    else {
      drafts.set(place.id, next);
      setText(next);
    }
  }

  // Text typed before the bot's commands were loaded is a command all the same.
  useEffect(() => {
    if (text.startsWith('/')) change(text);
  }, [entries.length]);

  async function send(isRinging: boolean): Promise<void> {
    const isTooEarly = text.startsWith('/') && entries.length === 0;
    if (isSending.current || isEmpty || isTooEarly) return;
    isSending.current = true;
    const reply = replyTo ? { replyTo: replyTo.id, mentionReply: isRinging } : {};
    const more = { ...reply, ...(files.length > 0 && { files: await Promise.all(files.map(toUpload)) }) };
    const isSent = await client.attempt(api.send(client.userContext(), text.trim(), more));
    isSending.current = false;
    if (!isSent) return;
    drafts.delete(place.id);
    setText('');
    setFiles([]);
    client.store.set({ replyTo: undefined });
  }

  return {
    text,
    files,
    isEmpty,
    change,
    call,
    add: (more) => setFiles((before) => [...before, ...more]),
    remove: (file) => setFiles((before) => before.filter((each) => each !== file)),
    send,
  };
}
