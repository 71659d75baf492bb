/** The token route to the user closes. */
export interface CutOff {
  /** When it did, ms since the epoch; undefined until then. */
  at: number | undefined;
}

/** What is ordered at once. */
export interface SetOrdered {
  /** Creates for each model. */
  readonly count: number;
  /** Catalogue ids, if several are compared. */
  readonly models?: readonly string[];
  /** The number of the picture that becomes a clip. */
  readonly pick?: number;
}

/** A file's place in a set. */
export interface InSet {
  /** How many Creates the set consists of, without a clip. */
  readonly parts: number;
  /** Its number in the message, from 1. */
  readonly number: number;
  /** The model that makes it, if several are compared. */
  readonly model?: string | undefined;
}

/** Whether a part is a clip that follows a picture: those of part 2 are numbered 2 and 102. */
export function isClipPart(part: number): boolean {
  return part > 100;
}

/** An order of one file. An order of a picture and a follow-up clip counts as two, a set as one for each of its files. */
export interface Order {
  /** The asking event's id; a task's id begins with it. */
  readonly id: string;
  /** The part in the task's id. */
  readonly part: number;
  readonly set?: InSet | undefined;
  readonly kind: 'image' | 'video';
  readonly person: string;
  readonly userId: string;
  /** Only an order that repeats it has the same, and the other parts of a set. */
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
