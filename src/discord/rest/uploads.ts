import { openAsBlob } from 'node:fs';
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

/**
 * A multipart body that is read from disk while it is sent: discord.js's own way holds whole files in memory
 * (docs/discord-notes.md#files).
 */
async function multipart(body: UploadBody, files: readonly NamedFile[]): Promise<FormData> {
  const form = new FormData();
  const added = files.map(({ name, title, description }, id) => ({
    id,
    filename: name,
    ...(title !== undefined && { title }),
    ...(description && { description }),
  }));
  form.append('payload_json', JSON.stringify({ ...body, attachments: inOrder(body, files, added) }));
  for (const [index, { file, name }] of files.entries()) {
    form.append(`files[${index}]`, await openAsBlob(file.path, { type: file.type }), name);
  }
  return form;
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

/**
 * How a body with files is sent: read from disk meanwhile, and given up after a time that grows with its length. One that
 * was given up may have arrived.
 */
export async function upload(...[body, files]: Parameters<typeof multipart>) {
  const bytes = files.reduce((sum, { file }) => sum + file.bytes, 0);
  const signal = AbortSignal.timeout(patience.ms + Math.ceil(bytes / patience.bytesPerMs));
  return { body: await multipart(body, files), passThroughBody: true, signal } as const;
}
