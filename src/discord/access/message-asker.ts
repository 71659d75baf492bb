import type { Message } from 'discord.js';

/** The parts of Easel's own message that say who ordered it. */
export type AskedMessage = Pick<Message, 'content' | 'interactionMetadata' | 'mentions'>;

/**
 * The user who ordered what one of Easel's messages shows, as the message itself says, for results without a record:
 * whose command or button it answers, whom it replies to, or whom its first line mentions. What users typed is escaped
 * (`escapeWords`), so that no mention in the content is theirs. Undefined if it doesn't say.
 */
export function askerIn({ content, interactionMetadata, mentions }: AskedMessage): string | undefined {
  if (interactionMetadata) return interactionMetadata.user.id;
  const first = /^<@(\d{17,20})>\n/.exec(content)?.[1];
  const { repliedUser } = mentions;
  return first ?? (repliedUser && !repliedUser.bot ? repliedUser.id : undefined);
}
