import type { FetchedFile } from '../../media/files.js';
import type { Spool } from '../../media/storage/spool.js';

/** Bytes reserved for metadata in a resized file: mainly a prompt in XML. */
export const roomForNotes = 16_384;

/** Files that were made of results: all that is, or may be, in the spool for a task, whole or not. */
export type Paths = Set<string>;

export type MadeFiles = ReturnType<typeof createMadeFiles>;

/** Makes new files in place of ones of ours. */
export function createMadeFiles(spool: Pick<Spool, 'newPath' | 'hold' | 'remove'>) {
  async function drop(paths: Paths, gone: readonly string[]): Promise<void> {
    await spool.remove(gone);
    for (const path of gone) paths.delete(path);
  }

  /**
   * A step that replaces one of our files with a new one and deletes the old one.
   * @throws SpoolFullError
   */
  async function replace(
    before: FetchedFile,
    paths: Paths,
    make: (to: string) => Promise<FetchedFile | undefined>,
  ): Promise<FetchedFile> {
    const to = spool.newPath();
    // Before it starts: a full disk leaves half a file.
    paths.add(to);
    const room = await spool.hold(before.bytes + roomForNotes);
    const after = await make(to).finally(() => room.leave());
    if (!after) return before;
    if (paths.has(before.path)) await drop(paths, [before.path]);
    return after;
  }

  return { drop, replace };
}
