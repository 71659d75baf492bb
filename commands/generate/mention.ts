import type { Mention } from '../../src/discord/input/mention.js';
import { isWithheld, picturesOf } from '../../src/discord/input/message-images.js';
import type { MentionCommand } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { isUnfinished } from '../../src/discord/views/unfinished-card.js';
import { UserError } from '../../src/errors.js';
import type { SourceImage } from '../../src/mps/generation-request.js';
import { kindOf, picked, readWriting, requestOf } from '../shared/request-builder.js';

/** `@Easel she turns and smiles`: animates the image it replies to; without an image it paints the prompt. */
export const reply = {
  async run(mention, bot: Uses<'cdn' | 'guilds' | 'orders'>) {
    const inReach = picturesInReach(mention, bot.cdn);
    const { line, pictures } = picked(mention.words, inReach);
    const { words, chosen } = readWriting(line);
    if (words === '' && pictures.length === 0) throw new UserError({ key: 'reply.help' });
    const writing = { words, chosen, pictures };
    const request = requestOf(kindOf(writing), writing, await bot.guilds.offer(mention));
    await bot.orders.place(mention, request);
  },
} satisfies MentionCommand<Bot>;

/** The images in the message itself, else those in the message it replies to. */
function picturesInReach({ message, repliedTo, origin }: Mention, cdn: string): readonly SourceImage[] {
  const own = picturesOf(message, cdn);
  if (own.length > 0 || repliedTo === undefined) return own;
  if (repliedTo === 'lost') throw new UserError({ key: 'reply.lost' });
  if (isWithheld(repliedTo)) throw new UserError({ key: 'reply.withheld' });
  if (repliedTo.author.id === origin.replyAs && isUnfinished(repliedTo))
    throw new UserError({ key: 'reply.unfinished' });
  return picturesOf(repliedTo, cdn);
}
