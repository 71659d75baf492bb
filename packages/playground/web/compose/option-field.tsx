import { useId, useState } from 'preact/hooks';
import type { CommandOption } from '../../src/page/wire.js';
import type { OptionValue } from '../api.js';
import { useSeen, useWords } from '../client-context.js';
import { localDescription, localName } from '../localized-names.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { optionTypes } from './command-entries.js';
import { empty, type Filled, type Row } from './option-validation.js';
import { SuggestionList } from './suggestion-list.js';
import { useChoices } from './use-choices.js';

interface Props {
  readonly option: CommandOption;
  readonly command: string;
  readonly filled: Filled;
  readonly rows: readonly Row[] | undefined;
  readonly problem: string | undefined;
  /** The values of the other options. */
  readonly context: () => Readonly<Record<string, OptionValue>>;
  readonly onChange: (filled: Filled) => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onRemove: () => void;
  readonly onSubmit: () => void;
  readonly onLeave: () => void;
}

/** One option of a command as a field: its name, its value, and above the composer its description and choices. */
export function OptionField(props: Props) {
  const { option, problem } = props;
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  const id = useId();
  const isFile = option.type === optionTypes.attachment;
  return (
    <span class={problem ? 'option option-bad' : 'option'}>
      <label class="option-name" for={id}>
        {localName(option, locale)}
      </label>
      {isFile ? <FileControl {...props} id={id} /> : <TextControl {...props} id={id} />}
    </span>
  );
}

function TextControl(props: Props & { readonly id: string }) {
  const { id, option, filled, rows, problem, onChange } = props;
  const words = useWords();
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  const [isFocused, setFocused] = useState(false);
  const { offered, isLoading, at, setAt, pick, onKeyDown } = useOffered(props, isFocused);
  const note = problem ?? (isLoading && offered.length === 0 ? words.loading : undefined);
  const items = offered.map(({ label, value }) => ({
    key: String(value),
    content: <span class="suggestion-name">{label}</span>,
  }));
  const title = `${localName(option, locale)} — ${localDescription(option, locale)}`;
  return (
    <>
      <textarea
        id={id}
        class="option-value"
        rows={1}
        data-option={option.name}
        value={filled.text}
        role="combobox"
        aria-expanded={isFocused && offered.length > 0}
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `${id}list${at}` : undefined}
        aria-invalid={problem !== undefined}
        aria-required={option.required ?? false}
        aria-describedby={`${id}listtitle`}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onInput={(event) => {
          onChange({ text: event.currentTarget.value.replaceAll('\n', ' ') });
          setAt(rows ? 0 : -1);
        }}
        onKeyDown={onKeyDown}
      />
      {isFocused && (
        <SuggestionList {...{ title, note, items, at }} id={`${id}list`} onHover={setAt} onPick={pick} />
      )}
    </>
  );
}

/** An option's choices for the typed text, and the keys that select one. */
function useOffered(
  { option, command, filled, rows, context, onChange, onRemove, onSubmit, onLeave }: Props,
  isActive: boolean,
) {
  const [at, setAt] = useState(-1);
  const asked = useChoices({ option, command, filled, context, isActive });
  const offered = (rows?.filter(({ label }) => isLike(label, filled)) ?? asked.rows ?? []).slice(0, 25);
  const pick = (index: number): void => {
    const row = offered[index];
    if (row) onChange({ text: row.label, value: row.value });
    setAt(-1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isOpen = offered.length > 0;
    // The focus moves to the next field all the same.
    if (event.key === 'Tab' && at >= 0) pick(at);
    if (step !== undefined && isOpen) setAt((at + step + offered.length) % offered.length);
    else if (event.key === 'Enter' && at >= 0) pick(at);
    else if (event.key === 'Enter' && !event.shiftKey) onSubmit();
    else if (event.key === 'Escape') onLeave();
    else if (event.key === 'Backspace' && filled.text === '') onRemove();
    else return;
    event.preventDefault();
  };
  return { offered, isLoading: asked.isLoading, at, setAt, pick, onKeyDown };
}

/** A selected row shows all of them; otherwise those that contain the typed text. */
function isLike(label: string, { text, value }: Filled): boolean {
  return value !== undefined || label.toLowerCase().includes(text.trim().toLowerCase());
}

function FileControl({
  id,
  option,
  filled,
  problem,
  onChange,
  onFiles,
  onRemove,
  onSubmit,
  onLeave,
}: Props & { readonly id: string }) {
  const words = useWords();
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  return (
    <>
      <label class="option-file" for={id}>
        {filled.file ? filled.file.name : words.upload}
        <input
          id={id}
          type="file"
          data-option={option.name}
          aria-label={`${localName(option, locale)}: ${words.dropFile}`}
          aria-invalid={problem !== undefined}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onLeave();
            if (event.key === 'Backspace') onRemove();
            // Without a file, Enter picks one; Space always does.
            if (event.key !== 'Enter' || !filled.file) return;
            event.preventDefault();
            onSubmit();
          }}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) onChange({ text: file.name, file });
            event.currentTarget.value = '';
          }}
          onDrop={(event) => {
            event.preventDefault();
            onFiles([...(event.dataTransfer?.files ?? [])]);
          }}
        />
      </label>
      {filled.file && (
        <button
          type="button"
          class="option-remove"
          aria-label={fill(words.removeFile, filled.file.name)}
          onClick={() => onChange(empty)}
        >
          <Icon name="close" />
        </button>
      )}
    </>
  );
}
