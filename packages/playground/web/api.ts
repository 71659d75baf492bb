import type { Choice, Scene, Surroundings } from '../src/page/wire.js';

/** An action that the stand-in refused; the message has the reason. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** A file as the stand-in accepts it. */
export interface Upload {
  readonly filename: string;
  readonly base64: string;
}

/** A sticker, as a PNG. */
export interface StickerUpload {
  readonly name: string;
  readonly format: 'png';
  readonly base64: string;
}

export type OptionValue = string | number | boolean | Upload;
export type FieldValue = string | boolean | readonly string[] | readonly Upload[];

/** The acting user and the channel: ids. */
export interface UserContext {
  readonly user: string;
  readonly channel: string;
}

/** Requests the page's own server; resolves with the JSON. Throws Refusal with the refusing side's sentence. */
export async function ask<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch(() => undefined);
  if (!response) throw new Refusal('The playground does not answer. Is it still running in the terminal?');
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Refusal(answer?.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

const act = <T>(what: string, userContext: UserContext, more: object): Promise<T> =>
  ask(`/_control/${what}`, 'POST', { ...userContext, ...more });

/** An interaction that was started. */
interface Begun {
  readonly interaction: { readonly id: string };
}

/** The data and actions of a user's client. Everything throws Refusal. */
export const api = {
  surroundings: (user: string) => ask<Surroundings>(`/_page/surroundings?user=${encodeURIComponent(user)}`),
  scene: ({ user, channel }: UserContext) => ask<Scene>(`/_page/channels/${channel}?user=${user}`),
  command: (userContext: UserContext, name: string, options: Readonly<Record<string, OptionValue>>) =>
    act<Begun>('command', userContext, { name, options }),
  choices: (
    userContext: UserContext,
    name: string,
    options: Readonly<Record<string, OptionValue>>,
    focused: string,
  ) => act<{ choices: readonly Choice[] }>('autocomplete', userContext, { name, options, focused }),
  messageCommand: (userContext: UserContext, name: string, messageId: string) =>
    act<Begun>('message-command', userContext, { name, messageId }),
  press: (userContext: UserContext, messageId: string, button: string) =>
    act<Begun>('press', userContext, { messageId, button }),
  select: (userContext: UserContext, messageId: string, customId: string, values: readonly string[]) =>
    act<Begun>('select', userContext, { messageId, customId, values }),
  modal: (userContext: UserContext, interactionId: string, fields: Readonly<Record<string, FieldValue>>) =>
    act<Begun>('modal', userContext, { interactionId, fields }),
  send: (
    userContext: UserContext,
    text: string,
    more: {
      readonly replyTo?: string;
      readonly mentionReply?: boolean;
      readonly files?: readonly Upload[];
      readonly stickers?: readonly StickerUpload[];
    },
  ) => act<unknown>('send', userContext, { text, ...more }),
  forward: (userContext: UserContext, messageId: string) =>
    act<unknown>('forward', userContext, { messageId }),
  edit: (userContext: UserContext, messageId: string, text: string) =>
    act<unknown>('edit', userContext, { messageId, text }),
  remove: (userContext: UserContext, messageId: string) => act<unknown>('remove', userContext, { messageId }),
};

/** Reads a file that a user picked, dropped or pasted. */
export async function toUpload(file: File): Promise<Upload> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return { filename: file.name || 'image.png', base64: btoa(binary) };
}
