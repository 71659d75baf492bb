import { createFreshLinks } from '../../discord/input/attachment-urls.js';
import { stickerHost } from '../../discord/input/message-images.js';
import type { CosBucket } from '../../media/cos/bucket.js';
import { createPermit } from '../../tasks/accounting/permit.js';
import { createOriginalSources } from '../../tasks/delivery/original-lookup.js';
import { createAdmission } from '../../tasks/lifecycle/admission.js';
import { createExtending } from '../../tasks/lifecycle/extending/extending.js';
import { costsOnceSeen } from '../../tasks/lifecycle/order-costs.js';
import { createRunner } from '../../tasks/lifecycle/runner.js';
import { createDurations } from '../../tasks/polling/duration-model.js';
import { createPoller } from '../../tasks/polling/poller.js';
import { createQueue } from '../../tasks/queue/slot-queue.js';
import { createClipRule } from '../../tasks/sources/clip-rules.js';
import { wireParameters } from '../cos-paths.js';
import type { createHosting, createOwnBucket } from '../own-bucket.js';
import { createDesk } from '../reviews/review-desk.js';
import type { Base } from './base.js';
import type { Books } from './books.js';
import type { Ways } from './ways.js';

/** Admits orders by the operator's catalogue, defaults and access rules. */
export function admissionOf(
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

/** When a task gets its slot, and when it is polled. */
export function createScheduling({ config, store, cluster, log, now }: Base, { mps }: Pick<Ways, 'mps'>) {
  const { share } = cluster;
  const durations = createDurations({ table: store.table('durations'), log });
  const poller = createPoller({ mps, durations, log, now, intervalMs: config.pollIntervalMs, share });
  const queue = createQueue({ image: config.image.maxTasks, video: config.video.maxTasks }, cluster.slots);
  return { durations, poller, queue };
}

export function extendingOf({ config, log, now }: Base, books: Books, ways: Ways, bucket?: CosBucket) {
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

export function runnerOf(base: Base, parts: RunnerParts) {
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
export function deskOf({ catalogue, log, now }: Base, books: Books, { rests, uploadLimits: limits }: Ways) {
  const { settings, moderation, reviewCopies: kept } = books;
  const { copies } = books.files;
  const { journal } = moderation;
  return createDesk({ rests, settings, catalogue, limits, copies, kept, journal, log, now });
}
