import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { Mention } from '../../src/discord/input/mention.js';
import { sentIdsIn } from '../../src/discord/input/message-components.js';
import { clipsOf } from '../../src/discord/input/message-images.js';
import { isWish } from '../../src/discord/input/small-talk.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import { beginningOf, canBegin } from '../../src/mps/catalogue/modes.js';
import type { VideoRequest } from '../../src/mps/generation-request.js';
import { parseLine, requestOf, type Writing } from '../shared/request-builder.js';
import { clipBehind } from './clip-results.js';
import {
  beforeIn,
  type ClipTarget,
  canExtend,
  clipIn,
  extendDraft,
  likeBefore,
  requireClipModel,
} from './clip-target.js';
import { type PlannedExtension, questionBefore } from './extension-question.js';

type Needs = Uses<'cdn' | 'orders' | 'refusals' | 'tasks'>;

/** The clip in the message itself, else in the one it replies to; undefined if there is none. @throws StoreError */
export async function clipInReach(mention: Mention, bot: Needs): Promise<ClipTarget | undefined> {
  const { message, repliedTo, origin } = mention;
  const [own] = clipsOf(message, bot.cdn);
  if (own) return { file: own };
  if (repliedTo === undefined || repliedTo === 'lost') return undefined;
  const [file] = clipsOf(repliedTo, bot.cdn);
  const isEasels = repliedTo.author.id === origin.replyAs;
  const task = isEasels
    ? await clipBehind(sentIdsIn(repliedTo.components ?? []), file?.name, bot)
    : undefined;
  return file || task ? { file, task } : undefined;
}

/**
 * `@Easel make it snow`, in reply to a clip: changes it; with `--extend` it goes on from its last frame. What may be no
 * order is asked first.
 */
export async function orderFromClip(
  mention: Mention,
  target: ClipTarget,
  offer: Offer,
  bot: Needs,
): Promise<void> {
  const { words, chosen, faults } = parseLine(mention.words, offer);
  if (faults.length > 0) throw new UserError(faults);
  if (words === '') throw new UserError({ key: 'reply.help' });
  const writing = { words, chosen, pictures: [] };
  const isPlain = Object.keys(chosen).length === 0;
  if (isPlain && mention.address !== 'mention' && !isWish(words))
    throw await whichOne(mention, writing, target, offer, bot);
  if (!chosen.extend) return void (await bot.orders.place(mention, changeOf(writing, target, offer)));
  const planned = extensionBy(writing, target, offer);
  const question = questionBefore(planned, chosen, offer);
  if (question) throw await bot.refusals.withChoices(question.asked, eventOf(mention), question.offered);
  await bot.orders.place(mention, planned.request);
}

/** The order of a changed clip. @throws UserError if it can't be changed */
export function changeOf(writing: Writing, target: ClipTarget, offer: Offer): VideoRequest {
  requireClipModel(offer);
  return videoOf({ ...writing, clips: [clipIn(target, 'base')] }, offer);
}

/**
 * The order of what goes on from a clip: with its model and resolution, unless its user says otherwise.
 * @throws UserError if it can't be extended
 */
export function extensionBy(writing: Writing, target: ClipTarget, offer: Offer): PlannedExtension {
  const before = beforeIn(target, offer);
  const like = likeBefore(target, offer);
  const made = like.model === undefined ? undefined : offer.catalogue.find('video', like.model);
  const can = made && canBegin(made, beginningOf({ image: { url: '', name: '' } }));
  const chosen = { ...(can && like), ...writing.chosen };
  const request = videoOf({ ...writing, chosen, extends: before }, offer);
  const isOther = made && !can && writing.chosen.model === undefined;
  return { request, ...(isOther && { instead: made.label }) };
}

function videoOf(writing: Writing, offer: Offer): VideoRequest {
  const request = requestOf('video', writing, offer);
  if (request.kind !== 'video') throw new TypeError('A clip was ordered.');
  return request;
}

async function whichOne(
  mention: Mention,
  writing: Writing,
  target: ClipTarget,
  offer: Offer,
  bot: Needs,
): Promise<UserError> {
  const draft = canExtend(target, offer) ? extendDraft(target, offer) : undefined;
  const offered = [
    { label: { key: 'button.changeclip' }, choice: { request: changeOf(writing, target, offer) } } as const,
    ...(draft
      ? [
          {
            label: { key: 'button.extend' },
            // A form, which tells what it adds and at which price.
            choice: { draft: { ...draft, filled: { ...draft.filled, prompt: writing.words } } },
          } as const,
        ]
      : []),
  ];
  const asked = new UserError({ key: 'ask.clip' });
  return bot.refusals.withChoices(asked, eventOf(mention), offered);
}

function eventOf({ origin }: Mention) {
  return { id: origin.eventId, userId: origin.userId };
}
