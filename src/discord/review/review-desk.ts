import { type APIMessage, Routes, SnowflakeUtil } from 'discord.js';
import type { Settings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import { endingOf } from '../../media/formats/declared-type.js';
import { FetchError, type Fetcher } from '../../media/results/result-fetcher.js';
import type { Journal, JournalEntry } from '../../moderation/journal.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { TooLargeError, WordsRefusedError } from '../../tasks/delivery/delivery-port.js';
import type { Parcel } from '../../tasks/delivery/parcels.js';
import type { ReviewDesk } from '../../tasks/lifecycle/review/review-desk.js';
import type { Posted, ReviewDecision, Reviewed, Task } from '../../tasks/model/task.js';
import { eventOf, partOf } from '../../tasks/model/task-set.js';
import { minute } from '../../util/time.js';
import { circumstancesIn, isReviewed } from '../access/guild-policy.js';
import { posted } from '../delivery/delivery-lookup.js';
import { hasButton, search, snowflakeAt } from '../delivery/history-search.js';
import { arrived, deleteOwn } from '../delivery/missing-attachments.js';
import { copyNames } from '../input/media-kind.js';
import type { Rests } from '../rest/clients.js';
import { classify, isClosed } from '../rest/route-errors.js';
import type { UploadLimits } from '../rest/upload-limits.js';
import { type NamedFile, type Upload, upload } from '../rest/uploads.js';
import { customId } from '../views/custom-ids.js';
import type { ModeratorsChannel } from './moderators-channel.js';
import type { ReviewCopies } from './review-copies.js';
import { drawReview, type ReviewLook, reviewVerbs } from './review-message.js';

interface Deps {
  readonly rests: Pick<Rests, 'bot' | 'uploads'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly catalogue: Pick<Catalogue, 'find'>;
  readonly limits: Pick<UploadLimits, 'of' | 'refused'>;
  /** Downloads from Discord alone. */
  readonly copies: Pick<Fetcher, 'fetch'>;
  /** Messages with copies, by task. */
  readonly kept: Pick<ReviewCopies, 'keep'>;
  readonly journal: Pick<Journal, 'note'>;
  readonly channel: ModeratorsChannel;
  readonly languageOf: (guildId: string) => Promise<ReviewLook['locale']>;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a copy in Discord is tried, ms. */
const copyPatienceMs = 10 * minute;
/** Longest time from persisting the start of a post until it can no longer arrive, with clocks that differ, ms. */
const longestPostMs = 17 * minute;

/** Asks the moderators of a guild in their channel. */
export function createReviewDesk(deps: Deps): ReviewDesk {
  const { rests, settings, limits, channel } = deps;
  const lookOf = async (task: Task): Promise<ReviewLook> => ({
    locale: await deps.languageOf(guildOf(task)),
    catalogue: deps.catalogue,
  });

  return {
    async wants({ origin, review }) {
      if (!origin.guildInstalled || origin.guildId === undefined) return false;
      return (
        review?.after === true || isReviewed(await settings.get(origin.guildId), circumstancesIn(origin))
      );
    },
    channelOf: (task) => channel.of(guildOf(task)),
    limitOf: ({ origin }) => limits.of(origin, 'channel'),
    async post(task, channelId, parcels, { wordless }) {
      const what = whatOf(task);
      const card = drawReview(task, what, { ...(await lookOf(task)), parcels, wordless });
      const body = { ...card, nonce: nonceOf(task), enforce_nonce: true };
      try {
        const message = await send(deps, channelId, body, filesOf(parcels));
        await deps.kept.keep(task.id, message);
        channel.reached(guildOf(task));
        return message;
      } catch (error) {
        const known = classify(error);
        const largest = Math.max(0, ...parcels.map(({ file }) => file?.bytes ?? 0));
        if (known instanceof TooLargeError && largest > 0)
          await limits.refused(task.origin, 'channel', largest);
        throw known;
      }
    },
    async seek(task) {
      const found = await seek(rests.bot, task);
      if (found) await deps.kept.keep(task.id, found);
      return found;
    },
    ...createMessages(deps, lookOf),
    note: (task, decision) => deps.journal.note(entryOf(task, decision)),
    unreachable: (task) => channel.unreachable(guildOf(task), task.id),
  };
}

/** Messages that were posted. */
function createMessages(
  deps: Deps,
  lookOf: (task: Task) => Promise<ReviewLook>,
): Pick<ReviewDesk, 'isThere' | 'filesIn' | 'close'> {
  const { rests, copies, log, now } = deps;
  return {
    async isThere({ channelId, messageId }) {
      try {
        await rests.bot.get(Routes.channelMessage(channelId, messageId));
        return true;
      } catch (error) {
        if (isClosed(error)) return false;
        throw error;
      }
    },
    async filesIn({ channelId, messageId }, { id, request }, { signal }) {
      const urls = await rests.bot.get(Routes.channelMessage(channelId, messageId), { signal }).then(
        (message) => linksIn(message as APIMessage),
        (error: unknown) => {
          if (isClosed(error)) throw new FetchError('gone', 'The copy was deleted.', { cause: error });
          throw error;
        },
      );
      if (urls.length === 0) throw new FetchError('gone', 'The message holds no copy.');
      const results = { taskId: id, kind: request.kind, urls, until: now() + copyPatienceMs };
      return copies.fetch(results, { signal });
    },
    async close(task, message, what) {
      try {
        await redraw(deps, { task, what, message }, await lookOf(task));
      } catch (error) {
        log.info({ task: task.id, err: error }, 'a review message could not be redrawn');
      }
    },
  };
}

function entryOf(task: Task, { what, approved, by, at }: ReviewDecision): JournalEntry {
  const act = approved ? 'review.approved' : 'review.rejected';
  const about = task.origin.userId;
  const entry = { guildId: guildOf(task), act, at, about, taskId: task.id, details: { what } } as const;
  return by === undefined ? entry : { ...entry, by };
}

function guildOf({ origin }: Task): string {
  return origin.guildId ?? '';
}

/** What is decided about a task under review. */
function whatOf({ state }: Task): Reviewed {
  return state.name === 'awaitingApproval' ? 'order' : 'result';
}

/** At most 25 characters, different for each try: the nonce of a message that was deleted must not return it. */
function nonceOf({ id, state }: Task): string {
  const at = 'asking' in state ? (state.asking?.at ?? 0) : 0;
  return `v${at.toString(36)}${BigInt(eventOf(id)).toString(36)}${partOf(id)}`;
}

/** Without users' words: they count as text that Discord may refuse. */
function filesOf(parcels: readonly Parcel[]): NamedFile[] {
  return parcels.flatMap(({ file, spoiler }, index) => {
    if (!file) return [];
    const name = `${copyNames.review}-${index + 1}.${endingOf(file.type)}`;
    return [{ file, name: spoiler ? `SPOILER_${name}` : name, description: '' }];
  });
}

async function send(
  { rests, log }: Deps,
  channelId: string,
  body: object,
  files: readonly NamedFile[],
): Promise<Posted> {
  const path = Routes.channelMessages(channelId);
  if (files.length === 0) return posted((await rests.bot.post(path, { body })) as APIMessage);
  const message = (await upload(body, files, (request) => rests.uploads.post(path, request))) as APIMessage;
  const repair = async ({ id }: APIMessage) => {
    const edit = (request: Upload) => rests.uploads.patch(Routes.channelMessage(channelId, id), request);
    return (await upload(body, files, edit)) as APIMessage;
  };
  return posted(await arrived({ message, files: files.length, repair, takeBack: deleteOwn(rests) }, log));
}

async function seek(bot: Rests['bot'], task: Task): Promise<Posted | undefined> {
  const asking = 'asking' in task.state ? task.state.asking : undefined;
  if (!asking) return undefined;
  const skew = Math.abs(
    (task.history[0]?.at ?? asking.at) - SnowflakeUtil.timestampFrom(task.origin.eventId),
  );
  const mark = customId(reviewVerbs[whatOf(task)].approve, task.id);
  const window = {
    after: snowflakeAt(asking.at - skew - minute),
    before: snowflakeAt(asking.at + skew + longestPostMs),
  };
  try {
    const message = await search(bot, asking.channelId, window, (one) => hasButton(one, mark));
    return message && posted(message);
  } catch (error) {
    if (isClosed(error)) return undefined;
    throw error;
  }
}

/** Fresh links to the copies, in the order of the results. */
function linksIn({ attachments }: APIMessage): string[] {
  return attachments
    .map(({ filename, url }) => ({ number: Number(/-(\d+)\.\w+$/.exec(filename)?.[1] ?? 0), url }))
    .sort((one, other) => one.number - other.number)
    .map(({ url }) => url);
}

/** Its files stay. */
async function redraw(
  { rests }: Deps,
  { task, what, message }: { readonly task: Task; readonly what: Reviewed; readonly message: Posted },
  look: ReviewLook,
): Promise<void> {
  const { channelId, messageId } = message;
  const edit = (wordless: boolean) =>
    rests.bot.patch(Routes.channelMessage(channelId, messageId), {
      body: drawReview(task, what, { ...look, wordless }),
    });
  try {
    await edit(false);
  } catch (error) {
    if (!(classify(error) instanceof WordsRefusedError)) throw error;
    await edit(true);
  }
}
