import { useState } from 'preact/hooks';
import type { CommandOption } from '../../src/page/wire.js';
import { useSeen, useWords } from '../client-context.js';
import { localDescription, localName } from '../localized-names.js';
import { fill } from '../texts.js';
import { SuggestionList } from './suggestion-list.js';

interface Props {
  readonly title: string;
  /** Those that are not shown yet. */
  readonly options: readonly CommandOption[];
  readonly add: (option: CommandOption) => void;
  readonly leave: () => void;
}

/** A button with a command's further options behind it; without any it is not there. */
export function MoreOptions({ title, options, add, leave }: Props) {
  const words = useWords();
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const pick = (index: number): void => {
    const option = options[index];
    if (!option) return;
    setOpen(false);
    add(option);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') isOpen ? setOpen(false) : leave();
    else if (step !== undefined) {
      setOpen(true);
      setAt((at + step + options.length) % options.length);
    } else if (event.key === 'Enter' && isOpen) pick(at);
    else return;
    event.preventDefault();
  };
  if (options.length === 0) return null;
  const items = options.map((option) => ({
    key: option.name,
    content: (
      <>
        <span class="suggestion-name">{localName(option, locale)}</span>
        <span class="suggestion-text">{localDescription(option, locale)}</span>
      </>
    ),
  }));
  return (
    <>
      {isOpen && (
        <SuggestionList id="options" title={title} items={items} at={at} onHover={setAt} onPick={pick} />
      )}
      <button
        type="button"
        class="command-more"
        role="combobox"
        aria-label={fill(words.moreOptions, options.length)}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls="options"
        aria-activedescendant={isOpen ? `options${at}` : undefined}
        onClick={() => setOpen(!isOpen)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      >
        {fill(words.moreOptions, options.length)}
      </button>
    </>
  );
}
