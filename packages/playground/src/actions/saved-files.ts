import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ClientRefusal, type MessageView, type Upload } from '@easel/discord-stand-in';
import { fromDisk } from './local-files.js';
import { resultsOf } from './outcomes.js';

/** A result file that was saved. */
export interface Arrival {
  readonly attachmentId: string;
  readonly messageId: string;
  /** Below the folder that --out names. */
  readonly path: string;
  readonly isPicture: boolean;
  readonly isClip: boolean;
}

/** Saves the bot's files, and remembers the last one. */
export interface Arrivals {
  /** Saves the results of a message, each once; returns their paths. */
  collect(message: MessageView): Promise<readonly Arrival[]>;
  /** Every file saved, oldest first. */
  all(): readonly Arrival[];
  /**
   * The file of a typed value: a path, or `last` for the last picture, or clip where one is asked for (`types`). Throws
   * ClientRefusal.
   */
  load(reference: string, types?: readonly string[]): Promise<Upload>;
}

export interface ArrivalsDeps {
  readonly folder: string;
  /** The bytes of a message's attachment. */
  readonly fetch: (messageId: string, index: number) => Promise<Uint8Array>;
}

export function createArrivals({ folder, fetch }: ArrivalsDeps): Arrivals {
  const saved: Arrival[] = [];
  const saving = new Map<string, Promise<Arrival>>();

  async function save(message: MessageView, index: number): Promise<Arrival> {
    const attachment = message.attachments[index];
    if (!attachment) throw new Error(`message ${message.id} has no attachment ${index}`);
    const path = await write(folder, attachment.filename, await fetch(message.id, index));
    const isPicture = attachment.contentType?.startsWith('image/') ?? false;
    const isClip = attachment.contentType?.startsWith('video/') ?? false;
    const arrival = { attachmentId: attachment.id, messageId: message.id, path, isPicture, isClip };
    saved.push(arrival);
    return arrival;
  }

  return {
    collect: (message) =>
      Promise.all(
        resultsOf(message).map((result) => {
          const known = saving.get(result.id);
          const work = known ?? save(message, message.attachments.indexOf(result));
          saving.set(result.id, work);
          return work;
        }),
      ),
    all: () => saved,
    async load(reference, types = []) {
      if (reference !== 'last') return fromDisk(reference);
      const wantsClip = types.includes('video');
      const last = saved.findLast(({ isPicture, isClip }) => (wantsClip ? isClip : isPicture));
      const what = wantsClip ? 'clip' : 'picture';
      if (!last) throw new ClientRefusal(`no ${what} has arrived yet that "last" could stand for`);
      return fromDisk(last.path);
    },
  };
}

/** Writes a file under its own name, or that name with a number: existing files stay. */
async function write(folder: string, filename: string, bytes: Uint8Array): Promise<string> {
  await mkdir(folder, { recursive: true });
  // A file's name is untrusted: it must not lead out of the folder.
  const safe = filename.replaceAll(/[/\\\p{Cc}]/gu, '_').replace(/^\.+/, '_') || 'file';
  const extension = extname(safe);
  const stem = safe.slice(0, safe.length - extension.length);
  for (let number = 1; ; number += 1) {
    const path = join(folder, number === 1 ? safe : `${stem}-${number}${extension}`);
    try {
      await writeFile(path, bytes, { flag: 'wx' });
      return path;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
