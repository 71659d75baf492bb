/** What Discord's own client would not let a user do, so that the bot never hears of it. */
export class ClientRefusal extends Error {
  override readonly name = 'ClientRefusal';
}
