import type { Heard } from '../../src/discord/input/mention.js';
import { isWithheld, picturesOf } from '../../src/discord/input/message-images.js';
import type { Mention } from '../../src/discord/services/mention-handler.js';
import { isUnfinished } from '../../src/discord/views/unfinished-card.js';
import { UserError } from '../../src/errors.js';
import type { SourceImage } from '../../src/mps/generation-request.js';
import { kindOf, picked, readWriting, requestOf } from '../shared/request-builder.js';

/** `@Easel she turns and smiles`, in reply to a picture: it moves. With no picture in reach the words are painted. */
export const reply = {
  async run(heard, ear) {
    const inReach = picturesInReach(heard, ear.cdn);
    const { line, pictures } = picked(heard.words, inReach);
    const { words, chosen } = readWriting(line);
    if (words === '' && pictures.length === 0) throw new UserError({ key: 'reply.help' });
    const writing = { words, chosen, pictures };
    await ear.order(heard, requestOf(kindOf(writing), writing, await ear.offer(heard)));
  },
} satisfies Mention;

/** Those of the message itself, else those of the message it replies to. */
function picturesInReach({ message, repliedTo, origin }: Heard, cdn: string): readonly SourceImage[] {
  const own = picturesOf(message, cdn);
  if (own.length > 0 || repliedTo === undefined) return own;
  if (repliedTo === 'lost') throw new UserError({ key: 'reply.lost' });
  if (isWithheld(repliedTo)) throw new UserError({ key: 'reply.withheld' });
  if (repliedTo.author.id === origin.replyAs && isUnfinished(repliedTo))
    throw new UserError({ key: 'reply.unfinished' });
  return picturesOf(repliedTo, cdn);
}
