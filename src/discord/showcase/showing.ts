import { type APIMessage, DiscordAPIError, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { GuildSettings, Settings } from '../../guilds/settings.js';
import { defaultLocale, type Locale, text } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { LocalFile } from '../../media/files.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { type ShowcasePost, type StarRecord, type Starred, starsOf } from '../../showcase/star-record.js';
import type { Stars } from '../../showcase/stars.js';
import type { UploadQueue } from '../../tasks/delivery/upload-queue.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Recent } from '../../tasks/ledger/recent-results.js';
import type { Task } from '../../tasks/model/task.js';
import { retry } from '../../util/retry.js';
import { publicLocale } from '../access/languages.js';
import type { Rests } from '../rest/clients.js';
import { codeOf, isRefusal } from '../rest/errors.js';
import { refusalOf } from '../rest/route-errors.js';
import { type Place, readPlace } from './place.js';
import type { Poster } from './poster.js';
import { resultsOf } from './result-files.js';
import { drawShowcased, originalLink, titleOf } from './showcase-card.js';

export interface ShowcaseDeps {
  readonly stars: Stars;
  readonly poster: Poster;
  readonly settings: Pick<Settings, 'get'>;
  readonly ledger: Pick<Ledger, 'find'>;
  readonly recent: Pick<Recent, 'shownBy'>;
  readonly rests: Pick<Rests, 'bot'>;
  readonly catalogue: Catalogue;
  readonly transfers: UploadQueue;
  /** Downloads a file of Discord's CDN. */
  readonly fetch: (url: string, signal: AbortSignal) => Promise<LocalFile>;
  readonly discard: (files: readonly LocalFile[]) => Promise<void>;
  /** Whether a member's work may be shown: they did not opt out, and are not blocked. @throws StoreError */
  readonly mayShow: (guildId: string, userId: string) => Promise<boolean>;
  /** Notes that a post was taken down by someone else. Never rejects. */
  readonly onTakenDown: (about: Starred) => void;
  /** Whether this process serves a guild. */
  readonly serves: (guildId: string) => boolean;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly now: () => number;
}

type PostIn<State> = ShowcasePost & { readonly state: State };

/**
 * Posts a starred result once it has enough stars, or keeps the number on its post up to date.
 * @throws DiscordAPIError; StoreError
 */
export async function show(deps: ShowcaseDeps, messageId: string): Promise<void> {
  const { stars, settings, ledger } = deps;
  const row = await stars.find(messageId);
  if (!row || row.post?.state === 'withdrawn') return;
  const rules = await settings.get(row.guildId);
  const task = await ledger.find(row.taskId);
  if (!task) return;
  if (row.post?.state === 'posted')
    return row.post.removing ? undefined : redraw(deps, { row, task, rules }, row.post);
  const { showcase } = rules;
  if (row.post?.state === 'posting') {
    // Perhaps it is there already: in the channel of that time, whatever the settings say now.
    if (!showcase || !(await isWelcome(deps, row, task))) return takeDown(deps, row);
  } else if (!showcase || starsOf(row).length < showcase.threshold) return;
  else if (!(await isWelcome(deps, row, task))) return;
  const place = await placeFor(deps, row, row.post?.channelId ?? showcase.channelId);
  if (place) await post(deps, { row, task, rules }, place);
}

/** A starred result with its task, and the settings of its guild. */
interface Subject {
  readonly row: StarRecord;
  readonly task: Task;
  readonly rules: GuildSettings;
}

async function isWelcome({ mayShow }: ShowcaseDeps, row: StarRecord, task: Task): Promise<boolean> {
  if (task.removed || task.purge !== undefined || task.origin.private) return false;
  return mayShow(row.guildId, row.authorId);
}

/** Undefined if the result must not be shown there: it is age-restricted, or not everyone there could see it. */
async function placeFor(
  { rests }: ShowcaseDeps,
  { guildId, channelId }: StarRecord,
  showcaseId: string,
): Promise<Place | undefined> {
  const place = await readPlace(rests.bot, guildId, showcaseId);
  const from = await readPlace(rests.bot, guildId, channelId);
  if (place.takes === 'none' || from.ageRestricted || (from.isHidden && !place.isHidden)) return undefined;
  return place;
}

async function post(deps: ShowcaseDeps, subject: Subject, place: Place): Promise<void> {
  const { stars, poster, rests, log, now } = deps;
  const { row, task, rules } = subject;
  const { guildId, messageId, channelId } = row;
  const earlier = row.post?.state === 'posting' ? row.post : undefined;
  // The original first: without it there is nothing to show.
  const original = await originalOf(rests.bot, { channelId, messageId });
  if (!original) return takeDown(deps, row);
  const found = earlier && (await poster.find(place, guildId, originalLink(row, guildId), earlier.at));
  const shown = { task, stars: starsOf(row).length, channelId, messageId };
  if (!earlier) await stars.note(messageId, { state: 'posting', channelId: place.channelId, at: now() });
  const sent =
    found ?? (await send(deps, { original, shown, locale: publicLocale(rules, task.origin) }, place));
  await stars.note(messageId, {
    state: 'posted',
    channelId: sent.channelId,
    messageId: sent.messageId,
    ...(sent.forumId !== undefined && { forumId: sent.forumId }),
    shown: shown.stars,
  });
  log.info(
    { guild: guildId, message: messageId, post: sent.messageId },
    'a result was put into the showcase',
  );
}

/** The message with the result; undefined once it is deleted. @throws DiscordAPIError */
async function originalOf(
  bot: ShowcaseDeps['rests']['bot'],
  { channelId, messageId }: Pick<StarRecord, 'channelId' | 'messageId'>,
): Promise<APIMessage | undefined> {
  try {
    return (await bot.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
  } catch (error) {
    if (codeOf(error) !== RESTJSONErrorCodes.UnknownMessage) throw error;
    return undefined;
  }
}

/**
 * Whether a post may stay: its original is there, and its author's work is shown. Discord tells no one later what was
 * deleted while Easel was off.
 * @throws DiscordAPIError; StoreError
 */
export async function mayStay(deps: ShowcaseDeps, row: StarRecord): Promise<boolean> {
  const task = await deps.ledger.find(row.taskId);
  if (task && (task.removed || task.purge !== undefined)) return false;
  if (!(await deps.mayShow(row.guildId, row.authorId))) return false;
  return (await originalOf(deps.rests.bot, row)) !== undefined;
}

interface Sending {
  readonly original: APIMessage;
  readonly shown: Parameters<typeof drawShowcased>[0];
  readonly locale: Locale;
}

async function send(deps: ShowcaseDeps, { original, shown, locale }: Sending, place: Place) {
  const { files, discard } = await resultsOf(original, shown.task, deps);
  const draft = (isWordless: boolean) => ({
    card: drawShowcased({ ...shown, isWordless }, locale, deps.catalogue),
    title: titleOf({ task: shown.task, isWordless }, locale),
    files,
    nonce: `s${shown.messageId}`,
  });
  const bytes = files.reduce((sum, { file }) => sum + file.bytes, 0);
  try {
    return await deps.transfers.run(bytes, () =>
      deps.poster.post(place, draft(false)).catch((error: unknown) => {
        if (refusalOf(error) !== 'words') throw error;
        return deps.poster.post(place, draft(true));
      }),
    );
  } finally {
    await discard();
  }
}

async function redraw(deps: ShowcaseDeps, subject: Subject, current: PostIn<'posted'>): Promise<void> {
  const { stars, poster, catalogue } = deps;
  const { row, task, rules } = subject;
  const count = starsOf(row).length;
  if (count === current.shown) return;
  const shown = { task, stars: count, channelId: row.channelId, messageId: row.messageId };
  try {
    await poster.edit(current, drawShowcased(shown, publicLocale(rules, task.origin), catalogue));
    await stars.note(row.messageId, { ...current, shown: count });
  } catch (error) {
    if (!(error instanceof DiscordAPIError && error.status === 404)) throw error;
    await stars.note(row.messageId, { state: 'withdrawn' });
  }
}

/**
 * Removes a post for good: its result is never shown again. That it is to go is persisted first.
 * @throws DiscordAPIError once Discord has been failing for minutes; StoreError
 */
export async function takeDown(deps: ShowcaseDeps, row: StarRecord): Promise<void> {
  const { stars, poster, settings, ledger, signal } = deps;
  const { guildId, messageId, post: current } = row;
  if (!current || current.state === 'withdrawn') return;
  const posted = current.state === 'posted' ? current : await findHalf(deps, row, current);
  if (posted) {
    const { locale } = (await ledger.find(row.taskId))?.origin ?? { locale: defaultLocale };
    const title = text(publicLocale(await settings.get(guildId), { locale }), 'showcase.title.removed');
    await stars.note(messageId, { ...posted, removing: true });
    await retry(() => poster.remove(posted, title), { ...patience, signal, onFailure });
  }
  await stars.note(messageId, { state: 'withdrawn' });
}

/** While Discord is unreachable, a post is tried for about five minutes, and again at the next start. */
const patience = { firstMs: 1_000, tries: 10, ref: false } as const;
const onFailure = (error: unknown) => {
  if (isRefusal(error)) throw error;
};

/** What a crash left of a post. */
async function findHalf(
  { rests, poster }: ShowcaseDeps,
  row: StarRecord,
  { channelId, at }: PostIn<'posting'>,
): Promise<PostIn<'posted'> | undefined> {
  const place = await readPlace(rests.bot, row.guildId, channelId);
  const found = await poster.find(place, row.guildId, originalLink(row, row.guildId), at);
  return found && { state: 'posted', ...found, shown: 0 };
}
