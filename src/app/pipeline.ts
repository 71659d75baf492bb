import type { Config } from '../config/config.js';
import { createDelivery } from '../discord/delivery/discord-delivery.js';
import { createFreshLinks } from '../discord/input/attachment-urls.js';
import { stickerHost } from '../discord/input/message-images.js';
import { createRests, type Rests, watchRateLimits } from '../discord/rest/clients.js';
import { createUploadLimits } from '../discord/rest/upload-limits.js';
import { createReviewCopies } from '../discord/review/review-copies.js';
import { createSetCards } from '../discord/views/sets/set-card.js';
import { createCards } from '../discord/views/task-card.js';
import { createSettings } from '../guilds/settings.js';
import type { Log } from '../log.js';
import type { CosBucket } from '../media/cos/bucket.js';
import type { Decoder } from '../media/decoding/decoder.js';
import { createModeration, type Moderation, moderationTable } from '../moderation/moderation.js';
import { createMpsClient } from '../mps/api/client.js';
import { confirmed, createTransport } from '../mps/api/transport.js';
import type { Catalogue } from '../mps/catalogue/catalogue.js';
import {
  watchBudget,
  watchDelivery,
  watchFetcher,
  watchLedger,
  watchLimits,
  watchSources,
  watchTransfers,
} from '../ops/instrumentation.js';
import type { Observer } from '../ops/observer.js';
import { createStylesTable } from '../presets/guild-styles.js';
import { createPreferencesTable } from '../presets/preferences.js';
import { createAccounts } from '../quota/account.js';
import { toCeiling } from '../quota/operator-limits.js';
import { createStars } from '../showcase/stars.js';
import type { Store } from '../store/store.js';
import { createBudget } from '../tasks/accounting/budget.js';
import { noteOrders } from '../tasks/accounting/noted-orders.js';
import { createPermit } from '../tasks/accounting/permit.js';
import { createTotals } from '../tasks/accounting/totals.js';
import { createUserUsage } from '../tasks/accounting/user-usage.js';
import type { BucketResults } from '../tasks/delivery/bucket-results.js';
import { atPresent } from '../tasks/delivery/current-origin.js';
import { createOriginalSources } from '../tasks/delivery/original-lookup.js';
import { createLedger, ledgerTable } from '../tasks/ledger/ledger.js';
import { createHints } from '../tasks/ledger/one-time-hints.js';
import { createRecent } from '../tasks/ledger/recent-results.js';
import { isolated } from '../tasks/ledger/record-check.js';
import { allOf } from '../tasks/ledger/task-index.js';
import { createAdmission } from '../tasks/lifecycle/admission.js';
import { createExtending } from '../tasks/lifecycle/extending/extending.js';
import { costsOnceSeen } from '../tasks/lifecycle/order-costs.js';
import { createRunner } from '../tasks/lifecycle/runner.js';
import type { Timing } from '../tasks/lifecycle/task-parts.js';
import type { Task } from '../tasks/model/task.js';
import { createDurations } from '../tasks/polling/duration-model.js';
import { createPoller } from '../tasks/polling/poller.js';
import { createQueue } from '../tasks/queue/slot-queue.js';
import { createClipRule } from '../tasks/sources/clip-rules.js';
import type { Cluster } from './cluster.js';
import { wireParameters } from './cos-paths.js';
import { createFiles, emptyArchive } from './media.js';
import { createHosting, createOwnBucket } from './own-bucket.js';
import { createPackingRules } from './provenance.js';
import { createDesk } from './reviews/review-desk.js';

/** Delays that tests shorten. */
export interface AppTiming extends Timing {
  /** ms between two edits of one card. */
  readonly cardsApartMs: number;
  /** ms from the start until old records are removed for the first time. */
  readonly firstPruneMs: number;
  /** ms between two removals of what users typed for orders that were refused or in doubt. */
  readonly typedPruneMs: number;
  /** ms without a byte after which a result is requested again. */
  readonly stallMs?: number;
  /** ms without a sign of life after which another process takes over an SQLite file. */
  readonly leaseMs?: number;
}

export interface Base {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly store: Store;
  readonly cluster: Cluster;
  readonly observer: Observer;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly timing: AppTiming;
  readonly decoder?: Decoder;
}

/** Who may spend how much: settings, limits and usage. */
function createSpending(
  { config, catalogue, store, cluster, observer, log, now }: Base,
  { recordSettings: record }: Pick<Moderation, 'recordSettings'>,
) {
  const accounts = createAccounts({ table: store.table('accounts') });
  const settings = createSettings({ table: store.table('settings', { kept: true }), log, now, record });
  const ceiling = toCeiling(config.quota.ceiling);
  const purse = cluster.people && createUserUsage({ people: cluster.people, now });
  const { owns } = cluster;
  const isWide = Object.keys({ ...ceiling.user, ...ceiling.total }).length > 0;
  const totals =
    cluster.totals && isWide ? createTotals({ shared: cluster.totals, owns, log, now }) : undefined;
  const { timeZone } = config.quota;
  const budget = watchBudget(
    createBudget({
      accounts,
      settings,
      ceiling,
      timeZone,
      purse,
      totals,
      now,
      currency: catalogue.currency,
    }),
    observer,
  );
  return { accounts, settings, ceiling, budget, totals, index: allOf(purse?.index, totals?.index) };
}

type Spending = ReturnType<typeof createSpending>;

/** Source images, and results being posted to Discord. */
async function createTransfers(
  { config, catalogue, observer, timing, log, now, decoder }: Base,
  { settings }: Pick<Spending, 'settings'>,
  bucket: CosBucket | undefined,
) {
  const files = await createFiles({
    config,
    log,
    now,
    bucket,
    retryMs: timing.retryMs,
    onMisresolved: observer.misresolved,
    onRefusedByBucket: observer.bucketRefused,
    ...(decoder && { decoder }),
    ...(timing.stallMs !== undefined && { stallMs: timing.stallMs }),
    rules: createPackingRules({ config, catalogue, settings }),
  });
  return {
    files,
    sources: watchSources(files.sources, observer),
    fetcher: watchFetcher(files.fetcher, observer),
    linked: watchFetcher(files.linked, observer),
    transfers: watchTransfers(files.transfers, observer),
  };
}

/** The persisted state: settings, usage and every task. */
async function createBooks(base: Base, bucket: CosBucket | undefined, rests: Rests) {
  const { store, cluster, observer, timing, log, now } = base;
  const oldMessages = store.table<unknown>('old_log_messages');
  const moderated = store.table<unknown>(moderationTable, { kept: true });
  const moderation = createModeration({ table: moderated, oldMessages, log, now });
  const { index, ...spending } = createSpending(base, moderation);
  const transfers = await createTransfers(base, spending, bucket);
  const noteInArchive = emptyArchive(transfers.files.archive, log);
  const recent = createRecent();
  const stopped = new AbortController();
  const reviewCopies = createReviewCopies({
    table: store.table('review_copies'),
    rests,
    find: (id) => ledger.find(id),
    log,
    now,
    signal: stopped.signal,
    retryMs: timing.retryMs,
  });
  const stars = createStars({ table: store.table('stars'), log });
  const noteOrder = noteOrders(moderation.recentOrders);
  const onTask: ((task: Task) => void)[] = [];
  const noteFor = (task: Task) => {
    for (const heard of onTask) heard(task);
  };
  const note = isolated(
    [spending.budget.note, recent.note, noteInArchive, reviewCopies.note, noteOrder, noteFor],
    log,
  );
  const table = store.table<unknown>(ledgerTable);
  const { owns, owners: shared } = cluster;
  const ledger = watchLedger(createLedger({ table, log, now, owns, note, index, shared }), observer);
  const guildStyles = createStylesTable({ table: store.table(moderationTable, { kept: true }), log });
  const preferences = createPreferencesTable({ table: store.table('preferences'), log });
  const stopReviewCopies = () => stopped.abort(new Error('Easel is stopping.'));
  return {
    ...spending,
    ...transfers,
    moderation,
    onTask,
    guildStyles,
    preferences,
    recent,
    stars,
    reviewCopies,
    stopReviewCopies,
    ledger,
  };
}

type Books = Awaited<ReturnType<typeof createBooks>>;

/** Discord's REST API, watched. */
function createWatchedRests({ config: { discord }, cluster, observer }: Base): Rests {
  const rests = createRests(discord.apiUrl, discord.token, cluster.share, cluster.confirm);
  watchRateLimits(rests, observer.discordLimited);
  rests.guard.watch({ invalid: observer.discordInvalid, near: observer.discordNearBan });
  return rests;
}

/** Outbound connections: to MPS and to Discord. */
function createWays(
  { config, catalogue, store, cluster, observer, timing, log, now }: Base,
  { ledger }: Pick<Books, 'ledger'>,
  keeping: BucketResults | undefined,
  rests: Rests,
) {
  const { endpoint, region, ...credentials } = config.mps;
  const { limits, use: limiterUse } = watchLimits(cluster.limits, observer, now);
  const transport = confirmed(createTransport(), cluster.confirm);
  const mps = createMpsClient({ endpoint, region, credentials, limits, log, now, transport });

  const enabled = { image: config.image.enabled, video: config.video.enabled };
  const cards = createCards({
    catalogue,
    enabled,
    extendMaxSeconds: config.video.extendMaxSeconds,
    keptIn: keeping?.keptIn,
  });
  const setCards = createSetCards({ catalogue, keptIn: keeping?.keptIn });
  const uploadLimits = createUploadLimits({ table: store.table('upload_limits'), rests, log, now });
  const inDiscord = createDelivery({
    rests,
    cards,
    setCards,
    limits: uploadLimits,
    ledger,
    log,
    now,
    cardsApartMs: timing.cardsApartMs,
  });
  const delivery = atPresent(watchDelivery(inDiscord, observer), ledger);
  const { removeResult } = inDiscord;
  return { enabled, mps, limits, limiterUse, rests, uploadLimits, delivery, removeResult };
}

/** Admits orders by the operator's catalogue, defaults and access rules. */
function admissionOf(
  { config, catalogue, cluster, log, now }: Base,
  parts: Pick<Parameters<typeof createAdmission>[0], 'ledger' | 'budget' | 'enabled'>,
) {
  return createAdmission({
    ...parts,
    catalogue,
    defaults: { duration: config.video.duration, audio: config.video.audio },
    additional: config.additionalParameters,
    access: config.access,
    extendMaxSeconds: config.video.extendMaxSeconds,
    place: cluster.place,
    log,
    now,
  });
}

type Ways = ReturnType<typeof createWays>;

/** When a task gets its slot, and when it is polled. */
function createScheduling({ config, store, cluster, log, now }: Base, { mps }: Pick<Ways, 'mps'>) {
  const { share } = cluster;
  const durations = createDurations({ table: store.table('durations'), log });
  const poller = createPoller({ mps, durations, log, now, intervalMs: config.pollIntervalMs, share });
  const queue = createQueue({ image: config.image.maxTasks, video: config.video.maxTasks }, cluster.slots);
  return { durations, poller, queue };
}

function extendingOf({ config, log, now }: Base, books: Books, ways: Ways, bucket?: CosBucket) {
  const freshen = createFreshLinks({ rests: ways.rests, cdn: stickerHost(config.discord.apiUrl), log });
  const { clips, decoder, spool, archive, clipSources } = books.files;
  const originals = createOriginalSources({ fetcher: books.linked, archive, bucket, log, now });
  const extending = createExtending({
    ...{ ledger: books.ledger, originals, delivery: ways.delivery },
    ...{ clips, decoder, spool, archive, download: clipSources.fetch, freshen, log },
  });
  return { freshen, extending };
}

interface RunnerParts extends ReturnType<typeof extendingOf> {
  readonly books: Books;
  readonly ways: Ways;
  readonly scheduling: ReturnType<typeof createScheduling>;
  readonly own: ReturnType<typeof createOwnBucket>;
  readonly hosting: ReturnType<typeof createHosting>['hosting'];
  readonly desk: ReturnType<typeof createDesk>['desk'];
}

function runnerOf(base: Base, parts: RunnerParts) {
  const { books, ways, scheduling, own, hosting, desk, freshen, extending } = parts;
  const { config, catalogue, timing, log, now } = base;
  const { bucket, keeping } = own ?? {};
  return createRunner({
    ...books,
    ...ways,
    ...scheduling,
    packing: books.files.packing,
    desk,
    hosting,
    freshen,
    costsOf: (request) => {
      const { duration, audio } = config.video;
      return costsOnceSeen(request, { catalogue, defaults: { duration, audio } });
    },
    extending,
    ...(config.video.extendMaxSeconds !== undefined && { extendMaxSeconds: config.video.extendMaxSeconds }),
    clipSources: books.files.clipSources,
    clipRule: createClipRule(catalogue),
    leastSide: ({ kind, model }) => catalogue.find(kind, model)?.sourceMinSide,
    toParameters: (request, task) => wireParameters(request, task, { config, catalogue, bucket }),
    permit: createPermit(books.moderation.blocks),
    keeping,
    log,
    now,
    timing,
  });
}

/** How moderators are asked. */
function deskOf({ catalogue, log, now }: Base, books: Books, { rests, uploadLimits: limits }: Ways) {
  const { settings, moderation, reviewCopies: kept } = books;
  const { copies } = books.files;
  const { journal } = moderation;
  return createDesk({ rests, settings, catalogue, limits, copies, kept, journal, log, now });
}

/** Everything from the admission of an order to the file in Discord. */
export async function createPipeline(base: Base) {
  const { config, store, timing, log, now, observer } = base;
  const own = createOwnBucket({ config, log, now, observer, retryMs: timing.retryMs });
  const { bucket, keeping } = own ?? {};
  const rests = createWatchedRests(base);
  const books = await createBooks(base, bucket, rests);
  const ways = createWays(base, books, keeping, rests);
  const hints = createHints({ table: store.table('hints'), log, now });
  const sourceHosting = createHosting(config, bucket, {
    delivery: ways.delivery,
    ledger: books.ledger,
    hints,
    log,
    retryMs: timing.retryMs,
  });
  const scheduling = createScheduling(base, ways);
  const { desk, moderatorsChannel } = deskOf(base, books, ways);
  const continuing = extendingOf(base, books, ways, bucket);
  return {
    ...books,
    ...ways,
    ...sourceHosting,
    ...scheduling,
    hints,
    desk,
    moderatorsChannel,
    bucket,
    extending: continuing.extending,
    closeBucket: async () => own?.close(),
    runner: runnerOf(base, {
      books,
      ways,
      scheduling,
      own,
      ...continuing,
      hosting: sourceHosting.hosting,
      desk,
    }),
    admission: admissionOf(base, { ledger: books.ledger, budget: books.budget, enabled: ways.enabled }),
  };
}

export type Works = Awaited<ReturnType<typeof createPipeline>>;
