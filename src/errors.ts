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

type Words = Pick<Sentence, 'key' | 'params'>;

/** A button below a sentence. What is filled into its label is none of the user's words. */
export interface Action {
  readonly customId: string;
  readonly label: Words & {
    /** Filled in as `values`, as a list. */
    readonly values?: readonly (string | Words)[];
  };
}

/**
 * Something a user can put right, named by the sentences that tell them so. It is put into words at the edge
 * (discord/dispatch), in that user's language; nothing about it is a defect, so it is not logged as one.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly sentences: readonly Sentence[];
  /** Buttons that put it right. */
  readonly actions: readonly Action[];

  constructor(
    sentences: Sentence | readonly Sentence[],
    { actions = [], ...options }: ErrorOptions & { readonly actions?: readonly Action[] } = {},
  ) {
    const all = 'key' in sentences ? [sentences] : sentences;
    super(all.map(({ key }) => key).join(', '), options);
    this.sentences = all;
    this.actions = actions;
  }
}
