import type { Choice, Component } from '../body-schemas.js';
import type { MessageView } from '../messages/message-view.js';

/** A modal as it opened. */
export interface ModalView {
  readonly customId: string;
  readonly title: string;
  readonly components: readonly Component[];
}

/** The first answer to an interaction. */
export interface Acknowledgement {
  /** Discord docs: "Interaction Callback Type". */
  readonly type: number;
  readonly afterMs: number;
  /** What it said then, if it was a message: later edits may say something else. */
  readonly text?: string | undefined;
}

/** An interaction as users see it. */
export interface InteractionView {
  readonly id: string;
  readonly type: number;
  readonly name: string | undefined;
  readonly userId: string;
  readonly channelId: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly acknowledged: Acknowledgement | undefined;
  readonly failed: boolean;
  readonly message: MessageView | undefined;
  readonly followUps: readonly MessageView[];
  readonly modal: ModalView | undefined;
  readonly choices: readonly Choice[] | undefined;
}
