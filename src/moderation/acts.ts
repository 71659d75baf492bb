/**
 * What is put on record for the moderators of a server. A new act is added here, and gets a text
 * `moderation.act.<act>` in every language.
 */
export const acts = [
  /** A member was blocked, or pardoned. */
  'block',
  'pardon',
  /** The list of words was changed. */
  'words',
  'settings',
  /** A limit or an extra amount was changed. */
  'quota',
  /** An order was placed: who, words, price and link are read from its record whenever they are shown. */
  'order',
  /** An order was refused before it was persisted. */
  'refused',
  /** A result was deleted. */
  'deleted',
  /** All results of a member since a time were removed. */
  'removal',
  /** The log channel can't be written; once, until it can. */
  'silent',
  'review.approved',
  'review.rejected',
  /** Results wait for review, and the moderators' channel can't be used. */
  'review.unreachable',
  /** Results wait for review, because everyone can see the moderators' channel. */
  'review.public',
  'report.dismissed',
  'report',
  'presets',
  'showcase.removed',
] as const;
export type Act = (typeof acts)[number];

/** Acts whose author is a member rather than a moderator: deleted data takes the author's id from them, too. */
export const actsOfMembers: ReadonlySet<Act> = new Set<Act>(['order', 'refused', 'deleted', 'report']);
