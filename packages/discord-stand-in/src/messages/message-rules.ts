import type { FormIssue } from '../api-errors.js';
import type { Component, EmbedBody, MessageBody, ModalBody } from '../body-schemas.js';
import { buttonStyles, componentTypes, mediaOf, type Placed, selectTypes, walk } from './components.js';

/** Bits of a message's flags. Discord docs: Message Object, "Message Flags". */
export const messageFlags = {
  crossposted: 1 << 0,
  suppressEmbeds: 1 << 2,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  hasSnapshot: 1 << 14,
  componentsV2: 1 << 15,
} as const;

const v2Types: ReadonlySet<number> = new Set([
  componentTypes.section,
  componentTypes.textDisplay,
  componentTypes.thumbnail,
  componentTypes.mediaGallery,
  componentTypes.file,
  componentTypes.separator,
  componentTypes.container,
]);

/** Rules for a message beyond its schema. `v2`: whether it has, or gets, the Components V2 flag. */
export function messageIssues(body: MessageBody, v2: boolean, filenames: readonly string[]): FormIssue[] {
  const components = walk(body.components ?? []);
  return [
    ...(characters(body.content) > 2000
      ? [issue(['content'], 'BASE_TYPE_MAX_LENGTH', 'Must be 2000 or fewer in length.')]
      : []),
    ...embedIssues(body.embeds ?? []),
    ...(v2 ? v2Issues(body, components) : v1Issues(body.components ?? [], components)),
    ...components.flatMap(({ component, path }) => partIssues(component, path)),
    ...duplicates(components),
    ...components.flatMap((placed) => mediaIssues(placed, filenames)),
  ];
}

/** Length as Discord counts it: code points. */
export function characters(text: string | null | undefined): number {
  return [...(text ?? '')].length;
}

function issue(path: FormIssue['path'], code: string, message: string): FormIssue {
  return { path, code, message };
}

/** Discord docs: Component Reference, "Unfurled Media Item"; a File shows attachments alone. */
function mediaIssues({ component, path }: Placed, filenames: readonly string[]): FormIssue[] {
  const schemes = component.type === componentTypes.file ? ['attachment'] : ['http', 'https', 'attachment'];
  return mediaOf(component).flatMap(({ url }) => {
    const [, scheme = '', rest = ''] = /^([a-z]*):\/\/(.*)$/s.exec(url) ?? [];
    if (!schemes.includes(scheme) || rest === '')
      return [issue(path, 'URL_TYPE_INVALID_SCHEME', `Scheme must be one of (${schemes.join(', ')}).`)];
    if (scheme !== 'attachment' || filenames.includes(rest)) return [];
    const code = 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND';
    return [issue(path, code, 'The referenced attachment was not found')];
  });
}

function embedIssues(embeds: readonly EmbedBody[]): FormIssue[] {
  const total = embeds.reduce((sum, embed) => sum + embedSize(embed), 0);
  return total > 6000
    ? [issue(['embeds'], 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000')]
    : [];
}

function embedSize({ title, description, footer, author, fields }: EmbedBody): number {
  const texts = [
    title,
    description,
    footer?.text,
    author?.name,
    ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
  ];
  return texts.reduce((sum, text) => sum + characters(text), 0);
}

function v2Issues(body: MessageBody, components: readonly Placed[]): FormIssue[] {
  const found: FormIssue[] = [];
  const forbidden: [string, boolean][] = [
    ['content', Boolean(body.content)],
    ['embeds', (body.embeds?.length ?? 0) > 0],
    ['poll', Boolean(body.poll)],
    ['sticker_ids', (body.sticker_ids?.length ?? 0) > 0],
  ];
  for (const [field, used] of forbidden)
    if (used)
      found.push(
        issue(
          [field],
          'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
          `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
        ),
      );
  if (components.length > 40)
    found.push(
      issue(['components'], 'BASE_TYPE_BAD_LENGTH', 'The total number of components must be 40 or fewer.'),
    );
  const text = components.reduce(
    (sum, { component }) =>
      sum + (component.type === componentTypes.textDisplay ? characters(component.content) : 0),
    0,
  );
  if (text > 4000)
    found.push(
      issue(
        ['components'],
        'COMPONENT_MAX_TOTAL_TEXT_SIZE_EXCEEDED',
        'The displayable text of components exceeds 4000',
      ),
    );
  return found;
}

function v1Issues(top: readonly Component[], components: readonly Placed[]): FormIssue[] {
  const found = components
    .filter(({ component }) => v2Types.has(component.type))
    .map(({ path }) => issue([...path, 'type'], 'BASE_TYPE_CHOICES', 'Value must be one of {1}.'));
  if (top.length > 5)
    found.push(issue(['components'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.'));
  return found;
}

function partIssues(component: Component, path: Placed['path']): FormIssue[] {
  if (component.type === componentTypes.button) return buttonIssues(component, path);
  if (selectTypes.has(component.type)) return selectIssues(component, path);
  if (component.type !== componentTypes.actionRow) return [];
  const parts = component.components ?? [];
  const selects = parts.filter(({ type }) => selectTypes.has(type)).length;
  return selects > 0 && parts.length > 1
    ? [
        issue(
          [...path, 'components'],
          'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
          'The specified component exceeds the maximum width',
        ),
      ]
    : [];
}

function buttonIssues(button: Component, path: Placed['path']): FormIssue[] {
  const found: FormIssue[] = [];
  const isLink = button.style === buttonStyles.link;
  const isPremium = button.style === buttonStyles.premium;
  if (isLink && (!button.url || button.custom_id))
    found.push(issue(path, 'BUTTON_COMPONENT_LINK_URL', 'A link button takes a url and no custom id'));
  if (!isLink && !isPremium && (!button.custom_id || button.url))
    found.push(
      issue([...path, 'custom_id'], 'BUTTON_COMPONENT_CUSTOM_ID_REQUIRED', 'A custom id is required'),
    );
  if (!isPremium && !button.label && !button.emoji)
    found.push(issue(path, 'BUTTON_COMPONENT_INVALID_LABEL', 'A button needs a label or an emoji'));
  return found;
}

function selectIssues(select: Component, path: Placed['path']): FormIssue[] {
  const found: FormIssue[] = [];
  const { options, min_values: min, max_values: max } = select;
  if (select.type === componentTypes.stringSelect && (!options || options.length === 0))
    found.push(issue([...path, 'options'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 25 in length.'));
  if ((min ?? 1) > (max ?? 1))
    found.push(issue([...path, 'min_values'], 'BASE_TYPE_MAX', 'Must not exceed max_values'));
  const values = (options ?? []).map(({ value }) => value);
  if (new Set(values).size !== values.length)
    found.push(
      issue(
        [...path, 'options'],
        'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
        'The specified option value is already used',
      ),
    );
  if ((options ?? []).filter((option) => option.default).length > (max ?? 1))
    found.push(issue([...path, 'options'], 'SELECT_COMPONENT_TOO_MANY_DEFAULTS', 'Too many default options'));
  return found;
}

function duplicates(components: readonly Placed[]): FormIssue[] {
  const seen = new Set<string>();
  return components.flatMap(({ component, path }) => {
    const id = component.custom_id;
    if (!id) return [];
    const again = seen.has(id);
    seen.add(id);
    return again
      ? [
          issue(
            [...path, 'custom_id'],
            'COMPONENT_CUSTOM_ID_DUPLICATED',
            'Component custom id cannot be duplicated',
          ),
        ]
      : [];
  });
}

/** Rules for a modal beyond its schema. Discord docs: Modal; Label. */
export function modalIssues(modal: ModalBody): FormIssue[] {
  const above = ['data', 'components'];
  const parts = walk(modal.components, above);
  const found = duplicates(parts);
  if (modal.components.length > 5)
    found.push(issue(above, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.'));
  for (const { component, path } of parts) {
    const { type, component: inner, components, value, min_length: min, max_length: max } = component;
    if (type === componentTypes.actionRow && components?.length !== 1)
      found.push(issue([...path, 'components'], 'BASE_TYPE_BAD_LENGTH', 'Must be 1 in length.'));
    if (type === componentTypes.label && inner?.type === componentTypes.textInput && inner.label)
      found.push(
        issue(
          [...path, 'component', 'label'],
          'COMPONENT_LABEL_NOT_ALLOWED',
          'A text input in a label has no label of its own',
        ),
      );
    if (type === componentTypes.textInput && (max ?? 4000) < 1)
      found.push(
        issue([...path, 'max_length'], 'NUMBER_TYPE_MIN', 'int value should be greater than or equal to 1.'),
      );
    if (type === componentTypes.textInput && (min ?? 0) > (max ?? 4000))
      found.push(issue([...path, 'min_length'], 'BASE_TYPE_MAX', 'Must not exceed max_length'));
    if (type === componentTypes.textInput && characters(value) > (max ?? 4000))
      found.push(
        issue([...path, 'value'], 'BASE_TYPE_MAX_LENGTH', `Must be ${max ?? 4000} or fewer in length.`),
      );
    if (selectTypes.has(type)) found.push(...selectIssues(component, path));
  }
  return found;
}
