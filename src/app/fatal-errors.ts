/** Discord will not have the bot back: the token was reset, an intent was withdrawn … */
export class GatewayClosedError extends Error {
  override readonly name = 'GatewayClosedError';
  readonly code: number;
  constructor(code: number) {
    super(`Discord closed the gateway for good (${code}).`);
    this.code = code;
  }
}

/** Another process has taken this one's shards, as may happen to one that was not heard of for a while. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor() {
    super('Another process holds the shards of this one.');
  }
}

/** Another process works on the same store. */
export class StoreTakenError extends Error {
  override readonly name = 'StoreTakenError';
}
