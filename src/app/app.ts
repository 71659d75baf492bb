import type { Config } from '../config/config.js';
import { createOperatorChannel } from '../discord/services/operator-channel.js';
import type { Log } from '../log.js';
import type { Decoder } from '../media/decoding/decoder.js';
import type { Catalogue } from '../mps/catalogue/catalogue.js';
import { createStore, type Store } from '../store/store.js';
import { minute } from '../util/time.js';
import { createCluster } from './cluster.js';
import { GatewayClosedError } from './fatal-errors.js';
import { createFrontend } from './frontend.js';
import { createMaintenance } from './maintenance.js';
import { createOps } from './ops.js';
import type { AppTiming } from './pipeline/base.js';
import { createPipeline } from './pipeline/pipeline.js';

export { GatewayClosedError, LeaseLostError, StoreTakenError } from './fatal-errors.js';
export { commandsOf, requireFittingCommands, slashCommandsOf } from './registered-commands.js';

/** The whole bot. */
export interface App {
  /** Connects, registers changed commands and resumes unfinished tasks. */
  start(): Promise<void>;
  /** Stops taking orders, lets running steps finish, persists everything and disconnects. */
  stop(): Promise<void>;
  /** Tests the image library and logs if it doesn't work: orders with images are then refused. Never throws. */
  checkPictures(): Promise<void>;
  /** URL of the health server, `http://127.0.0.1:9464`; undefined if HEALTH_PORT is unset, and before the start. */
  healthUrl(): string | undefined;
}

export interface AppDeps {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now?: () => number;
  /**
   * The app closes it.
   * @default the store at STORE_URL
   */
  readonly store?: Store;
  /**
   * Its owner closes it. Tests share one: each starts a process for its first image.
   * @default one of its own, with the memory of the configuration
   */
  readonly decoder?: Decoder;
  /** Easel can't continue with this setup and should be stopped: GatewayClosedError, StoreTakenError. */
  readonly onFatal?: (error: Error) => void;
  /** Delays that tests shorten. */
  readonly timing?: Partial<AppTiming>;
  /** Called with what the start is doing, such as "connecting to Discord's gateway". */
  readonly onPhase?: (what: string) => void;
}

const usualTiming = {
  slowPollMs: minute,
  // The answer must come while users are still waiting for it.
  unreachableMs: 5 * minute,
  retryMs: 1_000,
  cardsApartMs: 3_000,
  // Reading all records can wait until Easel answers users.
  firstPruneMs: minute,
  // They are kept for an hour, also over a restart.
  typedPruneMs: minute,
} as const satisfies Partial<AppTiming>;

/** Builds the bot, innermost parts first. Nothing is connected before `start`. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { onPhase = () => {} } = deps;
  const parts = await createParts(deps, onPhase);
  return {
    start: () => start(parts, onPhase),
    stop: () => stop(parts),
    checkPictures: parts.works.files.checkPictures,
    healthUrl: parts.ops.url,
  };
}

type Parts = Awaited<ReturnType<typeof createParts>>;
type OnPhase = NonNullable<AppDeps['onPhase']>;

async function createParts(deps: AppDeps, onPhase: OnPhase) {
  const { config, catalogue, now = Date.now, onFatal = () => {} } = deps;
  const ops = createOps({ config, log: deps.log, now });
  const { observer, log } = ops;
  onPhase('opening the store at STORE_URL');
  const store = deps.store ?? (await createStore(config.storeUrl, { log, guarded: true }));
  let abandon = () => {};
  const onLost = (error: Error) => {
    abandon();
    onFatal(error);
  };
  const timing = timingOf(config, deps.timing);
  const { leaseMs } = timing;
  const cluster = await createCluster({ config, store, log, now, leaseMs, onLost });
  const { decoder } = deps;
  const base = { config, catalogue, store, cluster, observer, timing, log, now, ...(decoder && { decoder }) };
  const works = await createPipeline(base);
  const onClosedForGood = (code: number) => onFatal(new GatewayClosedError(code));
  const status = () => ops.status({ ...works, store });
  const front = createFrontend({ ...base, works, status, onClosedForGood });
  abandon = front.inFlight.abandon;
  const { drafts, proposals, mentions, reports, serveOthers: onTakenUp } = front;
  const upkeep = createMaintenance({
    ...base,
    works,
    drafts,
    proposals,
    mentions,
    reports,
    onTakenUp,
    onFatal,
  });
  const operatorChannel = operatorChannelOf(config, works);
  return { ops, log, store, cluster, works, front, upkeep, operatorChannel };
}

async function start(parts: Parts, onPhase: OnPhase): Promise<void> {
  const { ops, log, store, works, upkeep, operatorChannel } = parts;
  const { gateway } = parts.front;
  const { shards } = gateway;
  // A process that is rejected here has touched nothing yet: no port, login, command or row.
  onPhase('waiting for the lease of the store, which another Easel may hold');
  await upkeep.admit();
  upkeep.tellLimits();
  upkeep.warnOfUnpriced();
  await ops.start({ ...works, store, shards, ...(operatorChannel && { operatorChannel }) });
  // Before the first command can arrive, unfinished tasks are loaded and the store is known to work.
  onPhase("reading unfinished tasks, or waiting for this process's shards");
  await upkeep.takeUpWork();
  onPhase("connecting to Discord's gateway");
  const applicationId = await gateway.connect();
  log.info({ applicationId }, 'Easel is connected');
  onPhase('registering the commands with Discord');
  await upkeep.register(applicationId);
}

/** In reverse order of the start. */
async function stop({ ops, store, cluster, works, front, upkeep }: Parts): Promise<void> {
  const { gateway, inFlight } = front;
  upkeep.stop();
  front.close();
  works.admission.close();
  // Interactions in flight are answered or persisted while the ledger can still be written.
  await Promise.all([works.runner.stop(), inFlight.emptied()]);
  await works.ledger.close();
  await works.durations.close();
  await works.totals?.close();
  await gateway.close();
  await inFlight.emptied();
  await Promise.all([works.limits.close(), works.mps.close(), works.files.close(), works.closeBucket()]);
  await ops.stop();
  await cluster.close();
  await store.close();
}

/** Where the operator is told what they must act on; undefined without OPERATOR_CHANNEL_ID. */
function operatorChannelOf(
  { operatorChannelId: channelId }: Config,
  { rests, settings }: Pick<Awaited<ReturnType<typeof createPipeline>>, 'rests' | 'settings'>,
) {
  return channelId === undefined ? undefined : createOperatorChannel({ rests, settings, channelId });
}

function timingOf(
  { taskTimeoutMs: timeoutMs, notifyAfterMs }: Config,
  changes: AppDeps['timing'] = {},
): AppTiming {
  const notify = notifyAfterMs === undefined ? {} : { notifyAfterMs };
  return { ...usualTiming, timeoutMs, ...notify, ...changes };
}
