/** Discord docs: Gateway, "List of Intents". */
export const intents = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  presences: 1 << 8,
  guildMessages: 1 << 9,
  guildMessageReactions: 1 << 10,
  directMessages: 1 << 12,
  directMessageReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

const numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 21, 24, 25];
const known = numbers.reduce((sum, bit) => sum | (1 << bit), 0);
const privileged = intents.guildMembers | intents.presences | intents.messageContent;

export type IntentFault = 'invalid' | 'disallowed';

/** Why a bot may not identify with these intents. `granted`: the privileged ones switched on for the application. */
export function intentFault(asked: unknown, granted: number): IntentFault | undefined {
  if (typeof asked !== 'number' || !Number.isInteger(asked) || asked < 0 || (asked & ~known) !== 0)
    return 'invalid';
  return (asked & privileged & ~granted) !== 0 ? 'disallowed' : undefined;
}
