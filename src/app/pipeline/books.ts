import type { Rests } from '../../discord/rest/clients.js';
import { createReviewCopies } from '../../discord/review/review-copies.js';
import { createSettings } from '../../guilds/settings.js';
import type { CosBucket } from '../../media/cos/bucket.js';
import { createModeration, type Moderation, moderationTable } from '../../moderation/moderation.js';
import {
  watchBudget,
  watchFetcher,
  watchLedger,
  watchSources,
  watchTransfers,
} from '../../ops/instrumentation.js';
import { createStylesTable } from '../../presets/guild-styles.js';
import { createPreferencesTable } from '../../presets/preferences.js';
import { createAccounts } from '../../quota/account.js';
import { toCeiling } from '../../quota/operator-limits.js';
import { createStars } from '../../showcase/stars.js';
import { createBudget } from '../../tasks/accounting/budget.js';
import { noteOrders } from '../../tasks/accounting/noted-orders.js';
import { createTotals } from '../../tasks/accounting/totals.js';
import { createUserUsage } from '../../tasks/accounting/user-usage.js';
import { createLedger, ledgerTable } from '../../tasks/ledger/ledger.js';
import { createRecent } from '../../tasks/ledger/recent-results.js';
import { isolated } from '../../tasks/ledger/record-check.js';
import { allOf } from '../../tasks/ledger/task-index.js';
import type { Task } from '../../tasks/model/task.js';
import { createFiles, emptyArchive } from '../media.js';
import { createPackingRules } from '../provenance.js';
import type { Base } from './base.js';

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
export async function createBooks(base: Base, bucket: CosBucket | undefined, rests: Rests) {
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

export type Books = Awaited<ReturnType<typeof createBooks>>;
