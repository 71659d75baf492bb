import type { TextKey, TextParams } from './locales/index.js';

/**
 * Something a person can put right, named by the text that tells them so. It is put into words at the edge
 * (discord/dispatch), in that person's language; nothing about it is a defect, so it is not logged as one.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly key: TextKey;
  readonly params: TextParams;

  constructor(key: TextKey, params: TextParams = {}, options?: ErrorOptions) {
    super(key, options);
    this.key = key;
    this.params = params;
  }
}
