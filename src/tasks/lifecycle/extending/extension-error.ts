/** A clip can't be continued; each reason has a text `failure.extends.<reason>`. */
export class ExtensionError extends Error {
  override readonly name = 'ExtensionError';
  readonly reason:
    | 'gone'
    /** Its last frame can't be read. */
    | 'broken'
    /** There is no ffmpeg any more. */
    | 'unavailable'
    /** With the new part it would be longer than clips may be here: `{whole, max}`. */
    | 'tooLong';
  readonly params: Readonly<Record<string, string | number>>;
  constructor(
    reason: ExtensionError['reason'],
    options?: ErrorOptions,
    params: ExtensionError['params'] = {},
  ) {
    super(`A clip can't be continued: ${reason}.`, options);
    this.reason = reason;
    this.params = params;
  }
}
