import { type APIMessage, ComponentType } from 'discord.js';
import { parseCustomId, type Verb } from './custom-ids.js';

/** Buttons that only a progress card has. */
const onItsWay: ReadonlySet<Verb> = new Set<Verb>(['cancel', 'release']);

/**
 * True if a message is one of Easel's cards without a result yet: until then its attachments are source images for
 * MPS.
 */
export function isUnfinished({ components = [], attachments }: APIMessage): boolean {
  const verbs = components.flatMap((row) =>
    row.type === ComponentType.ActionRow ? row.components.map((one) => verbOf(one)) : [],
  );
  // The image of a chained order is there before its video.
  const isThere = attachments.some(({ filename }) => !filename.startsWith('source-'));
  return !isThere && verbs.some((verb) => verb !== undefined && onItsWay.has(verb));
}

function verbOf(part: object): Verb | undefined {
  const id = 'custom_id' in part ? part.custom_id : undefined;
  return typeof id === 'string' ? parseCustomId(id)?.verb : undefined;
}
