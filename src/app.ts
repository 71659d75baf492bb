import { everything } from '../commands/index.js';
import { reply } from '../commands/reply.js';
import { createCluster } from './app/cluster.js';
import { GatewayClosedError, StoreTakenError } from './app/fatal.js';
import { createFiles, emptyArchive } from './app/files.js';
import { commandsOf } from './app/offered.js';
import { createOps } from './app/ops.js';
import { lastingPlace, stickerHost, wireParameters } from './app/places.js';
import { createPackingRules } from './app/provenance.js';
import type { Config } from './config.js';
import { createAbsence } from './discord/absence.js';
import { createBulletin } from './discord/bulletin.js';
import { createCards } from './discord/cards.js';
import { createGateway } from './discord/client.js';
import type { Easel } from './discord/command.js';
import { createDelivery } from './discord/deliver.js';
import { createDesk } from './discord/desk.js';
import { createDispatch } from './discord/dispatch.js';
import { createDrafts } from './discord/drafts.js';
import { createGallery } from './discord/gallery.js';
import { createGate } from './discord/gate.js';
import { createHearing } from './discord/hearing.js';
import { drawForm } from './discord/modal.js';
import { createOrders } from './discord/orders.js';
import { createOriginals } from './discord/originals.js';
import { registerCommands } from './discord/register.js';
import { createResponder } from './discord/respond.js';
import { createRests, watchRateLimits } from './discord/rest.js';
import { createTickets } from './discord/tickets.js';
import { createUploadLimits } from './discord/upload-limit.js';
import type { Log } from './log.js';
import { createCosBucket } from './media/cos.js';
import { createMpsClient } from './mps/client.js';
import type { Catalogue } from './mps/models.js';
import {
  watchBudget,
  watchDelivery,
  watchFetcher,
  watchLedger,
  watchLimits,
  watchSources,
} from './ops/watch.js';
import { createAccounts } from './quota/account.js';
import { toCeiling } from './quota/ceiling.js';
import { createSettings } from './quota/settings.js';
import { createStore, type Store } from './store.js';
import { createAdmission, unpriced } from './tasks/admission.js';
import { createBudget } from './tasks/budget.js';
import { createDurations } from './tasks/durations.js';
import { hostInCos, hostOnAnswer } from './tasks/hosting.js';
import { createLedger } from './tasks/ledger.js';
import { createOriginalSources } from './tasks/originals.js';
import { createPoller } from './tasks/poller.js';
import { createQueue } from './tasks/queue.js';
import { createRecent } from './tasks/recent.js';
import { createRunner, type Timing } from './tasks/runner.js';
import type { Task } from './tasks/task.js';

export { GatewayClosedError, LeaseLostError, StoreTakenError } from './app/fatal.js';
export { commandsOf, slashCommandsOf } from './app/offered.js';

/** The whole bot. */
export interface App {
  /** Connects, registers commands that changed, and goes on with unfinished tasks. */
  start(): Promise<void>;
  /** Takes no more orders, lets running acts end, writes everything down and disconnects. */
  stop(): Promise<void>;
  /** Where health can be asked for, `http://127.0.0.1:9464`; undefined where HEALTH_PORT is unset, and before the start. */
  healthUrl(): string | undefined;
}

export interface AppDeps {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now?: () => number;
  /** The one at STORE_URL unless given; the app closes it. */
  readonly store?: Store;
  /** The address of COS_BUCKET; Tencent's own unless given. */
  readonly cosEndpoint?: string;
  /** Easel cannot go on as it is set up, and should be stopped: GatewayClosedError, StoreTakenError. */
  readonly onFatal?: (error: Error) => void;
  /** Waits that tests shorten. */
  readonly timing?: Partial<AppTiming>;
}

interface AppTiming extends Timing {
  /** ms between two cards on one message. */
  readonly cardsApartMs: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;
const usualTiming = {
  slowPollMs: minute,
  // An answer must come while people still wait for it.
  unreachableMs: 5 * minute,
  retryMs: 1_000,
  cardsApartMs: 3_000,
} as const satisfies Partial<AppTiming>;

/** Builds the bot, innermost parts first. Nothing is connected before `start`. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { config, catalogue, now = Date.now, onFatal = () => {} } = deps;
  const ops = createOps({ config, log: deps.log, now });
  const { observer, log } = ops;
  const store = deps.store ?? (await createStore(config.storeUrl, { log }));
  const { taskTimeoutMs: timeoutMs, notifyAfterMs } = config;
  const timing = {
    ...{ ...usualTiming, timeoutMs },
    ...(notifyAfterMs !== undefined && { notifyAfterMs }),
    ...deps.timing,
  };
  const cluster = createCluster({ config, store, log, now, onLost: onFatal });
  const stopping = new AbortController();
  const accounts = createAccounts({ table: store.table('accounts') });
  const settings = createSettings({ table: store.table('settings'), log, now });
  const ceiling = toCeiling(config.quota.ceiling);
  const budget = watchBudget(
    createBudget({ accounts, settings, ceiling, timeZone: config.quota.timeZone, now }),
    observer,
  );
  const files = await createFiles({
    ...{ config, log, now, retryMs: timing.retryMs },
    rules: createPackingRules({ config, catalogue, settings, log }),
  });
  const { packing, transfers, results, archive } = files;
  const sources = watchSources(files.sources, observer);
  const fetcher = watchFetcher(files.fetcher, observer);
  const noteInArchive = emptyArchive(archive, log);
  const recent = createRecent();
  const note = (task: Task) => {
    budget.note(task);
    recent.note(task);
    noteInArchive(task);
  };
  const ledger = watchLedger(
    createLedger({ table: store.table('tasks'), log, now, owns: cluster.owns, note }),
    observer,
  );

  const { endpoint, region, ...credentials } = config.mps;
  const { limits, use: limiterUse } = watchLimits(cluster.limits, observer, now);
  const mps = createMpsClient({ endpoint, region, credentials, limits, log, now });

  const rests = createRests(config.discord.apiUrl, config.discord.token, cluster.share);
  watchRateLimits(rests, observer.discordLimited);
  const { operatorChannelId: channelId } = config;
  const bulletin = channelId === undefined ? undefined : createBulletin({ rests, settings, channelId });
  const enabled = { image: config.image.enabled, video: config.video.enabled };
  const uploadLimits = createUploadLimits({ table: store.table('upload_limits'), rests, log, now });
  const delivery = watchDelivery(
    createDelivery({
      ...{ rests, cards: createCards({ catalogue, enabled }), limits: uploadLimits, ledger, log, now },
      cardsApartMs: timing.cardsApartMs,
    }),
    observer,
  );
  const bucket =
    config.cos &&
    createCosBucket({
      ...{ ...config.cos, credentials, addresses: results, now, retryMs: timing.retryMs },
      ...(deps.cosEndpoint && { endpoint: deps.cosEndpoint }),
    });
  const sourceBucket = config.sourceHost === 'cos' ? bucket : undefined;
  const durations = createDurations({ table: store.table('durations'), log });
  const poller = createPoller({ mps, durations, log, now, intervalMs: config.pollIntervalMs });
  const queue = createQueue({ image: config.image.maxTasks, video: config.video.maxTasks }, cluster.slots);
  const runner = createRunner({
    ledger,
    budget,
    queue,
    mps,
    poller,
    durations,
    sources,
    fetcher,
    packing,
    transfers,
    delivery,
    hosting: sourceBucket ? hostInCos({ bucket: sourceBucket, log }) : hostOnAnswer(delivery, timing),
    toParameters: (request, task) => wireParameters(request, task, config, catalogue),
    lastingPlace: (task) => config.cos && lastingPlace(task, config.cos),
    log,
    now,
    timing,
  });

  const defaults = { duration: config.video.duration, audio: config.video.audio };
  const admission = createAdmission({
    ...{ ledger, budget, catalogue, enabled, defaults, log, now },
    place: cluster.place,
  });
  const responder = createResponder(rests);
  const { timeZone } = config.quota;
  const desk = createDesk({
    settings,
    budget,
    ledger,
    responder,
    offer: { catalogue, config },
    ceiling,
    timeZone,
    log,
    now,
  });
  const order = createOrders({
    admission,
    ledger,
    runner,
    responder,
    delivery,
    catalogue,
    rules: desk.rules,
    log,
    now,
  });
  const originals = createOriginals({
    sources: createOriginalSources({ fetcher: files.linked, archive, bucket, log, now }),
    ...{ responder, rests, log, now },
  });
  const tickets = createTickets({
    ...{ ledger, runner, queue, poller, responder, locale: desk.locale, log, now },
  });
  const gallery = createGallery({ recent, ledger, retentionMs: config.retentionMs, log, now });
  const drafts = createDrafts({ table: store.table('drafts'), log, now });
  const cdn = stickerHost(config.discord.apiUrl);
  const easel: Easel = {
    ...{ config, catalogue, order, ...originals, ...tickets, ...gallery, ...desk, drafts, cdn },
    async remove(interaction, id) {
      await responder.remove(interaction);
      await gallery.noteGone(id, interaction.message.id);
    },
    async forget(userId) {
      await drafts.forget(userId);
      return desk.forget(userId);
    },
    openForm: (interaction, form) => responder.open(interaction, drawForm(form, form.locale)),
  };
  const gate = createGate();
  const dispatch = createDispatch({ ...everything, easel, responder, gate, log });
  const onMention = createHearing({
    ...{ mention: reply, admission, runner, settings, rests, gate, catalogue, config, cdn, log },
  });
  const lookForGone = createAbsence({
    ...{ table: store.table('identity'), settings, ledger, forgetGuild: desk.forgetGuild, log },
  });
  const gateway = createGateway({
    ...config.discord,
    onInteraction: dispatch,
    onGuildGone: desk.forgetGuild,
    onGuildsNamed: lookForGone,
    onMessagesGone: gallery.noteRemoved,
    onMention,
    onClosedForGood: (code) => onFatal(new GatewayClosedError(code)),
    identify: cluster.identify,
    log,
  });

  let retry: NodeJS.Timeout | undefined;
  let retryRegistering: NodeJS.Timeout | undefined;
  let pruningAtStart: NodeJS.Timeout | undefined;
  const pruning = setInterval(() => void prune(), day).unref();

  /** Reads the ledger and goes on with what it holds; while it cannot be read, orders are turned away with a sentence. */
  async function takeUpWork(waitMs = 1_000): Promise<void> {
    try {
      await cluster.admit(stopping.signal);
      await accounts.load();
      // Opened now: were the database locked later, every first reader would wait for it in turn.
      await settings.get('none');
      await ledger.load();
    } catch (error) {
      stopping.signal.throwIfAborted();
      if (error instanceof StoreTakenError) return onFatal(error);
      log.error({ err: error, againInMs: waitMs }, 'the ledger cannot be read; no orders are taken');
      retry = setTimeout(() => void takeUpWork(Math.min(waitMs * 2, minute)), waitMs);
      return;
    }
    await durations.load();
    runner.resume();
    // A walk through all records can wait until Easel is there for people.
    pruningAtStart = setTimeout(() => void prune(), minute).unref();
  }

  /** A limit on money stops nothing that has no price: the operator is to know. */
  function warnOfUnpriced(): void {
    const limits = Object.keys(config.quota.ceiling).filter((name) => name.includes('_COST_'));
    const models = unpriced(catalogue, enabled).map(({ label }) => label);
    if (limits.length > 0 && models.length > 0)
      log.warn(
        { limits, models },
        'money is limited, but models without a price are on offer: set MODELS_FILE',
      );
  }

  /** What is registered already goes on working: that it cannot be renewed just now is no reason to stop. */
  async function register(applicationId: string): Promise<void> {
    try {
      const changed = await registerCommands(rests.bot, applicationId, commandsOf({ config, catalogue }));
      log.info({ commands: changed ? 'registered anew' : 'unchanged' }, 'commands are registered');
    } catch (error) {
      log.error({ err: error }, 'commands could not be registered');
      retryRegistering = setTimeout(() => void register(applicationId), minute);
    }
  }

  async function prune(): Promise<void> {
    try {
      const removed = await ledger.prune(now() - config.retentionMs);
      await drafts.prune();
      await archive?.prune(now() - config.retentionMs);
      log.info({ removed }, 'old tasks were removed');
    } catch (error) {
      log.error({ err: error }, 'old tasks could not be removed');
    }
  }

  return {
    async start() {
      warnOfUnpriced();
      await ops.start({
        ...{ ledger, queue, budget, store, mps, limiterUse, shards: gateway.shards },
        ...(bulletin && { bulletin }),
      });
      // Before the first command can come: what is unfinished is known, and the store has shown that it works.
      await takeUpWork();
      const applicationId = await gateway.connect();
      log.info({ applicationId }, 'Easel is connected');
      if (cluster.isFirst) await register(applicationId);
    },
    async stop() {
      stopping.abort(new Error('Easel is stopping.'));
      clearTimeout(retry);
      clearTimeout(retryRegistering);
      clearTimeout(pruningAtStart);
      clearInterval(pruning);
      gate.close();
      admission.close();
      // Who is inside is answered, or taken durably, while the ledger can still be written.
      await Promise.all([runner.stop(), gate.emptied()]);
      ledger.close();
      await durations.close();
      await gateway.close();
      await gate.emptied();
      await Promise.all([limits.close(), mps.close(), files.close()]);
      await ops.stop();
      await cluster.close();
      await store.close();
    },
    healthUrl: ops.url,
  };
}
