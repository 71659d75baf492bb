import type { APIAttachment, APIMessage } from 'discord.js';
import type { LocalFile } from '../../media/files.js';
import type { Task } from '../../tasks/model/task.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';
import type { NamedFile } from '../rest/uploads.js';

interface Deps {
  readonly fetch: (url: string, signal: AbortSignal) => Promise<LocalFile>;
  readonly discard: (files: readonly LocalFile[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * The files of a message with results, downloaded: a picture that a user handed in may hang on it, too.
 * @throws Error if one can't be downloaded; then nothing is left on disk.
 */
export async function resultsOf(
  { attachments }: APIMessage,
  { request }: Task,
  { fetch, discard, signal }: Deps,
): Promise<{ readonly files: readonly NamedFile[]; discard(): Promise<void> }> {
  const sources = new Set(sourcesOf(request).flatMap(({ hostedAs }) => hostedAs ?? []));
  const taken: LocalFile[] = [];
  const drop = () => discard(taken);
  try {
    const files: NamedFile[] = [];
    for (const attachment of attachments.filter(({ id }) => !sources.has(id))) {
      const file = await fetch(attachment.url, signal);
      taken.push(file);
      files.push(named(attachment, file));
    }
    return { files, discard: drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

function named({ filename, title, description }: APIAttachment, file: LocalFile): NamedFile {
  return { file, name: filename, ...(title != null && { title }), description: description ?? '' };
}
