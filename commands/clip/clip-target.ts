import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { formatChosen } from '../../src/discord/input/inline-options.js';
import type { Draft } from '../../src/discord/interactions/modal-drafts.js';
import { UserError } from '../../src/errors.js';
import type { Extension, SourceClip, SourceImage, VideoRequest } from '../../src/mps/generation-request.js';
import { clipSeconds, extensionOf } from '../../src/tasks/model/clip-length.js';
import type { Task } from '../../src/tasks/model/task.js';
import { given } from '../shared/option-readers.js';

/** A clip that a user points at: a file in a message, a result, or both. */
export interface ClipTarget {
  readonly file?: SourceImage | undefined;
  /** Whose result it is. */
  readonly task?: Task | undefined;
}

/**
 * The clip as MPS gets it.
 * @throws UserError if there is none.
 */
export function clipIn({ file, task }: ClipTarget, refer: SourceClip['refer']): SourceClip {
  const source = file ?? (task && linkedFile(task));
  if (!source) throw new UserError({ key: 'error.noClip' });
  const { type: _guessed, ...clip } = source;
  return { ...clip, refer, ...(task && isVideo(task) && { seconds: clipSeconds(task) }) };
}

/** A result that was too large for Discord is still where MPS put it, for a while. */
function linkedFile({ id, results }: Task): SourceImage | undefined {
  const [url] = results?.urls ?? [];
  if (!results || url === undefined) return undefined;
  return { url, name: 'clip.mp4', made: { by: id, ...given({ until: results.linksExpireAt }) } };
}

function isVideo({ request }: Task): boolean {
  return request.kind === 'video';
}

/** What the new part is joined to. @throws UserError if there is nothing, or no room. */
export function beforeIn({ file, task }: ClipTarget, { config }: Offer): Extension {
  const max = config.video.extendMaxSeconds;
  if (max === undefined) throw new UserError({ key: 'error.extend.off' });
  if (!task || !isVideo(task)) {
    if (!file) throw new UserError({ key: 'error.noClip' });
    return { clip: clipIn({ file }, 'base') };
  }
  const before = extensionOf(task);
  const seconds = Math.round(before.seconds ?? 0);
  if (seconds >= max) throw new UserError({ key: 'error.extend.full', params: { seconds, max } });
  return before;
}

/** Whether a clip can still grow here. */
export function canExtend({ task }: ClipTarget, { config }: Offer): boolean {
  const max = config.video.extendMaxSeconds;
  if (max === undefined) return false;
  return !task || !isVideo(task) || Math.round(clipSeconds(task)) < max;
}

/** @throws UserError if no model takes a clip here. */
export function requireClipModel({ catalogue }: Offer): void {
  if (!catalogue.list('video').some(({ clips }) => clips)) throw new UserError({ key: 'error.clip.noModel' });
}

/** A form that asks what should change in a clip. @throws UserError if it can't be changed */
export function changeDraft(target: ClipTarget, offer: Offer): Draft {
  requireClipModel(offer);
  return { kind: 'video', pictures: [], clips: [clipIn(target, 'base')], filled: { prompt: '' } };
}

/** A form that asks what happens next. @throws UserError if it can't be extended */
export function extendDraft(target: ClipTarget, offer: Offer): Draft {
  const like = likeBefore(target, offer);
  const filled = {
    prompt: '',
    ...given({ model: like.model }),
    options: formatChosen(given({ resolution: like.resolution })),
  };
  return { kind: 'video', pictures: [], extends: beforeIn(target, offer), filled };
}

/** The model and resolution that the clip was made with, as far as they are still available. */
export function likeBefore(
  { task }: ClipTarget,
  { catalogue }: Offer,
): { readonly model?: string; readonly resolution?: string } {
  const before: VideoRequest | undefined = task?.request.kind === 'video' ? task.request : undefined;
  const model = before && catalogue.find('video', before.model);
  if (!before || !model) return {};
  const { resolution } = before;
  return { model: model.id, ...(resolution && model.resolutions.includes(resolution) && { resolution }) };
}
