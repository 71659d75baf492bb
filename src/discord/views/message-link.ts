import { text } from '../../locales/index.js';
import { endsInWords } from '../../tasks/model/state-machine.js';
import type { Posted, Task } from '../../tasks/model/task.js';
import { isSeenByOthers } from '../../tasks/model/task-record.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';

/**
 * The address of the message with a task's result, which Discord shows as the name of its channel. It lives as long as
 * the message; a link to the file itself is signed and expires within a day (docs/discord-notes.md#files). Undefined if
 * others can't see one: it was not posted, was removed, or is private.
 */
export function jumpLink({ state, origin, removed }: Task): string | undefined {
  if (state.name !== 'delivered' || !state.posted.messageId || removed || origin.private) return undefined;
  return linkTo(state.posted, state.route === 'direct' ? undefined : origin.guildId);
}

/** The address of a message; without a guild it is in a direct message. */
export function linkTo({ channelId, messageId }: Posted, guildId: string | undefined): string {
  return `https://discord.com/channels/${guildId ?? '@me'}/${channelId}/${messageId}`;
}

/**
 * Who asked, where Discord doesn't show it, and a link to the message the order started from. Empty if only the user
 * sees the order, or there is nothing to say. The mention needs `allowed_mentions` that don't list it.
 */
export function creditLine(task: Task): string {
  const { origin, request, state } = task;
  const { locale, pressed, userId, guildId } = origin;
  if (origin.private || endsInWords(state)) return '';
  const source = pressed ? pressed.on : sourcesOf(request).find(({ from }) => from)?.from;
  const said = [
    ...(pressed && isSeenByOthers(origin) ? [text(locale, 'card.for', { user: `<@${userId}>` })] : []),
    ...(source ? [text(locale, 'card.from', { link: linkTo(source, guildId) })] : []),
  ];
  return said.length > 0 ? `-# ${said.join(' · ')}` : '';
}
