import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LocalFile } from '../../media/files.js';
import { minute } from '../../util/time.js';

/** ms for the answer to an upload, and the bytes that at least go out in each beyond that (1 Mbit/s). */
const patience = { ms: minute, bytesPerMs: 128 } as const;

/** A message's JSON; what an edit keeps of its files is listed. */
export type UploadBody = object & { readonly attachments?: readonly { readonly id: string }[] };

/** A file as it is to appear in a message. */
export interface NamedFile {
  readonly file: LocalFile;
  readonly name: string;
  /** What users are shown in place of the name, without its ending. */
  readonly title?: string | undefined;
  /** For screen readers, at most 1024 characters. */
  readonly description: string;
  /**
   * How many of the attachments that an edit keeps come before it.
   * @default all
   */
  readonly after?: number;
}

/** Bytes of files that are read first and sent in one piece: streams cost several times as much CPU. */
const smallBytes = 4 << 20;

/** A message that names its new files. */
function withFiles(body: UploadBody, files: readonly NamedFile[]): object {
  const added = files.map(({ name, title, description }, id) => ({
    id,
    filename: name,
    ...(title !== undefined && { title }),
    ...(description && { description }),
  }));
  return { ...body, attachments: inOrder(body, files, added) };
}

/**
 * A multipart body that is read from disk while it is sent: discord.js's own way holds whole files in memory
 * (docs/discord-notes.md#files).
 */
async function streamed(payload: string, files: readonly NamedFile[]) {
  const form = new FormData();
  form.append('payload_json', payload);
  for (const [index, { file, name }] of files.entries()) {
    const { content, path, type } = file;
    const blob = content ? new Blob([content], { type }) : await openAsBlob(path, { type });
    form.append(`files[${index}]`, blob, name);
  }
  return { body: form };
}

/** The same in one piece (RFC 7578; names are escaped as in the URL standard's "multipart/form-data encoding algorithm"). */
async function whole(payload: string, files: readonly NamedFile[]) {
  const boundary = `easel-${randomUUID()}`;
  const part = (of: string, type?: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${of}\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n`;
  const parts: (string | Buffer)[] = [part('name="payload_json"'), payload, '\r\n'];
  for (const [index, { file, name }] of files.entries()) {
    const of = `name="files[${index}]"; filename="${escaped(name)}"`;
    parts.push(part(of, file.type), file.content ?? (await readFile(file.path)), '\r\n');
  }
  parts.push(`--${boundary}--\r\n`);
  const body = Buffer.concat(parts.map((one) => (typeof one === 'string' ? Buffer.from(one) : one)));
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

const escapes: Readonly<Record<string, string>> = { '\n': '%0A', '\r': '%0D', '"': '%22' };

function escaped(name: string): string {
  return name.replace(/[\n\r"]/g, (one) => escapes[one] ?? '');
}

/** Each new attachment after as many kept ones as it says. */
function inOrder(
  { attachments = [] }: UploadBody,
  files: readonly NamedFile[],
  added: readonly object[],
): object[] {
  const kept = attachments.map((one, at) => ({ one: one as object, at }));
  const fresh = added.map((one, index) => ({ one, at: (files[index]?.after ?? kept.length) - 0.5 }));
  return [...kept, ...fresh].sort((a, b) => a.at - b.at).map(({ one }) => one);
}

/** What a request of a `REST` client is made of. */
export interface Upload {
  readonly body: FormData | Buffer;
  readonly headers?: Record<string, string>;
  readonly passThroughBody: true;
  readonly signal: AbortSignal;
}

/**
 * Sends a body with files: large ones are read from disk meanwhile, and it is given up after a time that grows with its
 * length. One that was given up may have arrived.
 *
 * @param send the request, with the method and the path that it needs.
 * @param within what the message is a part of; itself unless given.
 * @throws what `send` throws
 */
export async function upload<R>(
  body: UploadBody,
  files: readonly NamedFile[],
  send: (request: Upload) => Promise<R>,
  within = (message: object): object => message,
): Promise<R> {
  const bytes = files.reduce((sum, { file }) => sum + file.bytes, 0);
  const late = new AbortController();
  // Not `AbortSignal.timeout`: discord.js keeps its listener on a signal, so each would live for a minute, and then fire.
  const timer = setTimeout(() => late.abort(), patience.ms + Math.ceil(bytes / patience.bytesPerMs));
  try {
    const payload = JSON.stringify(within(withFiles(body, files)));
    const made = await (bytes <= smallBytes ? whole : streamed)(payload, files);
    return await send({ ...made, passThroughBody: true, signal: late.signal });
  } finally {
    clearTimeout(timer);
  }
}
