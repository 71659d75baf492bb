import type { ImageParameters, VideoParameters } from '../api/parameter-schemas.js';

export type Kind = 'image' | 'video';

/** What a Create asks for. */
export type TaskRequest =
  | { readonly kind: 'image'; readonly params: ImageParameters }
  | { readonly kind: 'video'; readonly params: VideoParameters };
