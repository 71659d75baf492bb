import type { Log } from '../../../log.js';
import { ClipRefusedError, type ClipRule, type Clips } from '../../../media/clips/clip-types.js';
import type { Decoder } from '../../../media/decoding/decoder.js';
import type { FetchedFile, LocalFile } from '../../../media/files.js';
import { readClip } from '../../../media/formats/mp4-info.js';
import { carry } from '../../../media/metadata/metadata.js';
import { SourceError, type TakenSource } from '../../../media/sources/source-intake.js';
import type { Archive } from '../../../media/storage/archive.js';
import { hashOf } from '../../../media/storage/sha256.js';
import type { Spool } from '../../../media/storage/spool.js';
import { clipSourceRule, sourceRules } from '../../../mps/catalogue/model-rules.js';
import type { Extension } from '../../../mps/generation-request.js';
import type { Task, Unjoined, WholeClip } from '../../model/task.js';
import { type ClipFiles, type ClipFilesDeps, createClipFiles, type HeldClip } from './clip-files.js';
import { ExtensionError } from './extension-error.js';
import { createSharing } from './shared-clips.js';

/** Clips that go on from others: what they begin with, and how both become one. */
export interface Extending {
  /**
   * The last frame of the clip that a task continues, as an image for MPS, and the length of that clip in seconds.
   * @throws ExtensionError; SourceError if a user's clip can't be had; the signal's reason.
   */
  lastFrame(
    task: Task,
    options: { signal: AbortSignal },
  ): Promise<{ readonly image: TakenSource; readonly seconds: number | undefined }>;
  /**
   * Joins the new part to all before it. Never fails because of a file: the reason then goes with the part alone.
   * @throws the signal's reason.
   */
  join(
    task: Task,
    part: FetchedFile,
    options: { signal: AbortSignal },
  ): Promise<{ readonly file: FetchedFile; readonly whole: WholeClip } | { readonly whole: Unjoined }>;
  /**
   * A joined clip in the quality of its parts as MPS made them, however it was posted: as archived, else joined again,
   * once for all who ask at the same time. Never fails because of a file. @throws the signal's reason.
   */
  original(task: Task, options: { signal: AbortSignal }): Promise<HeldClip | Unjoined>;
}

export interface ExtendingDeps extends Omit<ClipFilesDeps, 'join' | 'remove' | 'archive'> {
  readonly clips: Clips;
  readonly decoder: Pick<Decoder, 'header' | 'convert'>;
  readonly spool: Pick<Spool, 'newPath' | 'remove'>;
  readonly archive?: Archive | undefined;
  readonly log: Log;
}

export function createExtending(deps: ExtendingDeps): Extending {
  const { clips, spool } = deps;
  const files = createClipFiles({
    ...deps,
    remove: (paths) => spool.remove(paths),
    join: (first, second, signal) => clips.join(first, second, { signal }),
  });
  return {
    lastFrame: (task, { signal }) => lastFrame(deps, files, extensionOf(task), signal),
    async join(task, part, { signal }) {
      try {
        return await join(deps, files, task, part, signal);
      } catch (error) {
        signal.throwIfAborted();
        deps.log.warn({ task: task.id, err: error }, 'a clip could not be joined to the one before it');
        return { whole: { missing: whyMissing(error) } };
      }
    },
    original: createSharing((task, { signal }) => original(deps, files, task, signal)),
  };
}

function whyMissing(error: unknown): Unjoined['missing'] {
  if (error instanceof SourceError) return 'gone';
  return error instanceof ClipRefusedError && error.refusal === 'unconverted' ? 'unavailable' : 'failed';
}

async function original(
  { log }: ExtendingDeps,
  files: ClipFiles,
  task: Task,
  signal: AbortSignal,
): Promise<HeldClip | Unjoined> {
  try {
    return (await files.originalWhole(task, signal)) ?? { missing: 'gone' };
  } catch (error) {
    signal.throwIfAborted();
    log.info({ task: task.id, err: error }, 'a joined clip could not be joined again');
    return { missing: whyMissing(error) };
  }
}

function extensionOf({ id, request }: Task): Extension {
  if (request.kind === 'video' && request.extends) return request.extends;
  throw new TypeError(`Task ${id} continues no clip.`);
}

async function lastFrame(
  { clips, spool, decoder, log }: ExtendingDeps,
  files: ClipFiles,
  before: Extension,
  signal: AbortSignal,
) {
  const held = await files.lastPartBefore(before, signal);
  if (!held) throw new ExtensionError('gone');
  try {
    if (before.clip) await requireLarge(held.file, clips);
    const frame = await clips.lastFrame(held.file, { signal });
    const image = await asSource(frame, { decoder, spool });
    return { image, seconds: before.seconds ?? (await readClip(held.file.path))?.seconds };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ClipRefusedError)) throw error;
    log.warn({ err: error }, 'the last frame of a clip could not be read');
    throw frameless(error, before);
  } finally {
    await held.release();
  }
}

/** The models take no first frame as small as that. @throws ClipRefusedError */
async function requireLarge(file: LocalFile, clips: Pick<Clips, 'inspect'>): Promise<void> {
  const verdict = await clips.inspect(file, frameRule);
  if (verdict.kind === 'refuse') throw new ClipRefusedError(verdict.refusal, verdict.params);
}

/** Whatever its length: only its last frame goes to MPS. */
const frameRule: ClipRule = {
  ...clipSourceRule,
  ...{ maxBytes: Number.POSITIVE_INFINITY, minSeconds: 0, maxSeconds: Number.POSITIVE_INFINITY },
};

/** Of a file that a user handed in, what is wrong with it and what to do about that; Easel's own clip is just broken. */
function frameless(error: ClipRefusedError, { clip }: Extension): ExtensionError | SourceError {
  const { refusal, params } = error;
  if (refusal === 'unconverted') return new ExtensionError('unavailable', { cause: error });
  if (!clip) return new ExtensionError('broken', { cause: error });
  return new SourceError(`clip.${refusal}`, { ...params, name: clip.name }, { cause: error });
}

/** The frame as MPS takes it: a PNG of 4K may be too large. It has to be hosted, like a converted upload. */
async function asSource(
  frame: LocalFile & { readonly type: 'image/png' },
  { decoder, spool }: Pick<ExtendingDeps, 'decoder' | 'spool'>,
): Promise<TakenSource> {
  const { maxBytes } = sourceRules.video;
  if (frame.bytes < maxBytes) return { ...frame, converted: true };
  const to = spool.newPath();
  try {
    const header = await decoder.header(frame.path);
    const made = header && (await decoder.convert(frame.path, to, { header, maxBytes }));
    if (!made) throw new ExtensionError('broken');
    return { path: to, ...made, converted: true };
  } catch (error) {
    await spool.remove([to]);
    throw error;
  } finally {
    await spool.remove([frame.path]);
  }
}

async function join(
  deps: ExtendingDeps,
  files: ClipFiles,
  task: Task,
  part: FetchedFile,
  signal: AbortSignal,
): ReturnType<Extending['join']> {
  const first = await files.wholeBefore(extensionOf(task), signal);
  if (!first) return { whole: { missing: 'gone' } };
  try {
    const made = await deps.clips.join(first.file, part, { signal });
    const file = await labelled(made, part, deps);
    const { sha256, bytes } = file;
    await deps.archive?.keep(task.id, [part, file]).catch((error: unknown) => {
      deps.log.error({ task: task.id, err: error }, 'a joined clip could not be put into ARCHIVE_DIR');
    });
    return { file, whole: { seconds: made.seconds, sha256, bytes } };
  } finally {
    await first.release();
  }
}

/** What MPS wrote into its part, the label of AI content above all, holds for the whole. */
async function labelled(
  made: LocalFile,
  part: LocalFile,
  { spool, log }: Pick<ExtendingDeps, 'spool' | 'log'>,
): Promise<FetchedFile> {
  const to = spool.newPath();
  const carried = await carry(part, made, to).catch((error: unknown) => {
    log.warn({ err: error }, 'what a clip says of itself could not be written into the joined one');
    return undefined;
  });
  await spool.remove([carried ? made.path : to]);
  return carried ?? { ...made, sha256: await hashOf(made.path) };
}
