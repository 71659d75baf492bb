import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Attachment, CommandOption, Message, Place } from '../../src/page/wire.js';
import { api, type OptionValue, toUpload } from '../api.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { fill } from '../texts.js';
import { sizeOf } from '../time-format.js';
import { type Call, optionTypes } from './command-entries.js';
import { check, empty, type Filled, type Row, rowsOf } from './option-validation.js';

type Values = Readonly<Record<string, Filled>>;

/** A command that is being filled in. */
export interface CommandForm {
  /** Holds the fields, each with its option's name in `data-option`. */
  readonly box: RefObject<HTMLDivElement>;
  readonly shown: readonly CommandOption[];
  readonly others: readonly CommandOption[];
  filledOf(option: CommandOption): Filled;
  rowsFor(option: CommandOption): readonly Row[] | undefined;
  /** An option's error, after an attempt to send the command. */
  problemOf(option: CommandOption): string | undefined;
  /** The options' values for autocomplete; files stay here. */
  context(): Readonly<Record<string, OptionValue>>;
  change(option: CommandOption, filled: Filled): void;
  add(option: CommandOption): void;
  remove(option: CommandOption): void;
  /** Files go to the options that take their kind, in their order, those that are not shown yet included. */
  takeFiles(files: readonly File[]): void;
  submit(): Promise<void>;
}

/** @param leave called when the command was sent, or is given up */
export function useCommandForm(call: Call, place: Place, leave: () => void): CommandForm {
  const { entry } = call;
  const client = useClient();
  const isSending = useRef(false);
  const { values, setValues, takeFiles } = useValues(call, place);
  const [isTried, setTried] = useState(false);
  const { box, focus } = useFieldFocus(firstEmpty(call));

  const shown = entry.options.filter((option) => option.required || option.name in values);
  const { filledOf, rowsFor, checked } = useChecks(values, place);

  function remove(option: CommandOption): void {
    const { [option.name]: _gone, ...rest } = values;
    const index = shown.indexOf(option);
    if (!option.required) setValues(rest);
    if (option.required && index === 0) leave();
    else focus(shown[index - 1]?.name ?? shown[index + 1]?.name ?? '');
  }

  async function submit(): Promise<void> {
    // A key that is pressed twice orders once.
    if (isSending.current) return;
    setTried(true);
    const bad = shown.find((option) => checked(option).problem);
    if (bad) return focus(bad.name);
    isSending.current = true;
    const sent = await uploaded(shown.map((option) => [option.name, checked(option).value]));
    if (await client.begin(api.command(client.userContext(), entry.name, sent), { name: entry.name }))
      leave();
    isSending.current = false;
  }

  return {
    box,
    shown,
    others: entry.options.filter((option) => !shown.includes(option)),
    filledOf,
    rowsFor,
    problemOf: (option) => (isTried ? checked(option).problem : undefined),
    context: () => withoutFiles(shown.map((option) => [option.name, checked(option).value])),
    change: (option, filled) => setValues((before) => ({ ...before, [option.name]: filled })),
    add(option) {
      setValues((before) => ({ ...before, [option.name]: before[option.name] ?? empty }));
      focus(option.name);
    },
    remove,
    takeFiles,
    submit,
  };
}

/** The options' initial values, from text typed before the form opened. */
function useValues(call: Call, place: Place) {
  const { options } = call.entry;
  const client = useClient();
  const words = useWords();
  const [values, setValues] = useState<Values>(() => begun(call));
  const shown = useSeen(({ messages }) => messages[place.id] ?? []);
  // `image:last`, as in the terminal.
  useEffect(() => {
    for (const option of options)
      if (option.type === optionTypes.attachment && call.values[option.name]?.toLowerCase() === 'last')
        void fileOf(newest(shown, option)).then((file) =>
          setValues((before) => ({ ...before, [option.name]: file ? { text: file.name, file } : empty })),
        );
  }, []);

  function takeFiles(files: readonly File[]): void {
    const large = files.find(({ size }) => size > place.uploadLimit);
    if (large) client.store.set({ notice: fill(words.tooLarge, large.name, sizeOf(place.uploadLimit)) });
    else setValues((before) => withFiles(options, before, files));
  }

  return { values, setValues, takeFiles };
}

/** Each option's value, its choices, and its error. */
function useChecks(values: Values, { guildId }: Place) {
  const words = useWords();
  const world = useSeen((state) => state.world);
  const filledOf = (option: CommandOption): Filled => values[option.name] ?? empty;
  const rowsFor = (option: CommandOption): readonly Row[] | undefined =>
    world && rowsOf(option, world, guildId, words);
  const checked = (option: CommandOption) => check(option, filledOf(option), rowsFor(option), words);
  return { filledOf, rowsFor, checked };
}

/** Puts the focus on an option's field, or else on the button that sends. */
function useFieldFocus(first: string) {
  const box = useRef<HTMLDivElement>(null);
  const [wanted, focus] = useState<string | undefined>(first);
  // At once: the next key must not be lost on the way.
  useLayoutEffect(() => {
    if (wanted === undefined) return;
    const field = box.current?.querySelector<HTMLElement>(`[data-option="${wanted}"]`);
    // A command without fields is one key away from being sent.
    (field ?? box.current?.querySelector<HTMLElement>('.composer-send'))?.focus();
    focus(undefined);
  }, [wanted]);
  return { box, focus };
}

/** A file in the channel, to be sent once more. */
async function fileOf(file: Attachment | undefined): Promise<File | undefined> {
  const response = file && (await fetch(file.url).catch(() => undefined));
  return response?.ok
    ? new File([await response.blob()], file?.filename ?? '', { type: file?.contentType ?? '' })
    : undefined;
}

/** The newest file that an option takes; a picture, if it takes any. */
function newest(messages: readonly Message[], { file_types: types }: CommandOption): Attachment | undefined {
  return messages
    .flatMap(({ attachments }) => attachments)
    .findLast(({ contentType }) => isOf(types ?? ['image'], contentType));
}

function isOf(types: readonly string[], contentType: string | null | undefined): boolean {
  return types.some((type) => contentType?.startsWith(`${type}/`));
}

type Checked = ReturnType<typeof check>['value'];

/** Values as they are sent, files with their bytes. */
async function uploaded(
  values: readonly (readonly [string, Checked])[],
): Promise<Record<string, OptionValue>> {
  const sent: Record<string, OptionValue> = {};
  for (const [name, value] of values)
    if (value !== undefined) sent[name] = value instanceof File ? await toUpload(value) : value;
  return sent;
}

function withoutFiles(values: readonly (readonly [string, Checked])[]): Record<string, OptionValue> {
  return Object.fromEntries(
    values.flatMap(([name, value]) =>
      value === undefined || value instanceof File ? [] : [[name, value] as const],
    ),
  );
}

function begun({ entry, values, files }: Call): Values {
  const typed = Object.entries(values).map(([name, text]): [string, Filled] => [name, { text }]);
  // If nothing is required, words that are typed on go to the first option.
  const [first] = entry.options;
  const isOpen = typed.length > 0 || !first || first.required;
  const filled = isOpen ? typed : [[first.name, empty] as const];
  return withFiles(entry.options, Object.fromEntries(filled), files);
}

function firstEmpty({ entry, values }: Call): string {
  const open = entry.options.find((option) => option.required && !(option.name in values));
  return (open ?? entry.options.find((option) => option.name in values) ?? entry.options[0])?.name ?? '';
}

function withFiles(options: readonly CommandOption[], values: Values, files: readonly File[]): Values {
  let free = options.filter(({ type, name }) => type === optionTypes.attachment && !values[name]?.file);
  const placed = files.flatMap((file): [string, Filled][] => {
    // A clip goes where one is asked for; a file that none asks for, to the first: Easel says what it thinks of it.
    const option = free.find(({ file_types: types }) => isOf(types ?? [], file.type)) ?? free[0];
    free = free.filter((one) => one !== option);
    return option ? [[option.name, { text: file.name, file }]] : [];
  });
  return { ...values, ...Object.fromEntries(placed) };
}
