import type { AttachmentView, MessageView, ModalView } from '@easel/discord-stand-in';
import { fieldsOf } from '../actions/form-fields.js';
import { buttonsOf, type Names, plain, textOf } from '../actions/message-text.js';

/** Puts colour on text for a terminal, or leaves it alone. */
export interface Paint {
  dim(text: string): string;
  bold(text: string): string;
  accent(text: string): string;
  warn(text: string): string;
}

export function createPaint(isColoured: boolean): Paint {
  const paint =
    (on: number, off: number) =>
    (text: string): string =>
      isColoured ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  return { dim: paint(2, 22), bold: paint(1, 22), accent: paint(36, 39), warn: paint(33, 39) };
}

export interface Look {
  readonly paint: Paint;
  readonly names: () => Names;
}

/** A whole message, one line each: author, text, files with their paths, buttons. */
export function drawMessage(message: MessageView, saved: ReadonlyMap<string, string>, look: Look): string[] {
  const { paint } = look;
  const whom = message.ephemeral ? paint.dim(' (only you see this)') : '';
  return [
    `${paint.bold(paint.accent(message.author.username))}${whom}`,
    ...indented([
      ...drawText(message, look),
      ...message.attachments.map((file) => drawFile(file, saved.get(file.id), paint)),
      ...drawButtons(message, paint),
    ]),
  ];
}

/** The changes since, in a line that names the message; none if it reads the same. */
export function drawChange(before: MessageView, after: MessageView, look: Look): string[] {
  const had = new Set(textOf(before).split('\n'));
  const lines = textOf(after).split('\n');
  const news = lines.filter((line) => line !== '' && !had.has(line) && !line.startsWith('> '));
  if (news.length === 0) return [];
  const names = look.names();
  const about = lines.find((line) => line.startsWith('> '));
  const subject = about ? `${shortened(plain(about, names), 32)} · ` : '';
  return [look.paint.dim(`  … ${subject}${news.map((line) => plain(line, names)).join(' · ')}`)];
}

/** A form that opened, with its current values, and how to continue the line that opened it. */
export function drawForm(form: ModalView, line: string, { paint, names }: Look): string[] {
  const rows = fieldsOf(form).map(({ custom_id: id = '', value, options }) => {
    const filled = value ?? options?.find((option) => option.default)?.label ?? '';
    return `  ${paint.accent(`${id}:`)} ${plain(filled, names())}`.trimEnd();
  });
  return [
    paint.bold(form.title),
    ...rows,
    paint.dim(`  Send it on one line, with what is to be different: ${line} prompt:…`),
  ];
}

function drawText(message: MessageView, { paint, names }: Look): string[] {
  const text = textOf(message);
  if (text === '') return [];
  const known = names();
  return text.split('\n').map((line) => {
    const words = plain(line, known);
    if (line.startsWith('> ')) return `${paint.dim('│')} ${words}`;
    return line.startsWith('-# ') ? paint.dim(words) : words;
  });
}

function drawFile(
  { filename, size, width, height }: AttachmentView,
  path: string | undefined,
  paint: Paint,
): string {
  const facts = [...(width && height ? [`${width} × ${height}`] : []), bytes(size)].join(', ');
  return `${path ?? filename} ${paint.dim(`(${facts})`)}`;
}

function drawButtons(message: MessageView, paint: Paint): string[] {
  const buttons = buttonsOf(message).map(({ label, customId }) => paint.accent(`[ ${label || customId} ]`));
  return buttons.length > 0 ? [buttons.join(' ')] : [];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** 23,456 → "23 kB". */
export function bytes(size: number): string {
  if (size < 1_000) return size === 1 ? '1 byte' : `${size} bytes`;
  return size < 1_000_000 ? `${Math.round(size / 1_000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

function shortened(text: string, length: number): string {
  const letters = [...text];
  return letters.length > length
    ? `${letters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
    : text;
}
