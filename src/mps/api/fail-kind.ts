/**
 * Why MPS ended a task as failed, as far as its Message tells: free text of the model behind MPS, mostly English
 * (docs: measured on the real MPS in 2026; nothing is billed then).
 * `moderation`: the words, an image or the finished result were refused. `shape`: the model does not do this combination.
 * `words`: the prompt is too long for it. `source`: it cannot use an image as it is. `fetch`: MPS could not fetch an image.
 * `passing`: anything else, which another try may not meet.
 */
export const failKinds = ['moderation', 'shape', 'words', 'source', 'fetch', 'passing'] as const;
export type FailKind = (typeof failKinds)[number];

const moderation = /moderat|v(?:io|oi)lat|sensitive|policy|nsfw|审核|违规|敏感/i;
const image = '(?:image|picture|photo|frame|reference)s?';
/** Getting an image failed, in either order of the words; bounded gaps keep the search linear. */
const fetching = [
  new RegExp(
    String.raw`(?:download|fetch|access|retriev|load)\w*\b.{0,40}?\b(?:${image}|url|link|resource|file)s?\b`,
    'i',
  ),
  new RegExp(
    String.raw`\b(?:${image}|url|link|resource)\b.{0,40}?(?:download|fetch|inaccessible|unreachable|not (?:be )?(?:access|reach|found))`,
    'i',
  ),
  // Only source images are downloaded for a task.
  /\b(?:download|fetch)\w*\b.{0,20}?\bfail|\bfail\w*\b.{0,20}?\b(?:download|fetch)/i,
  /下载|(?:图片|素材|链接).{0,12}(?:获取|访问|读取|无法打开)/,
];
const tooSmall = [
  /pixel|像素/i,
  new RegExp(
    String.raw`\b${image}\b.{0,30}?(?:\b(?:size|dimensions?|width|height|aspect|ratio|format)\b|too (?:small|large|big))`,
    'i',
  ),
];
const tooLong = /too long|exceeds?\b.{0,30}\b(?:length|characters)|过长|超长/i;
const aboutLength = /duration|seconds?\b|时长/i;
const shape =
  /\bnot support|unsupported|only supports?|invalid.?param|fieldlacking|not exist|must be|should be|不支持|参数/i;

/**
 * Reads a FAIL's Message. What it does not know counts as passing.
 * @param message undefined if MPS gave no reason.
 * @param hasImages whether the request had source images: without one, sizes are those of the result.
 */
export function failKindOf(message: string | undefined, hasImages: boolean): FailKind {
  const said = (message ?? '').slice(0, 2000);
  const matches = (pattern: RegExp) => pattern.test(said);
  if (matches(moderation)) return 'moderation';
  if (hasImages && fetching.some(matches)) return 'fetch';
  if (matches(tooLong)) return matches(aboutLength) ? 'shape' : 'words';
  if (tooSmall.some(matches)) return hasImages ? 'source' : 'shape';
  return matches(shape) ? 'shape' : 'passing';
}
