import { createHints } from '../../tasks/ledger/one-time-hints.js';
import { createHosting, createOwnBucket } from '../own-bucket.js';
import type { Base } from './base.js';
import { createBooks } from './books.js';
import { admissionOf, createScheduling, deskOf, extendingOf, runnerOf } from './running.js';
import { createWatchedRests, createWays } from './ways.js';

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
