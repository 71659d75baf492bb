import type { TextParams } from '../../locales/index.js';
import type { LimitKey } from '../../quota/measures.js';

/** Why a task ended without a result; each has a text `failure.<reason>`. */
export const failureReasons = [
  'interrupted',
  'credentials',
  /** MPS is not switched on for the operator's account. */
  'inactive',
  'clock',
  'moderation',
  /** The same for the finished result: minutes later, from the message of a failed task. */
  'moderation.result',
  'rejected',
  /** The catalogue no longer accepts the request. */
  'withdrawn',
  /** The same, if MPS named the rejected parameter. */
  'rejected.named',
  'exhausted',
  'arrears',
  'unavailable',
  'unreachable',
  'uncertain',
  /** MPS reported the task as failed; another try may succeed. */
  'unsuccessful',
  /** MPS reported it as failed because of the request. */
  'unsuccessful.shape',
  'unsuccessful.words',
  /** Because of a source image: its size, or that MPS could not fetch it. */
  'unsuccessful.source',
  'unsuccessful.fetch',
  'empty',
  'overdue',
  'expired',
  /** This machine resolved the result's host to a forbidden address until the link died. */
  'misresolved',
  /** The result's link leads to a forbidden address. */
  'forbidden',
  'unreadable',
  'tooLarge',
  'source.unreachable',
  'source.type',
  'source.lottie',
  'source.broken',
  'source.size',
  'source.pixels',
  'source.small',
  'source.heavy',
  'source.crowded',
  'source.unavailable',
  'source.address',
  'source.hosting',
  'source.refused',
  'source.sound.unfit',
  'source.sound.unreachable',
  'source.clip.unreachable',
  'source.clip.address',
  'source.clip.crowded',
  'source.clip.hosting',
  'source.clip.refused',
  'source.clip.type',
  'source.clip.unknown',
  'source.clip.broken',
  'source.clip.external',
  'source.clip.pictureless',
  'source.clip.size',
  'source.clip.short',
  'source.clip.long',
  'source.clip.pixels',
  'source.clip.unconverted',
  'source.clip.heavy',
  'source.clip.bucket',
  /** The clip that was to be continued is gone, can't be read, or would become too long. */
  'extends.gone',
  'extends.broken',
  'extends.unavailable',
  'extends.tooLong',
  'unanswered',
  /** Easel may not post where it was ordered: a locked thread, a missing permission. */
  'unpostable',
  /** Discord blocked the prompt on the first card; nothing was submitted. */
  'words',
  /** A moderator has blocked its user since it was ordered; nothing was submitted. */
  'blocked',
  'internal',
] as const;
export type FailureReason = (typeof failureReasons)[number] | `quota.${LimitKey}`;

export interface Failure {
  readonly reason: FailureReason;
  /** Parameters of the text `failure.<reason>`. */
  readonly params?: TextParams;
}
