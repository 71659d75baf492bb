/**
 * What a file seems to be: an image; possibly one (no usable type); a video or sound; a sticker that Discord draws
 * itself; or something else that isn't text.
 */
export type MediaSort = 'picture' | 'perhaps' | 'clip' | 'lottie' | 'useless';

const pictureName = /\.(png|apng|jpe?g|jfif|webp|gif|avif|hei[cf])$/i;
const clipName = /\.(mp4|m4v|mov|webm|mkv|avi|mp3|m4a|wav|ogg|opus|flac)$/i;
/** Types that only say "bytes". */
const silentType = /^(?:|(?:application|binary)\/(?:octet-stream|binary|x-binary|unknown))$/;
/** Files pasted with a prompt: long messages become message.txt. */
const textType = /^(?:text\/|application\/(?:json|xml|yaml)$)/;

const movingName = /\.(mp4|m4v|mov|webm|mkv|avi)$/i;

/** Whether what seems to be a clip or a sound is a clip. */
export function isMoving(name: string, contentType: string | null | undefined): boolean {
  const type = (contentType ?? '').trim().toLowerCase();
  return type.startsWith('video/') || (movingName.test(name) && !type.startsWith('audio/'));
}

/** Names of copies in a moderators' channel: no file that is made from a prompt has an underscore in its name. */
export const copyNames = { review: 'for_review', report: 'for_report' } as const;

/** True of a copy that only moderators may see: nothing is made from it. */
export function isModeratorsCopy(name: string): boolean {
  return /^(?:SPOILER_)?for_(?:review|report)-\d+\./.test(name);
}

/**
 * Discord's type of a file is guessed from its name and may be missing or unspecific (docs/discord-notes.md#files), so a
 * telling name counts as much.
 * @returns undefined for text, which shows nothing.
 */
export function sortOf(name: string, contentType: string | null | undefined): MediaSort | undefined {
  if (isModeratorsCopy(name)) return 'useless';
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type.startsWith('image/') || pictureName.test(name)) return 'picture';
  if (/^(?:video|audio)\//.test(type) || clipName.test(name)) return 'clip';
  if (textType.test(type) || /\.(txt|md|json|csv|log)$/i.test(name)) return undefined;
  return silentType.test(type) ? 'perhaps' : 'useless';
}
