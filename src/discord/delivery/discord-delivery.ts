import {
  type APIMessage,
  MessageFlags,
  type RESTPostAPICurrentUserCreateDMChannelResult,
  Routes,
} from 'discord.js';
import { text } from '../../locales/index.js';
import type { Log } from '../../log.js';
import { withParcels } from '../../tasks/delivery/attachments.js';
import {
  type Delivery,
  type Progress,
  RouteClosedError,
  TooLargeError,
  WordsRefusedError,
} from '../../tasks/delivery/delivery-port.js';
import type { Parcel } from '../../tasks/delivery/parcels.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { isAlive } from '../../tasks/model/state-machine.js';
import type { Origin, Posted, Route, Task } from '../../tasks/model/task.js';
import { answerableUntil, receivedAt } from '../../tasks/model/task-record.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';
import { minute } from '../../util/time.js';
import type { Rests } from '../rest/clients.js';
import { classify, refusalOf } from '../rest/route-errors.js';
import type { UploadLimits } from '../rest/upload-limits.js';
import { type NamedFile, upload } from '../rest/uploads.js';
import { fileName, fileTitle } from '../views/file-names.js';
import { clip } from '../views/markdown.js';
import type { Card } from '../views/message.js';
import type { Cards } from '../views/task-card.js';
import { createAnswers } from './answer-message.js';
import { createSeeker, posted } from './delivery-lookup.js';
import { createEdits } from './edit-throttle.js';
import { arrived, deleteOwn } from './missing-attachments.js';
import { createFurther, inMessages } from './overflow-messages.js';
import { createPairs } from './paired-tasks.js';
import { createStaleCards } from './stale-cards.js';

interface Deps {
  readonly rests: Rests;
  readonly cards: Cards;
  readonly limits: Pick<UploadLimits, 'of' | 'refused'>;
  /** Finds the other part of a chained order. */
  readonly ledger: Pick<Ledger, 'find'>;
  readonly log: Log;
  readonly now: () => number;
  /** ms between two edits of the card on one answer. */
  readonly cardsApartMs?: number;
}

/** Longest attachment description, UTF-16 units. */
const maxDescription = 1024;
/** Discord remembers a nonce for "a few minutes"; ms that are safely within. */
const nonceLifeMs = minute;

/** Delivers outcomes in Discord: by editing the answer, in the channel, or in a direct message. */
export function createDelivery(deps: Deps): Delivery {
  const { rests, cards, limits, ledger, log, now, cardsApartMs } = deps;
  const edits = createEdits({ now, ...(cardsApartMs !== undefined && { apartMs: cardsApartMs }) });
  const pairs = createPairs(ledger);
  const answers = createAnswers(rests);
  const further = createFurther(rests, log);
  const tidy = createStaleCards({ rests, answers, log, now });

  async function draw(task: Task, route: Route, progress?: Progress): Promise<Card> {
    return cards.draw(task, progress, await pairs.with(task, route));
  }

  async function editAnswer(task: Task, card: Card, files: readonly NamedFile[]): Promise<APIMessage> {
    return answers.edit(task.origin, { ...card, ...(await listed(task, files)) }, files);
  }

  /** Draws an outcome, which has arrived once Discord has its files. */
  async function fillAnswer(task: Task, card: Card, files: readonly NamedFile[]): Promise<APIMessage> {
    const kept = (await listed(task, files)).attachments ?? [];
    const edit = () => answers.edit(task.origin, { ...card, attachments: kept }, files);
    return arrived({ message: await edit(), files: files.length + kept.length, repair: edit }, log);
  }

  /** The attachments that an edit keeps: it drops those it doesn't list; without a list it keeps all. */
  async function listed(
    task: Task,
    files: readonly NamedFile[],
  ): Promise<{ attachments?: { id: string }[] }> {
    if (task.after === undefined) return files.length > 0 ? {} : { attachments: hostedBy(task) };
    const isOutcome = task.state.name === 'delivering' || !isAlive(task.state);
    return isOutcome ? { attachments: await pictureIn(task) } : {};
  }

  /** What the answer of a video already holds: its image, without source images hosted for MPS. */
  async function pictureIn({ origin, request }: Task): Promise<{ id: string }[]> {
    const { attachments } = await answers.fetch(origin);
    const hosted = new Set(sourcesOf(request).map(({ hostedAs }) => hostedAs));
    return attachments.filter(({ id }) => !hosted.has(id)).map(({ id }) => ({ id }));
  }

  /**
   * Replies to the mention. If sent twice within minutes, the nonce makes it one message; later it is searched for
   * first.
   */
  async function openReply(task: Task): Promise<Posted> {
    const { channelId, eventId } = task.origin;
    const earlier = now() - receivedAt(task) > nonceLifeMs ? await seeker.reply(task) : undefined;
    if (earlier) return earlier;
    const body = {
      ...cards.draw(task),
      nonce: nonce('a', task),
      enforce_nonce: true,
      ...replyTo(task.origin, channelId, eventId),
    };
    return posted((await rests.bot.post(Routes.channelMessages(channelId), { body })) as APIMessage);
  }

  /** A separate message: it mentions only the user, because no answer of theirs is edited. */
  async function send(
    task: Task,
    channelId: string,
    card: Card,
    files: readonly NamedFile[],
    kind: Nonce,
  ): Promise<Posted> {
    const { origin } = task;
    const isDirect = channelId !== origin.channelId;
    const body = {
      ...card,
      content: clip(`<@${origin.userId}>\n${card.content}`, 2000),
      allowed_mentions: { parse: [], users: [origin.userId], replied_user: false },
      // Nonces are per bot, not per channel: reusing one elsewhere returns the message of the previous route.
      nonce: nonce(isDirect ? elsewhere[kind] : kind, task),
      enforce_nonce: true,
      ...replyTo(origin, channelId),
    };
    const route = Routes.channelMessages(channelId);
    const sent = await (files.length > 0
      ? rests.uploads.post(route, await upload(body, files))
      : rests.bot.post(route, { body }));
    // Posting again, the nonce would return the message without files.
    const repair = async ({ id }: APIMessage) =>
      (await rests.uploads.patch(
        Routes.channelMessage(channelId, id),
        await upload(card, files),
      )) as APIMessage;
    const message =
      files.length > 0 ? (sent as APIMessage) : await inItsWords(sent as APIMessage, card, body.content);
    const arriving = { message, files: files.length, repair, takeBack: deleteOwn(rests) };
    return posted(await arrived(arriving, log));
  }

  /**
   * A nonce returns the first message posted under it: if files were rejected since, that message would keep its old
   * text instead of saying why a file is missing.
   */
  async function inItsWords(message: APIMessage, card: Card, content: string): Promise<APIMessage> {
    if (message.content.trim() === content.trim()) return message;
    const route = Routes.channelMessage(message.channel_id, message.id);
    return (await rests.bot.patch(route, { body: { ...card, content, attachments: [] } })) as APIMessage;
  }

  async function directChannel(userId: string): Promise<string> {
    const body = { recipient_id: userId };
    const channel = (await rests.bot.post(Routes.userChannels(), {
      body,
    })) as RESTPostAPICurrentUserCreateDMChannelResult;
    return channel.id;
  }

  async function channelOf(task: Task, route: Route): Promise<string> {
    return route === 'direct' ? directChannel(task.origin.userId) : task.origin.channelId;
  }

  const seeker = createSeeker({ rests, answers, channelOf });

  async function postBy(task: Task, route: Route, parcels: readonly Parcel[]): Promise<Posted> {
    const card = await draw(withParcels(task, parcels), route);
    const [first, ...more] = inMessages(nameFiles(task, parcels));
    const outcome =
      route === 'answer'
        ? posted(await fillAnswer(task, card, first))
        : await send(task, await channelOf(task, route), card, first, parcels.length > 0 ? 'r' : 'f');
    await further.post(task, route, outcome, more);
    return outcome;
  }

  return {
    async show(task, progress) {
      // A card is only cosmetic: it is the first thing to skip.
      if (answerableUntil(task.origin) <= now() || !rests.guard.hasRoom()) return;
      try {
        await edits.draw(task.origin.eventId, async () => {
          if (await pairs.isEarly(task)) return undefined;
          const card = await draw(task, 'answer', progress);
          return { look: JSON.stringify(card), edit: () => editAnswer(task, card, []) };
        });
      } catch (error) {
        log.debug({ task: task.id, err: error }, 'a card could not be drawn');
      }
    },

    async introduce(task) {
      try {
        // Without a list of attachments: a repeated order refers to images hosted by another answer.
        await edits.make(task.origin.eventId, async () =>
          answers.edit(task.origin, await draw(task, 'answer'), []),
        );
        return true;
      } catch (error) {
        log.info({ task: task.id, err: error }, 'a first card could not be drawn');
        return refusalOf(error) !== 'words';
      }
    },

    tidy: (task, at) => edits.make(task.origin.eventId, () => tidy(task, at)),

    async host(task, images) {
      const named = images.map((file, at) => ({
        file,
        name: fileName('source', file.type, at + 1),
        description: '',
      }));
      try {
        const message = await edits.make(task.origin.eventId, async () => {
          const held = task.after === undefined ? [] : await pictureIn(task);
          const body = { ...(await draw(task, 'answer')), attachments: [...held, ...hostedBy(task)] };
          return answers.edit(task.origin, body, named);
        });
        if (message.attachments.length < images.length)
          throw new Error('Discord accepted an answer without the images it should host.');
        // Discord lists what was there before, then what is new.
        return message.attachments.slice(-images.length).map(({ id, url }) => ({ url, hostedAs: id }));
      } catch (error) {
        throw classify(error);
      }
    },

    limitOf: ({ origin }, route) => limits.of(origin, route),

    async post(task, route, parcels) {
      try {
        return await edits.make(task.origin.eventId, () => postBy(task, route, parcels));
      } catch (error) {
        const known = classify(error);
        const largest = Math.max(0, ...parcels.map(({ file }) => file?.bytes ?? 0));
        if (known instanceof TooLargeError && largest > 0) await limits.refused(task.origin, route, largest);
        throw known;
      }
    },

    async copy({ id, state }) {
      if (state.name !== 'delivered') return undefined;
      const { channelId, messageId } = state.posted;
      try {
        const message = (await rests.bot.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
        return message.attachments[0]?.url;
      } catch (error) {
        log.info({ task: id, err: error }, 'an image could not be found in Discord again');
        return undefined;
      }
    },

    seek: (task, route) => seeker.outcome(task, route),

    async answered(task) {
      try {
        if (task.origin.replyAs === undefined) return await seeker.answer(task);
        return await openReply(task).catch((error: unknown) => {
          throw classify(error);
        });
      } catch (error) {
        if (error instanceof RouteClosedError || error instanceof WordsRefusedError) throw error;
        log.warn({ task: task.id, err: error }, 'looking for an answer failed');
        return undefined;
      }
    },

    async notify(task, { messageId }) {
      const { applicationId, token, channelId, userId, private: secret } = task.origin;
      const body = {
        content: `<@${userId}> ${announcement(task)}`,
        flags: MessageFlags.SuppressEmbeds | (secret ? MessageFlags.Ephemeral : 0),
        allowed_mentions: { parse: [], users: [userId], replied_user: false },
      };
      try {
        if (token) await rests.answers.post(Routes.webhook(applicationId, token), { body, auth: false });
        else {
          const once = { nonce: nonce('p', task), enforce_nonce: true };
          const whole = { ...body, ...once, ...replyTo(task.origin, channelId, messageId) };
          await rests.bot.post(Routes.channelMessages(channelId), { body: whole });
        }
      } catch (error) {
        log.info({ task: task.id, err: error }, 'a user could not be notified that their task is done');
      }
    },

    async tellLate(task) {
      try {
        if (answerableUntil(task.origin) > now())
          await edits.make(task.origin.eventId, async () => editAnswer(task, await draw(task, 'answer'), []));
        else await send(task, await channelOf(task, laterRoute(task.origin)), cards.draw(task), [], 'n');
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a user could not be notified that their task takes long');
      }
    },
  };
}

/** Images that the answer hosts for MPS: an edit drops what it doesn't list. An outcome no longer needs them. */
/** What the message that pings a user says. */
function announcement({ state, request, made, cost, origin: { locale } }: Task): string {
  if (state.name === 'failed') return text(locale, 'notify.failed');
  if (request.kind === 'video') return text(locale, 'notify.done.video');
  return text(locale, 'notify.done.image', { count: made?.billed ?? cost.amount });
}

function hostedBy({ request, state }: Task): { id: string }[] {
  if (!isAlive(state) || state.name === 'delivering') return [];
  return sourcesOf(request).flatMap(({ hostedAs }) => (hostedAs === undefined ? [] : [{ id: hostedAs }]));
}

/** Numbered by their place among the results, even if another one isn't posted. */
function nameFiles({ request, origin }: Task, parcels: readonly Parcel[]): NamedFile[] {
  // File names and descriptions count as text too.
  const prompt = origin.wordless ? '' : request.prompt;
  const description = clip(prompt, maxDescription);
  return parcels.flatMap(({ file, spoiler }, index) => {
    if (!file) return [];
    const name = fileName(prompt, file.type, index + 1);
    const title = fileTitle(prompt, index + 1);
    // Discord's file name prefix for a spoiler.
    return [{ file, name: spoiler ? `SPOILER_${name}` : name, title, description }];
  });
}

/** Kinds of separate messages: a result, a failure, a notice, an answer, a ping. */
type Nonce = 'r' | 'f' | 'n' | 'a' | 'p';

/** The same kinds in the direct messages of a user who ordered elsewhere. */
const elsewhere = { r: 'R', f: 'F', n: 'N', a: 'A', p: 'P' } as const satisfies Record<Nonce, string>;

/** At most 25 characters, different for each message of a task: `r1146…023.1`. */
function nonce(kind: Nonce | (typeof elsewhere)[Nonce], task: Task): string {
  return `${kind}${task.id.replace(':', '.')}`;
}

function replyTo(origin: Origin, channelId: string, messageId = origin.messageId): object {
  if (!messageId || !origin.mayReadHistory || channelId !== origin.channelId) return {};
  return { message_reference: { message_id: messageId, fail_if_not_exists: false } };
}

function laterRoute(origin: Origin): Route {
  return !origin.private && origin.mayPostLater ? 'channel' : 'direct';
}
