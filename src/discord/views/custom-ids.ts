import type { TaskId } from '../../tasks/model/task.js';

/**
 * What a button or select does; `order` is a form, with the id of the event that opened it. Under the message of a set:
 * - the id of its lead (part 1) with again, edit, cancel, release and delete means the whole set; below the question of
 *   release, part 0 means the whole set, for quiet and discard, and its select names one part;
 * - `pick` is a select of the lead whose value is a result's number in the message, from 1: the clips chained to a
 *   set's pictures are numbered after them. It answers with the buttons of that one result;
 * - `move` is such a select too, and animates the chosen picture as the set's `thenAnimate` says;
 * - `words` and `block` are forms of moderators; the id of `block` is that of the member;
 * - `erase` deletes one result, and its part is the result's number; it stands below the answer to `pick`;
 * - `approve` and `reject` decide about a result under review, `allow` and `refuse` about an order before its Create;
 *   `approveall` and `rejectall` about all results of its set that moderators were shown by then;
 * - `expel` deletes a reported result, `ban` blocks its user, `dismiss` closes the report;
 * - `style`, `ownstyle` and `house` are forms, with the id of the event that opened them; the part is the number of the
 *   style that is changed, 0 for a new one;
 * - `changeclip`, `extend` and `part` belong to one clip: its changed version, what goes on from it, and the new part of one
 *   that went on from another; `cut` orders with the first seconds of a clip that was too long;
 * - `retry` orders one failed part again, or a failed clip: the id is its own.
 */
export const verbs = [
  'again',
  'edit',
  'animate',
  'remix',
  'repaint',
  'upscale',
  'original',
  'details',
  'delete',
  'collect',
  'cancel',
  'release',
  'quiet',
  'discard',
  'order',
  'accept',
  'pick',
  'move',
  'retry',
  'erase',
  'words',
  'block',
  'changeclip',
  'extend',
  'part',
  'cut',
  ...(['approve', 'reject', 'allow', 'refuse', 'approveall', 'rejectall'] as const),
  ...(['expel', 'ban', 'dismiss'] as const),
  'style',
  'ownstyle',
  'house',
  'star',
] as const;
export type Verb = (typeof verbs)[number];

/** A button's customId: version, verb and task, well under Discord's 100 characters. */
export function customId(verb: Verb, id: TaskId): string {
  return `v1:${verb}:${id}`;
}

/** Parses a customId; undefined for another version or a foreign one. */
export function parseCustomId(text: string): { verb: Verb; id: TaskId } | undefined {
  const [, verb, event, part] = /^v1:([a-z]+):(\d{17,20}):(\d{1,3})$/.exec(text) ?? [];
  const known = verbs.find((one) => one === verb);
  return known && event ? { verb: known, id: `${event}:${Number(part)}` } : undefined;
}

/** Panels with selects and buttons that belong to no task: a guild's settings, a user's data, lists. */
export const panelIds = ['set', 'privacy', 'tasks', 'repeat', 'gallery', 'greeting'] as const;
export type PanelId = (typeof panelIds)[number];

/** The customId of a panel's control: `v1:set:image_model`. What it acts on is looked up when it is used. */
export function controlId(panel: PanelId, control: string): string {
  return `v1:${panel}:${control}`;
}

/**
 * The panel of a customId and its control, which the panel parses; undefined for another version or a foreign one.
 */
export function parseControlId(text: string): { panel: PanelId; control: string } | undefined {
  const [, name, control] = /^v1:([a-z]+):(.+)$/.exec(text) ?? [];
  const panel = panelIds.find((one) => one === name);
  return panel && control ? { panel, control } : undefined;
}
