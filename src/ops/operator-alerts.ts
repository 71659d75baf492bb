import type { OperatorChannel } from '../discord/services/operator-channel.js';
import { defaultLocale, type Locale, type TextParams, text } from '../locales/index.js';
import type { Log } from '../log.js';
import { MpsError } from '../mps/api/errors.js';
import type { Store, Table } from '../store/store.js';
import type { Ledger } from '../tasks/ledger/ledger.js';
import { expiryOfLinks } from '../tasks/model/state-machine.js';
import { hour } from '../util/time.js';
import { isAtRisk } from './metrics/gauges.js';
import type { Observer } from './observer.js';

export type NoticeKind =
  | ('credentials' | 'inactive' | 'arrears' | 'full' | 'sources' | 'store' | 'records' | 'links' | 'names')
  | ('moderation' | 'refused' | 'role' | 'bucket');

/** Alerts the operator, in their channel, to problems that only they can fix: at most one of a kind per hour. */
export interface Notices
  extends Pick<Observer, 'request' | 'task' | 'misresolved' | 'discordNearBan' | 'unkept' | 'bucketRefused'> {
  /** Starts checking what no one reports: the store, and links about to expire. */
  start(parts: NoticeParts): void;
  /** Stops checking, and waits for alerts being posted. */
  stop(): Promise<void>;
}

export interface NoticeParts {
  readonly ledger: Pick<Ledger, 'unfinished' | 'unreadable'>;
  readonly store: Pick<Store, 'fault'>;
  /** When each kind of alert was last posted; shared by all processes and kept across restarts. */
  readonly given: Table<unknown>;
  readonly operatorChannel: OperatorChannel;
}

interface Deps {
  readonly log: Log;
  readonly now: () => number;
  /** ms between two checks. */
  readonly everyMs?: number;
  /** Moderation refusals within an hour that trigger an alert. */
  readonly manyRefusals?: number;
}

export function createNotices({ log, now, everyMs = 30_000, manyRefusals = 10 }: Deps): Notices {
  let parts: NoticeParts | undefined;
  let timer: NodeJS.Timeout | undefined;
  let refusedAt: number[] = [];
  const lastSaid = new Map<NoticeKind, number>();
  const saying = new Set<Promise<void>>();

  function raise(kind: NoticeKind, params: TextParams): void {
    if (!parts || now() - (lastSaid.get(kind) ?? Number.NEGATIVE_INFINITY) < hour) return;
    // Set immediately and kept even if posting fails: don't retry a closed channel all day.
    lastSaid.set(kind, now());
    const said = say({ log, now }, kind, params, parts).finally(() => saying.delete(said));
    saying.add(said);
  }

  return {
    request(_action, error) {
      if (!(error instanceof MpsError)) return;
      const { reason, code } = error;
      if (reason === 'credentials' || reason === 'inactive' || reason === 'arrears' || reason === 'full')
        raise(reason, { code });
    },
    task({ state }, event) {
      if (event !== 'failed' || state.name !== 'failed') return;
      const { reason } = state.failure;
      if (reason === 'unsuccessful.fetch') raise('sources', {});
      if (reason !== 'moderation' && reason !== 'moderation.result') return;
      refusedAt = [...refusedAt.filter((at) => now() - at < hour), now()].slice(-1000);
      if (refusedAt.length >= manyRefusals) raise('moderation', { count: refusedAt.length });
    },
    misresolved: (host) => raise('names', { host }),
    discordNearBan: (count) => raise('refused', { count }),
    unkept: (message) => raise('role', { message: message || '–' }),
    bucketRefused: () => raise('bucket', {}),
    start(given) {
      parts = given;
      timer = setInterval(() => look(given, { raise, now, saidOnce: lastSaid }), everyMs).unref();
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(saying);
      parts = undefined;
    },
  };
}

interface LookDeps extends Pick<Deps, 'now'> {
  readonly raise: (kind: NoticeKind, params: TextParams) => void;
  readonly saidOnce: ReadonlyMap<NoticeKind, number>;
}

function look({ ledger, store }: NoticeParts, { raise, now, saidOnce }: LookDeps): void {
  const reason = store.fault();
  if (reason !== undefined) raise('store', { reason });
  // They don't disappear by themselves: once per process.
  const count = ledger.unreadable();
  if (count > 0 && !saidOnce.has('records')) raise('records', { count });
  const risky = ledger
    .unfinished()
    .flatMap((task) => (isAtRisk(task, now()) && 'urls' in task.state ? [expiryOfLinks(task.state)] : []));
  // Discord shows it in the reader's own time zone.
  if (risky.length > 0)
    raise('links', { count: risky.length, dies: `<t:${Math.round(Math.min(...risky) / 1000)}:R>` });
}

/** Posts an alert that no process has posted within the hour. Never throws. */
async function say(
  { log, now }: Pick<Deps, 'log' | 'now'>,
  kind: NoticeKind,
  params: TextParams,
  { given, operatorChannel }: NoticeParts,
): Promise<void> {
  try {
    if (!(await claim({ log, now }, kind, given))) return;
    const locale = await operatorChannel.locale().catch((): Locale => defaultLocale);
    // The nonce keeps two processes from posting it at the same instant.
    await operatorChannel.post(
      text(locale, `notice.${kind}`, params),
      `n:${kind}:${Math.floor(now() / hour)}`,
    );
  } catch (error) {
    log.error({ notice: kind, ...params, err: error }, 'the operator could not be alerted');
  }
}

/** True if no process has posted it within the hour; if the store fails, this process's memory counts. */
async function claim(
  { log, now }: Pick<Deps, 'log' | 'now'>,
  kind: NoticeKind,
  given: Table<unknown>,
): Promise<boolean> {
  try {
    const before = await given.get(kind);
    if (typeof before === 'number' && now() - before < hour) return false;
    await given.set(kind, now());
  } catch (error) {
    log.debug({ notice: kind, err: error }, 'an operator alert could not be recorded');
  }
  return true;
}
