import type { TextKey, TextParams } from './locales/index.js';

/** One sentence, named by its text and what is filled in. */
export interface Sentence {
  readonly key: TextKey;
  readonly params?: TextParams;
  /** Ids of channels and roles that it names: what is filled in as `channels` and `roles`, shown as Discord shows them. */
  readonly mentions?: {
    readonly channels?: readonly string[];
    readonly roles?: readonly string[];
  };
}

/**
 * Something a user can put right, named by the sentences that tell them so. It is put into words at the edge
 * (discord/dispatch), in that user's language; nothing about it is a defect, so it is not logged as one.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly sentences: readonly Sentence[];

  constructor(sentences: Sentence | readonly Sentence[], options?: ErrorOptions) {
    const all = 'key' in sentences ? [sentences] : sentences;
    super(all.map(({ key }) => key).join(', '), options);
    this.sentences = all;
  }
}
