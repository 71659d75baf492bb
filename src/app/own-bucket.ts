import type { Config } from '../config/config.js';
import type { Log } from '../log.js';
import { type CosBucket, createCosAddresses, createCosBucket } from '../media/cos/bucket.js';
import type { Observer } from '../ops/observer.js';
import { createBucketResults } from '../tasks/delivery/bucket-results.js';
import type { Delivery } from '../tasks/delivery/delivery-port.js';
import type { Ledger } from '../tasks/ledger/ledger.js';
import type { Hints } from '../tasks/ledger/one-time-hints.js';
import { type AutoHosting, hostWhereItWorks } from '../tasks/sources/auto-hosting.js';
import { type Hosting, hostInCos, hostOnAnswer } from '../tasks/sources/source-hosting.js';
import { lastingPlace } from './cos-paths.js';

interface Deps {
  readonly config: Config;
  readonly log: Log;
  readonly now: () => number;
  readonly observer: Pick<Observer, 'misresolved' | 'unkept' | 'bucketRefused'>;
  /** First delay before a request to the bucket is retried, ms. */
  readonly retryMs?: number;
}

/** The operator's bucket and MPS's access to it; undefined without COS_BUCKET. */
export function createOwnBucket({ config, log, now, observer, retryMs }: Deps) {
  const { cos } = config;
  if (!cos) return undefined;
  const { secretId, secretKey, sessionToken } = config.mps;
  const addresses = createCosAddresses(cos, { onMisresolved: observer.misresolved });
  const bucket = createCosBucket({
    ...cos,
    addresses,
    now,
    credentials: { secretId, secretKey, ...(sessionToken !== undefined && { sessionToken }) },
    ...(retryMs !== undefined && { retryMs }),
  });
  const keeping = createBucketResults({
    bucket,
    name: cos.bucket,
    log,
    place: (task) => {
      const { bucket: name, path } = lastingPlace(task, cos);
      return { bucket: name, path };
    },
    onUnkept: observer.unkept,
    onRefused: observer.bucketRefused,
  });
  return { bucket, keeping, close: () => addresses.close() };
}

interface HostingDeps {
  readonly delivery: Pick<Delivery, 'host' | 'limitOf'>;
  readonly ledger: Pick<Ledger, 'amend'>;
  readonly hints: Pick<Hints, 'first'>;
  readonly log: Log;
  readonly retryMs: number;
}

/** Where MPS fetches source images (SOURCE_HOST). */
export function createHosting(
  { sourceHost }: Pick<Config, 'sourceHost'>,
  bucket: CosBucket | undefined,
  { delivery, ledger, hints, log, retryMs }: HostingDeps,
): { readonly hosting: Hosting; readonly auto?: AutoHosting; readonly sourcesIn: () => 'cos' | 'discord' } {
  const discord = hostOnAnswer(delivery, {
    retryMs,
    async onShow({ id, origin }) {
      if (!(await hints.first(origin.userId))) return;
      await ledger.amend(id, { sourcesShown: true });
    },
  });
  if (!bucket || sourceHost === 'discord') return { hosting: discord, sourcesIn: () => 'discord' };
  const cos = hostInCos({ bucket, log });
  if (sourceHost === 'cos') return { hosting: cos, sourcesIn: () => 'cos' };
  const auto = hostWhereItWorks({ cos, discord, bucket, log });
  return { hosting: auto, auto, sourcesIn: auto.where };
}
