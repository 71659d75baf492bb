import type { FetchedFile } from '../../media/files.js';
import type { Spool } from '../../media/storage/spool.js';

/** Room for what is written into a file that is made smaller, bytes: a prompt in XML, above all. */
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

  /** A step that gives a new file in place of one of ours; the one it was made from goes. @throws SpoolFullError */
  async function replace(
    before: FetchedFile,
    paths: Paths,
    make: (to: string) => Promise<FetchedFile | undefined>,
  ): Promise<FetchedFile> {
    const to = spool.newPath();
    // Before it is begun: a full disk leaves half a file.
    paths.add(to);
    const room = await spool.hold(before.bytes + roomForNotes);
    const after = await make(to).finally(() => room.leave());
    if (!after) return before;
    if (paths.has(before.path)) await drop(paths, [before.path]);
    return after;
  }

  return { drop, replace };
}
