/** The token route to the user closes. */
export interface CutOff {
  /** When it did, ms since the epoch; undefined until then. */
  at: number | undefined;
}

/** An order of one file. An order of a picture and a follow-up clip counts as two. */
export interface Order {
  /** The asking event's id; a task's id begins with it. */
  readonly id: string;
  readonly part: 1 | 101;
  readonly kind: 'image' | 'video';
  readonly person: string;
  readonly userId: string;
  /** Only an order that repeats it has the same. */
  readonly prompt: string;
  /** The channel's id. */
  readonly channelId: string;
  /** By a message rather than an interaction: no "thinking…" shows that it was taken. */
  readonly byMessage: boolean;
  /** ms since the epoch. */
  readonly at: number;
  /** Its outcome must be visible to no one else. */
  readonly secret: boolean;
  /** The answer's token expires midway. */
  readonly cutOff: CutOff | undefined;
  /** What its user does once it is in progress: cancels a waiting task, or dismisses a running one. */
  readonly wish: 'callOff' | 'letGo' | undefined;
}
