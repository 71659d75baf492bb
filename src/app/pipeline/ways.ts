import { createDelivery } from '../../discord/delivery/discord-delivery.js';
import { createRests, type Rests, watchRateLimits } from '../../discord/rest/clients.js';
import { createUploadLimits } from '../../discord/rest/upload-limits.js';
import { createSetCards } from '../../discord/views/sets/set-card.js';
import { createCards } from '../../discord/views/task-card.js';
import { createMpsClient } from '../../mps/api/client.js';
import { confirmed, createTransport } from '../../mps/api/transport.js';
import { watchDelivery, watchLimits } from '../../ops/instrumentation.js';
import type { BucketResults } from '../../tasks/delivery/bucket-results.js';
import { atPresent } from '../../tasks/delivery/current-origin.js';
import type { Base } from './base.js';
import type { Books } from './books.js';

/** Discord's REST API, watched. */
export function createWatchedRests({ config: { discord }, cluster, observer }: Base): Rests {
  const rests = createRests(discord.apiUrl, discord.token, cluster.share, cluster.confirm);
  watchRateLimits(rests, observer.discordLimited);
  rests.guard.watch({ invalid: observer.discordInvalid, near: observer.discordNearBan });
  return rests;
}

/** Outbound connections: to MPS and to Discord. */
export function createWays(
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
  const { removeResult, open } = inDiscord;
  return { enabled, mps, limits, limiterUse, rests, uploadLimits, delivery, open, removeResult };
}

export type Ways = ReturnType<typeof createWays>;
