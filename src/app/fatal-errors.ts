/** Discord closed the connection permanently: the token was reset, an intent was withdrawn … */
export class GatewayClosedError extends Error {
  override readonly name = 'GatewayClosedError';
  readonly code: number;
  constructor(code: number) {
    super(`Discord closed the gateway permanently (${code}).`);
    this.code = code;
  }
}

/** Another process has taken over this one's shards, because it had not been heard from for too long. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor() {
    super('Another process holds the shards of this one.');
  }
}

/** Another process uses the same store. */
export class StoreTakenError extends Error {
  override readonly name = 'StoreTakenError';
}
