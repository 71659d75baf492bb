import sharp from 'sharp';
import type { TaskRequest } from './task-request.js';
import type { Frames } from './tasks.js';

/** Pixels that the longer side of a kept frame has at most. */
const longestSide = 1920;

/** Keeps the pictures that a clip is made of as they arrive. */
export function createFrames({ params }: TaskRequest & { readonly kind: 'video' }): {
  readonly frames: Frames;
  keep(url: string, bytes: Buffer): Promise<void>;
} {
  const frames: Frames = {};
  const roles = [
    ['first', params.ImageUrl],
    ['last', params.LastImageUrl],
    ['reference', params.ImageInfos?.[0]?.ImageUrl],
  ] as const;
  return {
    frames,
    async keep(url, bytes) {
      const role = roles.find(([, wanted]) => wanted === url)?.[0];
      if (role === undefined) return;
      const image = sharp(bytes)
        .rotate()
        .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true });
      const { data, info } = await image.png({ compressionLevel: 1 }).toBuffer({ resolveWithObject: true });
      const frame = { bytes: data, width: info.width, height: info.height };
      // The same picture may be both ends.
      for (const [each, wanted] of roles) if (wanted === url) frames[each] = frame;
    },
  };
}
