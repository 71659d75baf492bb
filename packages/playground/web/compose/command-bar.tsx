import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CommandOption, Place } from '../../src/page/wire.js';
import { api, type OptionValue, toUpload } from '../api.js';
import { useDesk, useSeen, useWords } from '../context.js';
import { localDescription } from '../localized-names.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { sizeOf } from '../time-format.js';
import { type Call, optionTypes } from './command-entries.js';
import { filesIn } from './file-picker.js';
import { OptionField } from './option-field.js';
import { check, empty, type Filled, type Row, rowsOf } from './option-validation.js';
import { SuggestionList } from './suggestion-list.js';
import { useDrop } from './use-drop.js';

interface Props {
  readonly call: Call;
  readonly place: Place;
  readonly leave: () => void;
}

/** A command with its options as fields; what is wrong with one is said before anything is sent. */
export function CommandBar({ call, place, leave }: Props) {
  const { entry } = call;
  const desk = useDesk();
  const words = useWords();
  const world = useSeen((state) => state.world);
  const locale = world?.me.locale ?? 'en-US';
  const box = useRef<HTMLDivElement>(null);
  const isSending = useRef(false);
  const [values, setValues] = useState<Readonly<Record<string, Filled>>>(() => begun(call));
  const [isTried, setTried] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const [at, setAt] = useState(0);
  const [toFocus, setToFocus] = useState<string | undefined>(() => firstEmpty(call));

  const shown = entry.options.filter((option) => option.required || option.name in values);
  const others = entry.options.filter((option) => !shown.includes(option));
  const rowsFor = (option: CommandOption): readonly Row[] | undefined =>
    world && rowsOf(option, world, place.guildId, words);
  const checked = (option: CommandOption) =>
    check(option, values[option.name] ?? empty, rowsFor(option), words);

  const isOver = useDrop((files) => takeFiles(files));
  // At once: the next key must not be lost on the way.
  useLayoutEffect(() => {
    if (toFocus === undefined) return;
    const field = box.current?.querySelector<HTMLElement>(`[data-option="${toFocus}"]`);
    // A command without fields is one key away from being sent.
    (field ?? box.current?.querySelector<HTMLElement>('.composer-send'))?.focus();
    setToFocus(undefined);
  }, [toFocus]);

  function add(option: CommandOption | undefined): void {
    if (!option) return;
    setValues((before) => ({ ...before, [option.name]: before[option.name] ?? empty }));
    setChoosing(false);
    setToFocus(option.name);
  }

  function remove(option: CommandOption): void {
    const { [option.name]: _gone, ...rest } = values;
    const index = shown.indexOf(option);
    if (!option.required) setValues(rest);
    if (option.required && index === 0) leave();
    else setToFocus(shown[index - 1]?.name ?? shown[index + 1]?.name ?? '');
  }

  /** Files go to the options that take some, in their order, those that are not shown yet included. */
  function takeFiles(files: readonly File[]): void {
    const large = files.find(({ size }) => size > place.uploadLimit);
    if (large) desk.store.set({ notice: fill(words.tooLarge, large.name, sizeOf(place.uploadLimit)) });
    else setValues((before) => withFiles(entry.options, before, files));
  }

  async function submit(): Promise<void> {
    // A key that is pressed twice orders once.
    if (isSending.current) return;
    setTried(true);
    const bad = shown.find((option) => checked(option).problem);
    if (bad) return setToFocus(bad.name);
    isSending.current = true;
    const sent: Record<string, OptionValue> = {};
    for (const option of shown) {
      const { value } = checked(option);
      if (value !== undefined) sent[option.name] = value instanceof File ? await toUpload(value) : value;
    }
    if (await desk.begin(api.command(desk.seat(), entry.name, sent), { name: entry.name })) leave();
    isSending.current = false;
  }

  /** What the others hold, for the bot to complete by; files stay here. */
  const context = (): Readonly<Record<string, OptionValue>> =>
    Object.fromEntries(
      shown.flatMap((option) => {
        const { value } = checked(option);
        return value === undefined || value instanceof File ? [] : [[option.name, value]];
      }),
    );

  return (
    <>
      {isChoosing && (
        <SuggestionList
          id="options"
          title={`/${entry.label}`}
          items={others.map((option) => ({
            key: option.name,
            content: (
              <>
                <span class="suggestion-name">{option.name}</span>
                <span class="suggestion-text">{localDescription(option, locale)}</span>
              </>
            ),
          }))}
          at={at}
          onHover={setAt}
          onPick={(index) => add(others[index])}
        />
      )}
      {isOver && <p class="drop-hint">{words.dropHere}</p>}
      <div class="composer-box command" ref={box} onPaste={(event) => takeFiles(filesIn(event))}>
        <div class="command-fields">
          <button type="button" class="command-name" title={words.leaveCommand} onClick={leave}>
            /{entry.label}
          </button>
          {shown.map((option) => (
            <OptionField
              key={option.name}
              option={option}
              command={entry.name}
              filled={values[option.name] ?? empty}
              rows={rowsFor(option)}
              problem={isTried ? checked(option).problem : undefined}
              context={context}
              onChange={(filled) => setValues((before) => ({ ...before, [option.name]: filled }))}
              onFiles={takeFiles}
              onRemove={() => remove(option)}
              onSubmit={() => void submit()}
              onLeave={leave}
            />
          ))}
          {others.length > 0 && (
            <button
              type="button"
              class="command-more"
              role="combobox"
              aria-label={fill(words.moreOptions, others.length)}
              aria-haspopup="listbox"
              aria-expanded={isChoosing}
              aria-controls="options"
              aria-activedescendant={isChoosing ? `options${at}` : undefined}
              onClick={() => setChoosing(!isChoosing)}
              onBlur={() => setChoosing(false)}
              onKeyDown={(event) => {
                const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
                if (event.key === 'Escape') isChoosing ? setChoosing(false) : leave();
                else if (step !== undefined) {
                  setChoosing(true);
                  setAt((at + step + others.length) % others.length);
                } else if (event.key === 'Enter' && isChoosing) add(others[at]);
                else return;
                event.preventDefault();
              }}
            >
              {fill(words.moreOptions, others.length)}
            </button>
          )}
        </div>
        <button
          type="button"
          class="tool composer-send"
          aria-label={`${words.send}: /${entry.label}`}
          onClick={() => void submit()}
          onKeyDown={(event) => ['Escape', 'Backspace'].includes(event.key) && leave()}
        >
          <Icon name="send" />
        </button>
      </div>
    </>
  );
}

function begun({ entry, values, files }: Call): Readonly<Record<string, Filled>> {
  const typed = Object.entries(values).map(([name, text]): [string, Filled] => [name, { text }]);
  // Where nothing is required, words that are typed on go to the first option.
  const [first] = entry.options;
  const isOpen = typed.length > 0 || !first || first.required;
  const filled = isOpen ? typed : [[first.name, empty] as const];
  return withFiles(entry.options, Object.fromEntries(filled), files);
}

function firstEmpty({ entry, values }: Call): string {
  const open = entry.options.find((option) => option.required && !(option.name in values));
  return (open ?? entry.options.find((option) => option.name in values) ?? entry.options[0])?.name ?? '';
}

function withFiles(
  options: readonly CommandOption[],
  values: Readonly<Record<string, Filled>>,
  files: readonly File[],
): Readonly<Record<string, Filled>> {
  const free = options.filter(({ type, name }) => type === optionTypes.attachment && !values[name]?.file);
  const placed = files
    .slice(0, free.length)
    .map((file, index): [string, Filled] => [free[index]?.name ?? '', { text: file.name, file }]);
  return { ...values, ...Object.fromEntries(placed) };
}
