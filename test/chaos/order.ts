/** What somebody asked for: one file. An order of a picture and a clip of it counts as two. */
export interface Order {
  /** The asking event's id; a task's id begins with it. */
  readonly id: string;
  readonly part: 1 | 2;
  readonly kind: 'image' | 'video';
  readonly person: string;
  readonly userId: string;
  /** No other order has it, but one that repeats it. */
  readonly prompt: string;
  /** Where it was asked for: the channel's id. */
  readonly channelId: string;
  /** By a message rather than an interaction: no "thinking…" shows that it was taken. */
  readonly byMessage: boolean;
  /** ms since the epoch. */
  readonly at: number;
  /** Nobody else may see what becomes of it. */
  readonly secret: boolean;
  /** The answer's token dies on the way. */
  readonly cutOff: boolean;
  /** Its asker presses Cancel as soon as they can. */
  readonly calledOff: boolean;
}
