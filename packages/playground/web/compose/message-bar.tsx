import type { RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../../src/page/wire.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import type { Call, Entry } from './command-entries.js';
import { FileChip, filesIn } from './file-picker.js';
import { ReplyBar } from './reply-bar.js';
import { Stickers } from './sticker-picker.js';
import { SuggestionList } from './suggestion-list.js';
import { type Draft, useDraft } from './use-draft.js';
import { useDrop } from './use-drop.js';
import { type Offers, useOffers } from './use-offers.js';

interface Props {
  readonly place: Place;
  readonly entries: readonly Entry[];
  readonly begin: (call: Call) => void;
}

/** A message being written; `/` offers commands, `@` users. */
export function MessageBar({ place, entries, begin }: Props) {
  const words = useWords();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [at, setAt] = useState(0);
  const [isRinging, setRinging] = useState(true);
  const replyTo = useSeen((state) => state.replyTo);
  const draft = useDraft(place, entries, begin);
  const { text, files } = draft;
  const change = (next: string, isWhole?: boolean): void => {
    setAt(0);
    draft.change(next, isWhole);
  };
  const isOver = useDrop(draft.add);
  const offers = useOffers({ text, entries, files, change, begin: draft.call });
  useLayoutEffect(() => area.current?.focus(), [replyTo]);
  useEffect(() => setRinging(true), [replyTo]);
  const send = () => void draft.send(isRinging);
  return (
    <>
      {offers && <SuggestionList {...offers} id={id} at={at} onHover={setAt} onPick={offers.pick} />}
      {isOver && <p class="drop-hint">{words.dropHere}</p>}
      {replyTo && <ReplyBar message={replyTo} isRinging={isRinging} onRinging={setRinging} />}
      <Files draft={draft} />
      <div class="composer-box">
        <FileButton isAllowed={place.mayAttach} add={draft.add} onDone={() => area.current?.focus()} />
        <TextArea {...{ id, area, place, draft, offers, at, setAt, change, send }} />
        <Stickers />
        <button
          type="button"
          class="tool composer-send"
          aria-label={words.send}
          disabled={draft.isEmpty}
          onClick={send}
        >
          <Icon name="send" />
        </button>
      </div>
    </>
  );
}

interface TextAreaProps {
  readonly id: string;
  readonly area: RefObject<HTMLTextAreaElement>;
  readonly place: Place;
  readonly draft: Draft;
  readonly offers: Offers | undefined;
  /** The offer that the keyboard is on. */
  readonly at: number;
  readonly setAt: (at: number) => void;
  readonly change: (text: string, isWhole?: boolean) => void;
  readonly send: () => void;
}

function TextArea({ id, area, place, draft, offers, at, setAt, change, send }: TextAreaProps) {
  const client = useClient();
  const words = useWords();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const pick = offers?.pick;
    if (offers && step !== undefined) setAt((at + step + offers.items.length) % offers.items.length);
    else if (pick && (event.key === 'Enter' || event.key === 'Tab')) pick(at);
    else if (event.key === 'Enter' && !event.shiftKey) send();
    else if (event.key === 'Escape' && offers) change('');
    else if (event.key === 'Escape') client.store.set({ replyTo: undefined });
    else return;
    event.preventDefault();
  };
  const label = fill(words.messageTo, place.guildId === undefined ? '@Easel' : `#${place.name}`);
  return (
    <textarea
      ref={area}
      class="composer-text"
      rows={1}
      value={draft.text}
      placeholder={label}
      aria-label={label}
      role="combobox"
      aria-expanded={offers !== undefined}
      aria-controls={id}
      aria-autocomplete="list"
      aria-activedescendant={offers ? `${id}${at}` : undefined}
      onInput={(event) => change(event.currentTarget.value, event.inputType === 'insertFromPaste')}
      onKeyDown={onKeyDown}
      onPaste={(event) => draft.add(filesIn(event))}
    />
  );
}

function Files({ draft: { files, remove } }: { readonly draft: Draft }) {
  if (files.length === 0) return null;
  return (
    <div class="composer-files">
      {files.map((file, index) => (
        <FileChip key={`${index}${file.name}`} file={file} onRemove={() => remove(file)} />
      ))}
    </div>
  );
}

interface FileButtonProps {
  readonly isAllowed: boolean;
  readonly add: (files: readonly File[]) => void;
  readonly onDone: () => void;
}

/** Picks files from the disk. */
function FileButton({ isAllowed, add, onDone }: FileButtonProps) {
  const words = useWords();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="tool"
        aria-label={words.upload}
        disabled={!isAllowed}
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
          add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
          onDone();
        }}
      />
    </>
  );
}
