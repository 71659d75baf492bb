import { describe, expect, it } from 'vitest';
import { type FailKind, failKindOf } from '../../../../src/mps/api/fail-kind.js';

/** docs: "the Message of a FAIL"; each with source images and without. */
const said: readonly [message: string | undefined, withImages: FailKind, without: FailKind][] = [
  ['Content moderation failed', 'moderation', 'moderation'],
  ['The result violates our terms', 'moderation', 'moderation'],
  ['InvalidParameter.VoilationContent', 'moderation', 'moderation'],
  ['sensitive words found', 'moderation', 'moderation'],
  ['blocked by policy: image download refused', 'moderation', 'moderation'],
  ['内容违规', 'moderation', 'moderation'],
  ['failed to download image', 'fetch', 'passing'],
  ['Fail to fetch the first frame: timeout', 'fetch', 'passing'],
  ['image url is not accessible', 'fetch', 'passing'],
  ['download failed: HTTP 403', 'fetch', 'passing'],
  ['failed while downloading', 'fetch', 'passing'],
  ['图片下载失败', 'fetch', 'passing'],
  ['Image pixel is invalid', 'source', 'shape'],
  ['image width must be at least 300', 'source', 'shape'],
  ['图片像素不足', 'source', 'shape'],
  ['Prompt is too long', 'words', 'words'],
  ['prompt exceeds the length of 2500', 'words', 'words'],
  ['提示词过长', 'words', 'words'],
  ['duration too long', 'shape', 'shape'],
  ['The model does not support this resolution', 'shape', 'shape'],
  ['only supports reference generation', 'shape', 'shape'],
  ['invalid param', 'shape', 'shape'],
  ['size must be one of 1024x1024', 'shape', 'shape'],
  ['FieldLacking', 'shape', 'shape'],
  ['Model not exist', 'shape', 'shape'],
  ['task fail', 'passing', 'passing'],
  ['ret:-2 upstream error', 'passing', 'passing'],
  ['', 'passing', 'passing'],
  [undefined, 'passing', 'passing'],
];

describe('the reason of a FAIL', () => {
  it.each(said)('"%s" is %s with source images, and %s without', (message, withImages, without) => {
    expect(failKindOf(message, true)).toBe(withImages);
    expect(failKindOf(message, false)).toBe(without);
  });

  it('is read from a message of any length', () => {
    expect(failKindOf('fetch '.repeat(500_000), true)).toBe('passing');
    expect(failKindOf('image '.repeat(500_000), true)).toBe('passing');
  });
});
