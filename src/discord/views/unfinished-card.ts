import { type APIMessage, ComponentType } from 'discord.js';
import { parseCustomId, type Verb } from './custom-ids.js';

/** Buttons that only a card on its way has. */
const onItsWay: ReadonlySet<Verb> = new Set<Verb>(['cancel', 'release']);

/**
 * Whether a message is a card of Easel's own whose image is still to come: what it holds until then are images on
 * their way to MPS.
 */
export function isUnfinished({ components = [], attachments }: APIMessage): boolean {
  const verbs = components.flatMap((row) =>
    row.type === ComponentType.ActionRow ? row.components.map((one) => verbOf(one)) : [],
  );
  // An image that is to move is there before its video.
  const isThere = attachments.some(({ filename }) => !filename.startsWith('source-'));
  return !isThere && verbs.some((verb) => verb !== undefined && onItsWay.has(verb));
}

function verbOf(part: object): Verb | undefined {
  const id = 'custom_id' in part ? part.custom_id : undefined;
  return typeof id === 'string' ? parseCustomId(id)?.verb : undefined;
}
