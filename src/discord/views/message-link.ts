import type { Task } from '../../tasks/model/task.js';

/**
 * The address of the message with a task's result, which Discord shows as the name of its channel. It lives as long as
 * the message; a link to the file itself is signed and expires within a day (docs/discord-notes.md#files). Undefined if
 * others can't see one: it was not posted, was removed, or is private.
 */
export function jumpLink({ state, origin, removed }: Task): string | undefined {
  if (state.name !== 'delivered' || !state.posted.messageId || removed || origin.private) return undefined;
  const { channelId, messageId } = state.posted;
  const guild = state.route === 'direct' ? '@me' : (origin.guildId ?? '@me');
  return `https://discord.com/channels/${guild}/${channelId}/${messageId}`;
}
