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
import type { Post, Poster } from './poster.js';
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
  /** ms between two posts whose originals are looked for after a start. @default 200 */
  readonly apartMs?: number;
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
    if (row.post.removing) return takeDown(deps, row);
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
  const { stars, poster, rests, ledger, log, now } = deps;
  const { row, task, rules } = subject;
  const { guildId, messageId, channelId } = row;
  const earlier = row.post?.state === 'posting' ? row.post : undefined;
  const posting = earlier ?? ({ state: 'posting', channelId: place.channelId, at: now() } as const);
  if (!earlier && !(await stars.swapPost(messageId, row.post, posting))) return;
  const begun = { ...row, post: posting };
  // What is forbidden from here on finds the record; what was forbidden before is seen now.
  const latest = await ledger.find(task.id);
  if (!latest || !(await isWelcome(deps, row, latest))) return takeDown(deps, begun);
  // The original first: without it there is nothing to show.
  const original = await originalOf(rests.bot, { channelId, messageId });
  if (!original) return takeDown(deps, begun);
  const found = earlier && (await poster.find(place, guildId, originalLink(row, guildId), earlier.at));
  const shown = { task, stars: starsOf(row).length, channelId, messageId };
  const sent =
    found ?? (await send(deps, { original, shown, locale: publicLocale(rules, task.origin) }, place));
  const posted = postedAs(sent, shown.stars);
  if (!(await stars.swapPost(messageId, posting, posted))) return takeBack(deps, row, posted);
  log.info(
    { guild: guildId, message: messageId, post: sent.messageId },
    'a result was put into the showcase',
  );
}

function postedAs({ channelId, messageId, forumId }: Post, shown: number): PostIn<'posted'> {
  return { state: 'posted', channelId, messageId, ...(forumId !== undefined && { forumId }), shown };
}

/** Another process has forbidden it while it was being posted. */
async function takeBack(deps: ShowcaseDeps, row: StarRecord, posted: PostIn<'posted'>): Promise<void> {
  const latest = await deps.stars.find(row.messageId);
  if (latest?.post?.state !== 'posting') return;
  const { removing, forget } = latest.post;
  const known = { ...posted, ...(removing && { removing }), ...(forget && { forget }) };
  if (await deps.stars.swapPost(row.messageId, latest.post, known))
    await takeDown(deps, { ...latest, post: known });
}

/** A message goes with its channel. */
const gone: ReadonlySet<unknown> = new Set([
  RESTJSONErrorCodes.UnknownMessage,
  RESTJSONErrorCodes.UnknownChannel,
]);

/** The message with the result; undefined once it is deleted. @throws DiscordAPIError */
async function originalOf(
  bot: ShowcaseDeps['rests']['bot'],
  { channelId, messageId }: Pick<StarRecord, 'channelId' | 'messageId'>,
): Promise<APIMessage | undefined> {
  try {
    return (await bot.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
  } catch (error) {
    if (!gone.has(codeOf(error))) throw error;
    return undefined;
  }
}

/**
 * Whether a post may stay: its original is there and not age-restricted, and its author's work is shown. Discord tells no
 * one later what was deleted while Easel was off.
 * @throws DiscordAPIError; StoreError
 */
export async function mayStay(deps: ShowcaseDeps, row: StarRecord): Promise<boolean> {
  const task = await deps.ledger.find(row.taskId);
  if (task && (task.removed || task.purge !== undefined)) return false;
  if (!(await deps.mayShow(row.guildId, row.authorId))) return false;
  if ((await originalOf(deps.rests.bot, row)) === undefined) return false;
  return !(await readPlace(deps.rests.bot, row.guildId, row.channelId)).ageRestricted;
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
    await stars.swapPost(row.messageId, current, { ...current, shown: count });
  } catch (error) {
    if (!(error instanceof DiscordAPIError && error.status === 404)) throw error;
    await stars.swapPost(row.messageId, current, { state: 'withdrawn' });
  }
}

/**
 * Removes a post for good: its result is never shown again. That it is to go is persisted first.
 * @param options.forget nothing of it stays on record, either.
 * @throws DiscordAPIError once Discord has been failing for minutes; StoreError
 */
export async function takeDown(
  deps: ShowcaseDeps,
  row: StarRecord,
  options: { readonly forget?: boolean } = {},
): Promise<void> {
  const { stars, poster, signal } = deps;
  const { messageId, post: current } = row;
  const isForgotten = options.forget || (current && 'forget' in current && current.forget);
  if (!isForgotten && (!current || current.state === 'withdrawn')) return;
  const mark = { removing: true as const, ...(isForgotten && { forget: true as const }) };
  const again = async () => {
    const latest = await stars.find(messageId);
    if (latest) await takeDown(deps, latest, options);
  };
  if (current?.state === 'posting' && !deps.serves(row.guildId)) {
    // Its own process may be posting it at this moment, and removes it then, or at its next start.
    return (await stars.swapPost(messageId, current, { ...current, ...mark })) ? undefined : again();
  }
  const posted = current?.state === 'posting' ? await findHalf(deps, row, current) : current;
  if (posted?.state === 'posted') {
    const removing = { ...posted, ...mark };
    if (!(await stars.swapPost(messageId, current, removing))) return again();
    const title = await removedTitle(deps, row);
    await retry(() => poster.remove(posted, title), { ...patience, signal, onFailure });
    if (!isForgotten) await stars.swapPost(messageId, removing, { state: 'withdrawn' });
  } else if (current && !(await stars.swapPost(messageId, current, { state: 'withdrawn' }))) return again();
  if (isForgotten) await stars.remove(messageId);
}

/** What a thread is called once it is empty. */
async function removedTitle({ ledger, settings }: ShowcaseDeps, { guildId, taskId }: StarRecord) {
  const { locale } = (await ledger.find(taskId))?.origin ?? { locale: defaultLocale };
  return text(publicLocale(await settings.get(guildId), { locale }), 'showcase.title.removed');
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
  try {
    const place = await readPlace(rests.bot, row.guildId, channelId);
    const found = await poster.find(place, row.guildId, originalLink(row, row.guildId), at);
    return found && postedAs(found, 0);
  } catch (error) {
    // With its channel it is gone.
    if (error instanceof DiscordAPIError && error.status === 404) return undefined;
    throw error;
  }
}
