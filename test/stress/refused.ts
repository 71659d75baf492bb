/** Requests that a client would refuse to send never reach the bot. */
export function isRefusedByClient(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'ClientRefusal';
}
