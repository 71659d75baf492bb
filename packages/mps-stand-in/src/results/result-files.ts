import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Content, contentAt, contentOf } from '@easel/stand-in-kit/object-store';
import PQueue from 'p-queue';
import type { VideoParameters } from '../api/parameter-schemas.js';
import { editedClip, madeSeconds } from '../tasks/input-clips.js';
import { type Frames, resultSizeOf, type Task } from '../tasks/tasks.js';
import { videoRules } from '../validation/video-models.js';
import { editClip } from './edited-clip.js';
import { drawPanorama, drawPicture } from './image-drawing.js';
import { makeClip } from './made-clip.js';
import { loadLettering } from './outline-font.js';
import { drawClip, labelled } from './video-file.js';

const cacheSize = 16;

export interface Results {
  /** The exact bytes of a task's file. @default 0, the first one */
  bytesOf(task: Task, index?: number): Promise<Buffer>;
  /** The same, to be sent piece by piece. */
  contentOf(task: Task, index: number): Promise<Content>;
}

/**
 * Result files, drawn when they are first asked for. Drawing is a pure function of the task, so that a file can be forgotten
 * and drawn again to the same bytes.
 */
export function createResults(): Results {
  const pencils = new PQueue({ concurrency: 2 });
  let lettering: ReturnType<typeof loadLettering> | undefined;
  const drawn = new Map<string, Promise<Buffer>>();

  function bytesOf(task: Task, index = 0): Promise<Buffer> {
    // Each file of a task is drawn as that of a task of its own would be.
    const id = index === 0 ? task.id : `${task.id}.${index + 1}`;
    const known = drawn.get(id);
    if (known) return known;
    const bytes = pencils.add(() => draw({ ...task, id }));
    drawn.set(id, bytes);
    const [oldest] = drawn.keys();
    if (drawn.size > cacheSize && oldest !== undefined) drawn.delete(oldest);
    return bytes;
  }

  async function draw(task: Task): Promise<Buffer> {
    if (task.file !== undefined) return readFile(task.file);
    if (task.request.kind === 'video')
      return (await editOf(task)) ?? (task.frames && (await makeOf(task, task.frames))) ?? drawClip(task);
    if (task.bytes !== undefined) return drawPanorama(task, task.bytes);
    lettering ??= loadLettering();
    return drawPicture(task, await lettering);
  }

  /** A clip of the frames that were given, or of a picture drawn from the words. */
  async function makeOf(task: Task, { first, last, reference }: Frames): Promise<Buffer | undefined> {
    lettering ??= loadLettering();
    const picture = first ?? (last ? undefined : reference);
    const clip = await makeClip({
      first: picture?.bytes ?? (await drawPicture(task, await lettering)),
      last: last?.bytes,
      size: resultSizeOf(task),
      seconds: madeSeconds(task.request, task.clips) ?? 5,
      hasSound: task.request.kind === 'video' && hasSound(task.request.params),
    });
    return clip && labelled(clip, task.id);
  }

  return {
    bytesOf,
    async contentOf(task, index) {
      if (task.file !== undefined) return contentAt(task.file);
      const bytes = await bytesOf(task, index);
      return contentOf(bytes, createHash('md5').update(bytes).digest('hex'));
    },
  };
}

/** The given clip in other colours, if the task edits one and its bytes are here. */
async function editOf(task: Task): Promise<Buffer | undefined> {
  const { request, clips } = task;
  if (request.kind !== 'video' || !clips) return undefined;
  const { bytes, hasSound: hadSound } = editedClip(request.params, clips) ?? {};
  const seconds = madeSeconds(request, clips);
  if (!bytes || seconds === undefined) return undefined;
  const keepsSound = hadSound === true && request.params.VideoInfos?.[0]?.KeepOriginalSound !== 'no';
  const clip = await editClip({ clip: bytes, size: resultSizeOf(task), seconds, keepsSound });
  return clip && labelled(clip, task.id);
}

/** Some models always add sound. */
function hasSound({ ModelName, ModelVersion, ExtraParameters }: VideoParameters): boolean {
  const rule = videoRules[`${ModelName} ${ModelVersion}`];
  return rule?.sound === 'always' || (ExtraParameters?.EnableAudio ?? false);
}

export function extensionOf({ request }: Pick<Task, 'request'>): string {
  return request.kind === 'video' ? 'mp4' : (request.params.ExtraParameters?.OutputFormat ?? 'png');
}

export function contentTypeOf(task: Pick<Task, 'request'>): string {
  return task.request.kind === 'video' ? 'video/mp4' : `image/${extensionOf(task)}`;
}
