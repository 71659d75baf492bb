import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../../src/page/wire.js';
import { api, toUpload } from '../api.js';
import { useDesk, useSeen, useWords } from '../context.js';
import { Avatar } from '../shell/avatar.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { type Call, called, type Entry, matching, valuesIn } from './command-entries.js';
import { FileChip, filesIn } from './file-picker.js';
import { ReplyBar } from './reply-bar.js';
import { Stickers } from './sticker-picker.js';
import { type ListItem, SuggestionList } from './suggestion-list.js';
import { useDrop } from './use-drop.js';

interface Props {
  readonly place: Place;
  readonly entries: readonly Entry[];
  readonly begin: (call: Call) => void;
}

/** What was written on the way to another channel is kept, by place. */
const drafts = new Map<string, string>();

/** A message being written; `/` offers commands, `@` people. */
export function MessageBar({ place, entries, begin }: Props) {
  const desk = useDesk();
  const words = useWords();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const isSending = useRef(false);
  const [text, setText] = useState(drafts.get(place.id) ?? '');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [at, setAt] = useState(0);
  const replyTo = useSeen((state) => state.replyTo);
  const [isRinging, setRinging] = useState(true);
  const isOver = useDrop((more) => setFiles((before) => [...before, ...more]));
  const offers = useOffers({ text, entries, files, change, begin: call });

  useLayoutEffect(() => area.current?.focus(), [replyTo]);
  useEffect(() => setRinging(true), [replyTo]);
  // What was typed before the bot's commands were known is a command all the same.
  useEffect(() => {
    const typed = area.current?.value ?? '';
    if (typed.startsWith('/')) change(typed);
  }, [entries.length]);

  function change(next: string): void {
    const found = next.startsWith('/') ? called(entries, next) : undefined;
    setAt(0);
    if (found) call({ entry: found.entry, values: valuesIn(found.entry, found.rest), files });
    else {
      drafts.set(place.id, next);
      setText(next);
    }
  }

  function call(begun: Call): void {
    drafts.delete(place.id);
    begin(begun);
  }

  async function send(): Promise<void> {
    if (isSending.current || (text.trim() === '' && files.length === 0)) return;
    if (text.startsWith('/') && entries.length === 0) return;
    isSending.current = true;
    const uploads = await Promise.all(files.map(toUpload));
    const more = {
      ...(replyTo ? { replyTo: replyTo.id, mentionReply: isRinging } : {}),
      ...(uploads.length > 0 ? { files: uploads } : {}),
    };
    const isSent = await desk.attempt(api.send(desk.seat(), text.trim(), more));
    isSending.current = false;
    if (!isSent) return;
    drafts.delete(place.id);
    setText('');
    setFiles([]);
    desk.store.set({ replyTo: undefined });
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const pick = offers?.pick;
    if (offers && step !== undefined) setAt((at + step + offers.items.length) % offers.items.length);
    else if (pick && (event.key === 'Enter' || event.key === 'Tab')) pick(at);
    else if (event.key === 'Enter' && !event.shiftKey) void send();
    else if (event.key === 'Escape' && offers) change('');
    else if (event.key === 'Escape') desk.store.set({ replyTo: undefined });
    else return;
    event.preventDefault();
  };

  const title = place.guildId === undefined ? '@Easel' : `#${place.name}`;
  return (
    <>
      {offers && (
        <SuggestionList
          id={id}
          title={offers.title}
          items={offers.items}
          at={at}
          onHover={setAt}
          onPick={offers.pick}
        />
      )}
      {isOver && <p class="drop-hint">{words.dropHere}</p>}
      {replyTo && <ReplyBar message={replyTo} isRinging={isRinging} onRinging={setRinging} />}
      {files.length > 0 && (
        <div class="composer-files">
          {files.map((file, index) => (
            <FileChip
              key={`${index}${file.name}`}
              file={file}
              onRemove={() => setFiles(files.filter((each) => each !== file))}
            />
          ))}
        </div>
      )}
      <div class="composer-box">
        <button
          type="button"
          class="tool"
          aria-label={words.upload}
          disabled={!place.mayAttach}
          onClick={() => picker.current?.click()}
        >
          <Icon name="plus" />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            setFiles([...files, ...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
            area.current?.focus();
          }}
        />
        <textarea
          ref={area}
          class="composer-text"
          rows={1}
          value={text}
          placeholder={fill(words.messageTo, title)}
          aria-label={fill(words.messageTo, title)}
          role="combobox"
          aria-expanded={offers !== undefined}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={offers ? `${id}${at}` : undefined}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => setFiles([...files, ...filesIn(event)])}
        />
        <Stickers />
        <button
          type="button"
          class="tool composer-send"
          aria-label={words.send}
          disabled={text.trim() === '' && files.length === 0}
          onClick={() => void send()}
        >
          <Icon name="send" />
        </button>
      </div>
    </>
  );
}

interface Offers {
  readonly title: string;
  readonly items: readonly ListItem[];
  readonly pick: (index: number) => void;
}

interface Writing extends Pick<Props, 'entries' | 'begin'> {
  readonly text: string;
  readonly files: readonly File[];
  readonly change: (text: string) => void;
}

/** What the words at the end of a text ask for: a command, or a person. */
function useOffers({ text, entries, files, change, begin }: Writing): Offers | undefined {
  const words = useWords();
  const people = useSeen(({ world }) => world?.people);
  const bot = useSeen(({ world }) => world?.people.find(({ id }) => id === world.botId));
  if (text.startsWith('/') && !text.includes('\n')) {
    const found = matching(entries, text.slice(1));
    const items = found.map((entry) => ({ key: entry.name, content: <CommandRow entry={entry} /> }));
    const pick = (index: number): void => {
      const entry = found[index];
      if (entry) begin({ entry, values: {}, files });
    };
    return found.length > 0 ? { title: `${bot?.name ?? ''} · ${words.commands}`, items, pick } : undefined;
  }
  const [, typed] = /(?:^|\s)@([\p{L}\p{N}_]*)$/u.exec(text) ?? [];
  if (typed === undefined) return undefined;
  const found = [...(people ?? [])]
    .filter(({ name, username }) =>
      [name, username].some((each) => each.toLowerCase().startsWith(typed.toLowerCase())),
    )
    .sort((a, b) => Number(b.bot) - Number(a.bot));
  const items = found.map((person) => ({
    key: person.id,
    content: (
      <>
        <Avatar person={person} size="small" />
        <span class="suggestion-name">{person.name}</span>
        <span class="suggestion-text">{person.username}</span>
      </>
    ),
  }));
  const pick = (index: number): void =>
    change(`${text.slice(0, text.length - typed.length)}${found[index]?.username ?? typed} `);
  return found.length > 0 ? { title: words.members, items, pick } : undefined;
}

function CommandRow({ entry }: { readonly entry: Entry }) {
  const bot = useSeen(({ world }) => world?.people.find(({ id }) => id === world.botId));
  return (
    <>
      <Avatar person={bot} size="small" />
      <span class="suggestion-main">
        <span class="suggestion-name">
          /{entry.label}
          {entry.options
            .filter(({ required }) => required)
            .map(({ name }) => (
              <span key={name} class="suggestion-option">
                {name}
              </span>
            ))}
        </span>
        <span class="suggestion-text">{entry.description}</span>
      </span>
      <span class="suggestion-side">{bot?.name}</span>
    </>
  );
}
