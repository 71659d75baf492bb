/** What a client would not send never reaches the bot. */
export function isRefusedByClient(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'ClientRefusal';
}
