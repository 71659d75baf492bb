import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Component, Option } from '../../src/page/wire.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';

interface Props {
  readonly component: Component;
  readonly onChange: (values: readonly string[]) => void;
  readonly label?: string | undefined;
  readonly labelledBy?: string | undefined;
}

/** A select of a message or a modal: one value or several. The keyboard moves, chooses and leaves as in a native one. */
export function Select({ component, onChange, label, labelledBy }: Props) {
  const words = useWords();
  const id = useId();
  const select = useSelect(component, onChange);
  const { box, options, chosen, isOpen, at, open, close, onKeyDown } = select;
  const names = chosen.map((value) => options.find((option) => option.value === value)?.label ?? value);
  return (
    <div class="select" ref={box}>
      <button
        type="button"
        role="combobox"
        class="select-box"
        disabled={component.disabled ?? false}
        aria-expanded={isOpen}
        aria-controls={`${id}list`}
        aria-haspopup="listbox"
        aria-activedescendant={isOpen ? `${id}${at}` : undefined}
        {...(labelledBy ? { 'aria-labelledby': labelledBy } : { 'aria-label': label ?? words.choose })}
        onClick={() => (isOpen ? close() : open())}
        onKeyDown={onKeyDown}
      >
        <span class={names.length > 0 ? 'select-value' : 'select-placeholder'}>
          {names.join(', ') || component.placeholder || words.choose}
        </span>
        <Icon name="down" />
      </button>
      <SelectList id={id} label={label ?? words.choose} select={select} />
    </div>
  );
}

type Selecting = ReturnType<typeof useSelect>;

function SelectList({ id, label, select }: { id: string; label: string; select: Selecting }) {
  const { options, chosen, isOpen, at, setAt, choose, most } = select;
  return (
    <div
      class="select-list"
      id={`${id}list`}
      role="listbox"
      hidden={!isOpen}
      aria-label={label}
      aria-multiselectable={most > 1}
    >
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the box keeps the focus and names the active one
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the box
        <div
          key={option.value}
          id={`${id}${index}`}
          role="option"
          class={index === at ? 'select-option select-option-active' : 'select-option'}
          aria-selected={chosen.includes(option.value)}
          onPointerMove={() => setAt(index)}
          onClick={() => choose(option)}
        >
          <span class="select-label">
            {option.label}
            {option.description && <small>{option.description}</small>}
          </span>
          {chosen.includes(option.value) && <Icon name="check" />}
        </div>
      ))}
    </div>
  );
}

/** The selection, whether the list is open, and the row with the keyboard focus. */
function useSelect(component: Component, onChange: Props['onChange']) {
  const options = useOptions(component);
  const [chosen, setChosen] = useState(() => startOf(component, options));
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const most = component.max_values ?? 1;

  // The bot's selection takes precedence over the user's.
  const told = JSON.stringify([component.options, component.default_values]);
  useEffect(() => setChosen(startOf(component, options)), [told]);

  const close = (): void => {
    setOpen(false);
    const isNews = chosen.join() !== startOf(component, options).join();
    if (most > 1 && isNews && chosen.length >= (component.min_values ?? 1)) onChange(chosen);
  };
  const box = useOutsidePress(isOpen, close);
  const choose = (option: Option | undefined): void => {
    if (!option) return;
    if (most === 1) {
      setChosen([option.value]);
      setOpen(false);
      onChange([option.value]);
      return;
    }
    const others = chosen.filter((value) => value !== option.value);
    if (others.length < chosen.length) setChosen(others);
    else if (chosen.length < most) setChosen([...chosen, option.value]);
  };
  const open = (): void => setOpen(true);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape' && isOpen) {
      // A modal around it stays.
      event.stopPropagation();
      event.preventDefault();
      close();
    } else if (event.key === 'Tab') close();
    else if (step !== undefined || event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (!isOpen) open();
      else if (step !== undefined) setAt((at + step + options.length) % Math.max(1, options.length));
      else choose(options[at]);
    }
  };
  return { box, options, most, chosen, isOpen, at, setAt, open, close, choose, onKeyDown };
}

/** Calls back on a press elsewhere while it is open; returns the ref of the element. */
function useOutsidePress(isOpen: boolean, close: () => void) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  });
  return box;
}

function startOf(
  { options, default_values: given }: Component,
  offered: readonly Option[],
): readonly string[] {
  if (given) return given.map(({ id }) => id);
  return (options ? offered : []).filter((option) => option.default).map(({ value }) => value);
}

/** A select's options: its own rows, or users, roles or channels of the place. */
function useOptions(component: Component): readonly Option[] {
  const client = useClient();
  const world = useSeen((state) => state.world);
  const place = client.place();
  const server = world?.servers.find(({ id }) => id === place?.guildId);
  const users = (world?.users ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const roles = (server?.roles ?? []).map(({ id, name }) => ({ value: id, label: `@${name}` }));
  switch (component.type) {
    case 5:
      return users;
    case 6:
      return roles;
    case 7:
      return [...users, ...roles];
    case 8:
      return (server?.places ?? [])
        .filter(({ type }) => component.channel_types?.includes(type) ?? true)
        .map(({ id, name }) => ({ value: id, label: `#${name}` }));
    default:
      return component.options ?? [];
  }
}
