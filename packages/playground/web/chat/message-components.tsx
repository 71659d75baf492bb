import { useState } from 'preact/hooks';
import type { Component, Message } from '../../src/page/wire.js';
import { api } from '../api.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { Address } from './markdown/address.js';
import { Markdown } from './markdown/markdown.js';
import { FileComponent, MediaGallery, Thumbnail } from './media-components.js';
import { Dots } from './pending-commands.js';
import { Select } from './select.js';

/*
 * Drawn here and not by @skyra/discord-components-core 4.0.2 or @derockdev/discord-components-core 3.6.1, which were tried:
 * both draw pictures of messages, for transcripts. Their buttons do nothing but open their own modals, there are no selects of
 * users, roles and channels, no fields for files and no menus, each fixes the colours of 2023 in shadow roots that neither
 * our themes nor the keyboard's focus ring reach, and skyra's adds 397 kB (derockdev's rests on Stencil 3).
 */

/** Discord docs: Component Reference. */
export const componentTypes = {
  row: 1,
  button: 2,
  textInput: 4,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  shownFile: 13,
  separator: 14,
  container: 17,
  label: 18,
  file: 19,
  radio: 21,
  checkboxes: 22,
  checkbox: 23,
} as const;

export const selectTypes: readonly number[] = [3, 5, 6, 7, 8];

/** The buttons and selects below a message. */
export function MessageComponents({ message }: { readonly message: Message }) {
  const words = useWords();
  const failed = useSeen(({ pending }) =>
    Object.values(pending).some((each) => each.messageId === message.id && each.failed),
  );
  if (message.components.length === 0) return null;
  return (
    <div class="components">
      {message.components.map((component, index) => (
        <Part key={component.id ?? index} component={component} message={message} />
      ))}
      {failed && (
        <p class="failed-line" role="status">
          <Icon name="warning" /> {words.interactionFailed}
        </p>
      )}
    </div>
  );
}

interface PartProps {
  readonly component: Component;
  readonly message: Message;
}

function Part({ component, message }: PartProps) {
  const { type, content } = component;
  if (selectTypes.includes(type)) return <Choose component={component} message={message} />;
  switch (type) {
    case componentTypes.button:
      return <Button component={component} message={message} />;
    case componentTypes.text:
      return (
        <div class="component-text">
          <Markdown source={content ?? ''} />
        </div>
      );
    case componentTypes.gallery:
      return <MediaGallery component={component} />;
    case componentTypes.thumbnail:
      return <Thumbnail component={component} />;
    case componentTypes.shownFile:
      return <FileComponent component={component} />;
    case componentTypes.separator:
      return <Separator component={component} />;
    case componentTypes.container:
      return <Container component={component} message={message} />;
    case componentTypes.section:
      return <Section component={component} message={message} />;
    default:
      return (
        <div class={type === componentTypes.row ? 'component-row' : 'component-part'}>
          <Parts components={component.components} message={message} />
        </div>
      );
  }
}

function Parts({ components, message }: { components: Component['components']; message: Message }) {
  return (components ?? []).map((each, index) => (
    <Part key={each.id ?? index} component={each} message={message} />
  ));
}

/** Text with a picture or a button beside it. */
function Section({ component: { components, accessory }, message }: PartProps) {
  return (
    <div class="component-section">
      <div class="component-part">
        <Parts components={components} message={message} />
      </div>
      {accessory && <Part component={accessory} message={message} />}
    </div>
  );
}

/** A box, with a stripe if it has a colour; a spoiler is uncovered first. */
function Container({ component, message }: PartProps) {
  const words = useWords();
  const { components, accent_color: accent, spoiler } = component;
  const [isHidden, setHidden] = useState(spoiler ?? false);
  const stripe = accent === undefined || accent === null ? undefined : accent.toString(16).padStart(6, '0');
  return (
    <div
      class={`component-container ${stripe ? 'component-accent' : ''}`}
      style={stripe ? { borderInlineStartColor: `#${stripe}` } : undefined}
    >
      <div class={isHidden ? 'component-part component-covered' : 'component-part'} inert={isHidden}>
        <Parts components={components} message={message} />
      </div>
      {isHidden && (
        <button type="button" class="component-cover" onClick={() => setHidden(false)}>
          <span class="spoiler-word">{words.spoiler}</span>
        </button>
      )}
    </div>
  );
}

function Separator({ component: { divider, spacing } }: { readonly component: Component }) {
  const looks = ['component-separator', spacing === 2 ? 'component-separator-large' : ''];
  return <hr class={[...looks, divider === false ? 'component-separator-bare' : ''].join(' ')} />;
}

/** Discord docs: Button Object, "Button Styles". */
const looks = ['', 'primary', 'secondary', 'success', 'danger'];

function Button({ component, message }: PartProps) {
  const client = useClient();
  const { custom_id: id, label, style, url, disabled } = component;
  const isWaiting = useSeen(({ pending }) =>
    Object.values(pending).some(
      (each) => each.messageId === message.id && each.customId === id && !each.failed,
    ),
  );
  if (url)
    return (
      <Address look="button button-secondary" target={url}>
        {label} <Icon name="external" />
      </Address>
    );
  const press = (): void => {
    const mark = { name: label ?? '', messageId: message.id, customId: id ?? '' };
    void client.begin(api.press(client.userContext(), message.id, id ?? ''), mark);
  };
  return (
    <button
      type="button"
      class={`button button-${looks[style ?? 2] ?? 'secondary'}`}
      disabled={disabled ?? false}
      aria-busy={isWaiting}
      onClick={press}
    >
      {isWaiting ? (
        <>
          <Dots />
          <span class="unseen">{label}</span>
        </>
      ) : (
        label
      )}
    </button>
  );
}

function Choose({ component, message }: PartProps) {
  const client = useClient();
  const id = component.custom_id ?? '';
  const choose = (values: readonly string[]): void => {
    const mark = { name: id, messageId: message.id, customId: id };
    void client.begin(api.select(client.userContext(), message.id, id, values), mark);
  };
  return <Select component={component} onChange={choose} label={component.placeholder ?? undefined} />;
}
