/** An action that Discord's own client would prevent, so that the bot never receives it. */
export class ClientRefusal extends Error {
  override readonly name = 'ClientRefusal';
}
