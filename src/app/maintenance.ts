import type { Drafts } from '../discord/interactions/modal-drafts.js';
import type { Proposals } from '../discord/interactions/proposals.js';
import type { CommandMentions } from '../discord/rest/command-mentions.js';
import { putCommands } from '../discord/rest/command-registration.js';
import type { Reports } from '../discord/review/reports.js';
import { journalMs } from '../moderation/journal.js';
import { limitsInForce } from '../ops/doctor/limits.js';
import { describeSpending, spendingOf } from '../ops/doctor/spending.js';
import { StoreError } from '../store/store.js';
import { unpriced } from '../tasks/lifecycle/admission.js';
import { retry } from '../util/retry.js';
import { day, minute } from '../util/time.js';
import { StoreTakenError } from './fatal-errors.js';
import type { Base } from './pipeline/base.js';
import type { Works } from './pipeline/pipeline.js';
import { commandsOf, createRegistering } from './registered-commands.js';

type Deps = Pick<Base, 'config' | 'catalogue' | 'cluster' | 'timing' | 'log' | 'now'> & {
  readonly works: Works;
  readonly drafts: Pick<Drafts, 'prune'>;
  readonly proposals: Pick<Proposals, 'prune'>;
  readonly mentions: Pick<CommandMentions, 'learn' | 'connected'>;
  readonly reports: Pick<Reports, 'prune'>;
  /** Unfinished tasks are loaded and have resumed. */
  readonly onTakenUp: () => void;
  readonly onFatal: (error: Error) => void;
};

/** Work at the start and at intervals: resuming tasks, registering commands, removing old records. */
export function createMaintenance(deps: Deps) {
  const { timing, works, onTakenUp, onFatal, log } = deps;
  const { runner } = works;
  const stopping = new AbortController();
  const registration = createRegistration(deps);
  let nextTry: NodeJS.Timeout | undefined;
  let pruningAtStart: NodeJS.Timeout | undefined;
  let pruningTyped: NodeJS.Timeout | undefined;
  const pruning = setInterval(() => void prune(deps), day).unref();

  /**
   * Reads the ledger and resumes its tasks. While it can't be read, orders are refused with a message.
   * @throws StoreTakenError
   */
  async function takeUpWork(waitMs = 1_000): Promise<void> {
    try {
      await loadWork(deps, stopping.signal);
    } catch (error) {
      stopping.signal.throwIfAborted();
      if (error instanceof StoreTakenError) throw error;
      log.error({ err: error, againInMs: waitMs }, 'the ledger cannot be read; no orders are accepted');
      nextTry = setTimeout(() => void takeUpAgain(Math.min(waitMs * 2, minute)), waitMs);
      return;
    }
    void works.auto?.tryOut(stopping.signal);
    runner.resume();
    onTakenUp();
    pruningAtStart = setTimeout(() => void prune(deps), timing.firstPruneMs).unref();
    pruningTyped = setInterval(() => void pruneTyped(deps), timing.typedPruneMs).unref();
  }

  async function takeUpAgain(waitMs: number): Promise<void> {
    try {
      await takeUpWork(waitMs);
    } catch (error) {
      if (!stopping.signal.aborted) onFatal(error instanceof Error ? error : new Error(String(error)));
    }
  }

  return {
    tellLimits: () => tellLimits(deps),
    warnOfUnpriced: () => warnOfUnpriced(deps),
    admit: () => admit(deps, stopping.signal),
    takeUpWork: () => takeUpWork(),
    register: registration.register,
    stop() {
      stopping.abort(new Error('Easel is stopping.'));
      clearTimeout(nextTry);
      registration.stop();
      clearTimeout(pruningAtStart);
      clearInterval(pruningTyped);
      clearInterval(pruning);
    },
  };
}

function createRegistration(deps: Deps) {
  const { cluster, log } = deps;
  let registering: ReturnType<typeof createRegistering> | undefined;
  return {
    async register(applicationId: string): Promise<void> {
      deps.mentions.connected(applicationId);
      if (!cluster.isFirst) return;
      registering?.stop();
      registering = createRegistering({ attempt: () => registerNow(deps, applicationId), log });
      await registering.register();
    },
    stop: () => registering?.stop(),
  };
}

async function registerNow(deps: Deps, applicationId: string): Promise<void> {
  const { works, config, catalogue, mentions, log } = deps;
  const { bot } = works.rests;
  const { changed, listed } = await putCommands(bot, applicationId, commandsOf({ config, catalogue }));
  mentions.learn(listed);
  log.info({ commands: changed ? 'updated' : 'unchanged' }, 'commands are registered');
}

async function loadWork({ cluster, works }: Deps, signal: AbortSignal): Promise<void> {
  const { accounts, settings, ledger, durations, stars } = works;
  await cluster.admit(signal);
  // Open the settings now: if the database were locked later, each first reader would wait for it in turn.
  await Promise.all([accounts.load(), settings.get('none'), durations.load(), stars.load()]);
  // Last, because it lets orders in, and the ledger must not be read again after that.
  await ledger.load();
}

/**
 * Takes the store's lease before anything else is touched. If several processes wait for it, `takeUpWork` does so
 * instead, when this process can already be inspected. A failing store is left to `takeUpWork` too, so that users
 * get an answer; but a locked one may belong to another Easel.
 * @throws StoreTakenError; the signal's reason.
 */
async function admit({ cluster, timing }: Deps, signal: AbortSignal): Promise<void> {
  if (cluster.waits) return;
  const { retryMs } = timing;
  await retry(() => cluster.admit(signal), {
    firstMs: retryMs,
    maxMs: retryMs,
    jitter: false,
    signal,
    onFailure(error) {
      if (!(error instanceof StoreError && error.reason === 'locked')) throw error;
    },
  }).catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
  });
}

function tellLimits({ config, catalogue, log }: Deps): void {
  const { ceiling, timeZone } = config.quota;
  for (const limit of limitsInForce(ceiling)) log.info({ limit, timeZone }, 'a limit is in force');
  const { isLimited, ...spending } = spendingOf(config, catalogue);
  log[isLimited ? 'info' : 'warn'](spending, describeSpending({ isLimited, ...spending }));
}

/** A spending limit doesn't stop models without a price; warn the operator. */
function warnOfUnpriced({ config, catalogue, works, log }: Deps): void {
  const limits = Object.keys(config.quota.ceiling).filter((name) => name.includes('_COST_'));
  const models = unpriced(catalogue, works.enabled).map(({ label }) => label);
  if (limits.length > 0 && models.length > 0)
    log.warn(
      { limits, models },
      'spending is limited, but some available models have no price: set MODELS_FILE',
    );
}

/** Users are told how long this is kept. */
async function pruneTyped({ drafts, proposals, log }: Deps): Promise<void> {
  try {
    await proposals.prune();
    await drafts.prune();
  } catch (error) {
    log.warn({ err: error }, 'expired offers and forms could not be removed');
  }
}

async function prune({ config, works, reports, log, now }: Deps): Promise<void> {
  const { ledger, budget, recent, hints, uploadLimits, moderation, files, reviewCopies } = works;
  try {
    const removed = await ledger.prune(now() - config.retentionMs);
    budget.prune();
    recent.prune(now() - config.retentionMs);
    await reviewCopies.prune(now() - config.retentionMs);
    await reports.prune(now() - config.retentionMs);
    await moderation.journal.prune(now() - journalMs);
    await uploadLimits.prune();
    await hints.prune(now() - config.retentionMs);
    await files.archive?.prune(now() - config.retentionMs);
    log.info({ removed }, 'old tasks removed');
  } catch (error) {
    log.error({ err: error }, 'old tasks could not be removed');
  }
}
