import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { Mention } from '../../src/discord/input/mention.js';
import { sentIdsIn } from '../../src/discord/input/message-components.js';
import { isWithheld, picturesOf } from '../../src/discord/input/message-images.js';
import { withNumbers } from '../../src/discord/input/numbered-results.js';
import {
  asksForChange,
  isOrder,
  isWish,
  type SmallTalk,
  smallTalkIn,
  speaksOfPicture,
} from '../../src/discord/input/small-talk.js';
import type { MentionCommand } from '../../src/discord/interactions/command.js';
import { draftOf } from '../../src/discord/interactions/order-refusals.js';
import type { Offered } from '../../src/discord/interactions/proposals.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { isUnfinished } from '../../src/discord/views/unfinished-card.js';
import { type Sentence, UserError } from '../../src/errors.js';
import type { SourceImage } from '../../src/mps/generation-request.js';
import { clipInReach, orderFromClip } from '../clip/clip-mention.js';
import { kindOf, parseLine, picked, requestOf, type Writing } from '../shared/request-builder.js';

type Needs = Uses<'cdn' | 'guilds' | 'orders' | 'refusals' | 'tasks'>;

/**
 * `@Easel she turns and smiles`: animates the image it replies to; without an image it paints the prompt. Small talk
 * costs nothing, and what may be no order is asked first.
 */
export const reply = {
  /** Members answer a picture with "nice!" among themselves: without its name, only a wish is Easel's business. */
  isMeant: ({ address, words }) => address !== 'reply' || isWish(words),

  async run(mention, bot: Needs) {
    const offer = await bot.guilds.offer(mention);
    requireNoSmallTalk(mention.words, offer);
    const clip = await clipInReach(mention, bot);
    if (clip && (wantsExtension(mention.words, offer) || !hasPictures(mention, bot.cdn)))
      return orderFromClip(mention, clip, offer, bot);
    const inReach = picturesInReach(mention, bot.cdn);
    const { line, pictures } = picked(mention.words, inReach);
    const { words, chosen, faults } = parseLine(line, offer);
    if (chosen.extend) throw new UserError({ key: 'error.extend.onlyClips' });
    if (words === '' && pictures.length === 0 && faults.length === 0)
      throw new UserError({ key: 'reply.help' });
    const writing = { words, chosen, pictures };
    if (faults.length > 0) throw await withoutFaults(faults, mention, writing, bot);
    if (isDoubtful(mention, writing)) throw await question(mention, writing, offer, bot);
    await bot.orders.place(mention, requestOf(kindOf(writing), writing, offer));
  },
} satisfies MentionCommand<Bot>;

const answers = {
  help: { key: 'reply.help' },
  hello: { key: 'reply.help' },
  thanks: { key: 'reply.thanks' },
} as const satisfies Record<Exclude<SmallTalk, 'doubt'>, Sentence>;

/** @throws UserError with the answer to a greeting, thanks, or a call for help. */
function requireNoSmallTalk(words: string, offer: Offer): void {
  const talk = smallTalkIn(words);
  if (talk === undefined || talk === 'doubt') return;
  const { chosen, faults } = parseLine(words, offer);
  if (Object.keys(chosen).length === 0 && faults.length === 0) throw new UserError(answers[talk]);
}

/**
 * Whether it may be no order, speaks of a picture that isn't there, or may be an order of the other kind. With options it is
 * an order; in a direct message, where nothing names Easel, also in words that order a picture ("draw a fox"), or a clip of
 * one that is there ("make it run").
 */
function isDoubtful({ address }: Mention, { words, chosen, pictures }: Writing): boolean {
  if (Object.keys(chosen).length > 0) return false;
  if (smallTalkIn(words) === 'doubt') return true;
  if (pictures.length > 0 ? asksForChange(words) : speaksOfPicture(words)) return true;
  if (address !== 'direct') return address !== 'mention';
  return pictures.length > 0 ? !isWish(words) : !isOrder(words);
}

/** "Shall I?", with a button for each answer. */
async function question(
  mention: Mention,
  writing: Writing,
  offer: Offer,
  bot: Uses<'refusals'>,
): Promise<UserError> {
  const { image, video } = offer.config;
  const order = (
    kind: 'image' | 'video',
    key: 'button.change' | 'button.paint' | 'button.animate',
  ): Offered => ({
    label: { key },
    choice: { request: requestOf(kind, writing, offer) },
  });
  const hasPicture = writing.pictures.length > 0;
  const isWordless = writing.words === '';
  const offered = [
    ...(image.enabled && !isWordless ? [order('image', hasPicture ? 'button.change' : 'button.paint')] : []),
    ...(video.enabled && hasPicture ? [order('video', 'button.animate')] : []),
  ];
  const [first] = offered;
  if (!first) return new UserError({ key: 'reply.help' });
  const asks = hasPicture ? 'picture' : speaksOfPicture(writing.words) ? 'whichPicture' : 'words';
  const asked = new UserError({ key: `ask.${asks}` });
  return bot.refusals.withChoices(asked, eventOf(mention), [...offered, inForm(first)]);
}

/** The same order, opened as a form. */
function inForm({ choice }: Offered): Offered {
  return {
    label: { key: 'button.edit' },
    choice: 'request' in choice ? { draft: draftOf(choice.request) } : choice,
  };
}

/** What could not be read, with a button that orders the rest. */
async function withoutFaults(
  faults: readonly Sentence[],
  mention: Mention,
  writing: Writing,
  bot: Uses<'guilds' | 'refusals'>,
): Promise<UserError> {
  const error = new UserError(faults);
  if (writing.words === '' && writing.pictures.length === 0) return error;
  const request = requestOf(kindOf(writing), writing, await bot.guilds.offer(mention));
  const rest: Offered = { label: { key: 'button.without' }, choice: { request } };
  return bot.refusals.withChoices(error, eventOf(mention), [rest, inForm(rest)]);
}

function eventOf({ origin }: Mention) {
  return { id: origin.eventId, userId: origin.userId };
}

/** Of a picture and its clip in one message the picture is meant, unless it says otherwise. */
function hasPictures(mention: Mention, cdn: string): boolean {
  try {
    return picturesInReach(mention, cdn).length > 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return false;
  }
}

function wantsExtension(words: string, offer: Offer): boolean {
  return parseLine(words, offer).chosen.extend === true;
}

/** The images in the message itself, else those in the message it replies to. */
function picturesInReach({ message, repliedTo, origin }: Mention, cdn: string): readonly SourceImage[] {
  const own = picturesOf(message, cdn);
  if (own.length > 0 || repliedTo === undefined) return own;
  if (repliedTo === 'lost') throw new UserError({ key: 'reply.lost' });
  if (isWithheld(repliedTo)) throw new UserError({ key: 'reply.withheld' });
  if (repliedTo.author.id === origin.replyAs && isUnfinished(repliedTo))
    throw new UserError({ key: 'reply.unfinished' });
  const ids = repliedTo.author.id === origin.replyAs ? sentIdsIn(repliedTo.components ?? []) : [];
  return withNumbers(picturesOf(repliedTo, cdn), ids);
}
