import type { FailureReason } from './task.js';

type Known = Exclude<FailureReason, `quota.${string}`>;

/** Reasons as a list tells them, in a few words: each has a text `tasks.reason.<short>`. */
const shortReasons = {
  interrupted: 'restarted',
  credentials: 'setup',
  inactive: 'setup',
  clock: 'setup',
  moderation: 'moderation',
  'moderation.result': 'moderation',
  rejected: 'options',
  withdrawn: 'options',
  'rejected.named': 'options',
  exhausted: 'exhausted',
  arrears: 'arrears',
  unavailable: 'unavailable',
  unreachable: 'unavailable',
  uncertain: 'uncertain',
  unsuccessful: 'unsuccessful',
  'unsuccessful.shape': 'options',
  'unsuccessful.words': 'words',
  'unsuccessful.source': 'picture',
  'unsuccessful.fetch': 'pictureFetch',
  empty: 'empty',
  overdue: 'overdue',
  expired: 'expired',
  misresolved: 'download',
  forbidden: 'download',
  unreadable: 'download',
  tooLarge: 'tooLarge',
  'source.unreachable': 'pictureFetch',
  'source.type': 'picture',
  'source.lottie': 'picture',
  'source.broken': 'picture',
  'source.size': 'pictureLarge',
  'source.pixels': 'pictureLarge',
  'source.small': 'pictureSmall',
  'source.heavy': 'pictureLarge',
  'source.crowded': 'crowded',
  'source.unavailable': 'pictureFetch',
  'source.address': 'picture',
  'source.hosting': 'pictureFetch',
  'source.refused': 'picture',
  'source.sound.unfit': 'sound',
  'source.sound.unreachable': 'sound',
  'source.clip.unreachable': 'clipFetch',
  'source.clip.address': 'clip',
  'source.clip.crowded': 'crowded',
  'source.clip.hosting': 'clipFetch',
  'source.clip.refused': 'clip',
  'source.clip.type': 'clip',
  'source.clip.unknown': 'clip',
  'source.clip.broken': 'clip',
  'source.clip.external': 'clip',
  'source.clip.pictureless': 'clip',
  'source.clip.size': 'clipLarge',
  'source.clip.short': 'clipLength',
  'source.clip.long': 'clipLength',
  'source.clip.pixels': 'clip',
  'source.clip.unconverted': 'clip',
  'source.clip.heavy': 'clipLarge',
  'source.clip.bucket': 'clipLarge',
  'extends.gone': 'continued',
  'extends.broken': 'continued',
  'extends.unavailable': 'continued',
  'extends.tooLong': 'continued',
  unanswered: 'unanswered',
  unpostable: 'unpostable',
  words: 'blocked',
  blocked: 'moderators',
  internal: 'internal',
} as const satisfies Record<Known, string>;

export type ShortReason = (typeof shortReasons)[Known] | 'quota';

/** A reason in short. */
export function shortReason(reason: FailureReason): ShortReason {
  return isKnown(reason) ? shortReasons[reason] : 'quota';
}

function isKnown(reason: FailureReason): reason is Known {
  return reason in shortReasons;
}
