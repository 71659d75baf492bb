import { stickerHost } from '../discord/input/message-images.js';
import { createResultPreviews } from '../discord/input/result-previews.js';
import { createAckGate } from '../discord/interactions/ack-gate.js';
import { createAcknowledge } from '../discord/interactions/acknowledgement.js';
import { createDeferredReplies } from '../discord/interactions/deferred-reply.js';
import { createMessageDeletion } from '../discord/interactions/message-deletion.js';
import { createDrafts } from '../discord/interactions/modal-drafts.js';
import { createOrderRefusals, type OrderRefusals } from '../discord/interactions/order-refusals.js';
import { createProposals } from '../discord/interactions/proposals.js';
import { createResponder } from '../discord/interactions/responder.js';
import { createLogBook } from '../discord/moderation/log-book.js';
import { createModeratorService, type ModeratorService } from '../discord/moderation/moderator-service.js';
import { createRemovals } from '../discord/moderation/removals.js';
import { createCommandMentions } from '../discord/rest/command-mentions.js';
import { createGuildLanguage } from '../discord/review/guild-language.js';
import { createReportPosts } from '../discord/review/report-post.js';
import { createReportRows } from '../discord/review/report-rows.js';
import { createReports } from '../discord/review/reports.js';
import type { Bot, ServiceStatus } from '../discord/services/bot.js';
import { createDataDeletion, type DataDeletion, type UserData } from '../discord/services/data-deletion.js';
import { createDeletedTargets } from '../discord/services/deleted-targets.js';
import { createGallery, type Gallery } from '../discord/services/gallery.js';
import { createGuildService, type GuildService } from '../discord/services/guild-service.js';
import { createHeldResults } from '../discord/services/held-results.js';
import { createOrders } from '../discord/services/orders.js';
import { createOriginalFiles } from '../discord/services/original-files.js';
import { createPlaceOrder } from '../discord/services/place-order.js';
import { createQuotaService } from '../discord/services/quota-service.js';
import { createRemoteTasks } from '../discord/services/remote-tasks.js';
import { createReportActs } from '../discord/services/reviews/report-acts.js';
import { createReviewService } from '../discord/services/reviews/review-service.js';
import { createStyleService, type StyleService } from '../discord/services/styles/style-service.js';
import { createTaskService } from '../discord/services/task-service.js';
import { createPoster } from '../discord/showcase/poster.js';
import { createShowcase, type Showcase } from '../discord/showcase/showcase.js';
import { moderationTable } from '../moderation/moderation.js';
import { createOriginalSources } from '../tasks/delivery/original-lookup.js';
import { createTurnTimes } from '../tasks/queue/turn-times.js';
import type { Base } from './pipeline/base.js';
import type { Works } from './pipeline/pipeline.js';

export type ServicesDeps = Pick<
  Base,
  'config' | 'catalogue' | 'store' | 'cluster' | 'timing' | 'log' | 'now'
> & {
  readonly works: Works;
  readonly status: () => Promise<ServiceStatus>;
  /** Ends background work. */
  readonly signal: AbortSignal;
};

/** The services behind commands and events, innermost first. */
export function createServices(deps: ServicesDeps) {
  const { config, catalogue, cluster, works, log, now } = deps;
  const { settings, accounts, budget, ledger, runner, queue, poller, ceiling } = works;
  const responder = createResponder(works.rests);
  const remoteTasks = createRemoteTasks(cluster);
  const deletedTargets = createDeletedTargets({ settings, log });
  const cdn = stickerHost(config.discord.apiUrl);
  const styles = stylesOf(deps, cdn);
  const guilds = createGuildService({
    settings,
    deletedTargets,
    styles,
    offer: { catalogue, config },
    chosenLanguage: styles.languageOf,
  });
  const { locale } = guilds;
  const turns = createTurnTimes({ queue, ledger, poller, durations: works.durations, now });
  const { drafts, proposals, refusals } = typedOf(deps);
  const showcase = showcaseOf(deps);
  const gallery = galleryOf(deps, { responder, remoteTasks, showcase });
  const heldResults = createHeldResults({ ledger, runner, responder, remoteTasks, locale, log, now });
  const moderation = moderatorsOf(deps, showcase);
  const { reports, reportActs } = reportsOf(deps, gallery, moderation.service);
  const dataDeletion = dataDeletionOf(deps, remoteTasks, {
    tables: [drafts, proposals, reports],
    showcase,
    onForgotten: () => void moderation.logBook.catchUp(),
  });
  const messageDeletion = messageDeletionOf(deps, responder, dataDeletion);
  const mentions = createCommandMentions({ rest: works.rests.bot, log, now });
  const { desk } = works;
  const reviews = createReviewService({ ledger, runner, desk, remoteTasks });
  const bot: Bot = {
    orders: ordersOf(deps, { guilds, styles, responder, refusals }),
    tasks: createTaskService({ ledger, accounts, runner, turns, poller, remoteTasks, now }),
    heldResults,
    originals: originalsOf(deps, responder),
    gallery,
    reviews,
    reports: { ...reports, ...reportActs },
    moderation: moderation.service,
    guilds,
    styles,
    texts: works.files.texts,
    quota: createQuotaService({ settings, budget, ledger, ceiling, timeZone: config.quota.timeZone, now }),
    dataDeletion,
    messageDeletion,
    showcase,
    responder,
    deferred: createDeferredReplies({ responder, locale, log }),
    drafts,
    proposals,
    refusals,
    mentions,
    status: deps.status,
    config,
    catalogue,
    cdn,
    sourcesIn: works.sourcesIn,
    now,
  };
  const data = { dataDeletion, messageDeletion, drafts, proposals, mentions, reports };
  return { bot, responder, deletedTargets, gallery, heldResults, reviews, showcase, moderation, ...data };
}

/** What users typed for orders that were refused, or that are still open in a form. */
function typedOf({ store, log, now }: ServicesDeps) {
  const drafts = createDrafts({ table: store.table('drafts'), log, now });
  const proposals = createProposals({ table: store.table('proposals'), now });
  return { drafts, proposals, refusals: createOrderRefusals({ proposals, log }) };
}

/** Members tell moderators about results, and what those do then. */
function reportsOf(
  { store, cluster, works, signal, log, now }: ServicesDeps,
  gallery: Pick<Gallery, 'noteDeleted'>,
  moderators: Pick<ModeratorService, 'block'>,
) {
  const { settings, ledger, rests, uploadLimits: limits, files, moderation, reviewCopies: kept } = works;
  const { requireHidden } = works.moderatorsChannel;
  const { journal } = moderation;
  const languageOf = createGuildLanguage({ rests, settings, now });
  const rows = createReportRows({ table: store.table('reports'), now });
  const { copies } = files;
  const posts = createReportPosts({ rests, limits, copies, log, now });
  const parts = { rows, posts, ledger, settings, kept, journal, languageOf, requireHidden };
  const reports = createReports({ ...parts, serves: cluster.serves, signal, log, now });
  const acts = { reports, ledger, rests, gallery, moderators, journal, languageOf };
  return { reports, reportActs: createReportActs({ ...acts, now }) };
}

type Responder = ReturnType<typeof createResponder>;

function stylesOf({ works, log, now }: ServicesDeps, cdn: string): StyleService {
  const { guildStyles: guilds, preferences: users, moderation, rests } = works;
  return createStyleService({ guilds, users, journal: moderation.journal, rests, cdn, log, now });
}

interface OrdersDeps {
  readonly guilds: GuildService;
  readonly styles: StyleService;
  readonly responder: Responder;
  readonly refusals: OrderRefusals;
}

function ordersOf({ catalogue, works, log, now }: ServicesDeps, deps: OrdersDeps) {
  const { guilds, styles, responder, refusals } = deps;
  const { admission, ledger, runner, delivery, open } = works;
  const { gate } = works.moderation;
  const ackGate = createAckGate();
  const placeOrder = createPlaceOrder({
    admission,
    ledger,
    runner,
    gate,
    catalogue,
    chosenLanguage: styles.languageOf,
    ackGate,
    log,
  });
  const acknowledge = createAcknowledge({ responder, open, delivery, ackGate, log, now });
  return createOrders({ placeOrder, acknowledge, guilds, styles, refusals, now });
}

type RemoteTasks = ReturnType<typeof createRemoteTasks>;

function galleryOf(
  { config, works, log, now }: ServicesDeps,
  parts: { readonly responder: Responder; readonly remoteTasks: RemoteTasks; readonly showcase: Showcase },
) {
  const { recent, ledger, stars, removeResult } = works;
  const previews = createResultPreviews({ rests: works.rests, log });
  const { retentionMs } = config;
  return createGallery({ ...parts, recent, ledger, stars, previews, removeResult, retentionMs, log, now });
}

/** Everything that is kept of users and guilds. */
function dataDeletionOf(
  { works, log }: ServicesDeps,
  remoteTasks: RemoteTasks,
  others: {
    readonly tables: readonly UserData[];
    readonly showcase: Showcase;
    readonly onForgotten: () => void;
  },
) {
  const { showcase } = others;
  const { settings, ledger, moderation, guildStyles } = works;
  const { uploadLimits, hints, preferences, runner } = works;
  const tables = [...others.tables, uploadLimits, hints, preferences, moderation.journal, showcase];
  const guildTables = [guildStyles, moderation, showcase];
  return createDataDeletion({
    settings,
    ledger,
    remoteTasks,
    tables,
    guildTables,
    recheck: runner.recheck,
    onForgotten: others.onForgotten,
    log,
  });
}

function moderatorsOf(deps: ServicesDeps, showcase: Showcase) {
  const { store, cluster, catalogue, works, timing, signal, log, now } = deps;
  const { rules, journal } = works.moderation;
  const { ledger, runner, rests } = works;
  const table = store.table<unknown>(moderationTable);
  const { serves } = cluster;
  const removals = createRemovals({ table, journal, ledger, showcase, serves, rests, signal, log, now });
  const more = { ledger, runner, removals, showcase, log, now };
  const service = createModeratorService({ ...works.moderation, ...more });
  const languageOf = createGuildLanguage({ rests, settings: works.settings, now });
  const { cardsApartMs: gatherMs } = timing;
  const parts = { table, journal, rules, ledger, catalogue, rests, languageOf, serves, log, now, gatherMs };
  const logBook = createLogBook(parts);
  works.onTask.push(logBook.noteTask);
  signal.addEventListener('abort', logBook.close);
  return { service, removals, logBook };
}

function messageDeletionOf(deps: ServicesDeps, responder: Responder, dataDeletion: DataDeletion) {
  const { store, cluster, works, signal, log } = deps;
  const { ledger, settings, rests } = works;
  const table = store.table('message_deletions');
  const { serves } = cluster;
  const parts = { ledger, settings, rests, responder, dataDeletion, serves, signal, log };
  return createMessageDeletion({ table, ...parts });
}

/** Stars, and the channel that shows what has many. */
function showcaseOf(deps: ServicesDeps): Showcase {
  const { catalogue, cluster, works, signal, log, now } = deps;
  const { stars, settings, ledger, recent, rests, transfers, files } = works;
  return createShowcase({
    stars,
    poster: createPoster(rests),
    settings,
    ledger,
    recent,
    rests,
    catalogue,
    transfers,
    fetch: files.fetchUpload,
    discard: files.discard,
    async mayShow(guildId, userId) {
      if ((await works.preferences.get(userId)).showcase === false) return false;
      return !(await works.moderation.blocks.of(guildId, userId));
    },
    onTakenDown({ guildId, taskId, authorId }) {
      const entry = { guildId, act: 'showcase.removed', at: now(), about: authorId, taskId } as const;
      works.moderation.journal.note(entry).catch((error: unknown) => {
        log.warn({ task: taskId, err: error }, 'a removal from the showcase could not be put on record');
      });
    },
    serves: cluster.serves,
    signal,
    log,
    now,
  });
}

function originalsOf({ works, log, now }: ServicesDeps, responder: Responder) {
  const { linked, files, bucket, transfers, rests, extending } = works;
  const sources = createOriginalSources({ fetcher: linked, archive: files.archive, bucket, log, now });
  return createOriginalFiles({ sources, extending, transfers, responder, rests, log, now });
}
