import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface ListItem {
  readonly key: string;
  readonly content: ComponentChildren;
}

interface Props {
  readonly id: string;
  readonly title: string;
  readonly items: readonly ListItem[];
  /** The one that the keyboard is on; -1: none. */
  readonly at: number;
  readonly onHover: (index: number) => void;
  readonly onPick: (index: number) => void;
  /** Replaces an empty list. */
  readonly note?: string | undefined;
}

/** A list above the composer. The field keeps the focus, and names the active row. */
export function SuggestionList({ id, title, items, at, onHover, onPick, note }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <div class="suggestions">
      <p class="suggestions-title" id={`${id}title`}>
        {title}
      </p>
      {note && <p class="suggestions-note">{note}</p>}
      <div id={id} role="listbox" ref={list} aria-labelledby={`${id}title`}>
        {items.map(({ key, content }, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active one
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field
          <div
            key={key}
            id={`${id}${index}`}
            role="option"
            aria-selected={index === at}
            class={index === at ? 'suggestion suggestion-active' : 'suggestion'}
            onPointerMove={() => onHover(index)}
            // The field must not lose the focus to a row.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(index)}
          >
            {content}
          </div>
        ))}
      </div>
    </div>
  );
}
