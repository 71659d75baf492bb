import type { ImageParameters, VideoParameters } from '../api/parameter-schemas.js';

export type Kind = 'image' | 'video';

/** The request of a Create. */
export type TaskRequest =
  | { readonly kind: 'image'; readonly params: ImageParameters }
  | { readonly kind: 'video'; readonly params: VideoParameters };
