import type { ShardState } from '../discord/client.js';
import type { Store } from '../store.js';
import type { Readiness } from './health.js';

interface Deps {
  readonly shards: () => readonly ShardState[];
  readonly store: Pick<Store, 'healthy'>;
}

type Check = Readiness['checks'][string];

/** Whether people's commands would be heard, written down and carried out. */
export async function readReadiness({ shards, store }: Deps): Promise<Readiness> {
  const checks = { gateway: gatewayCheck(shards()), store: await storeCheck(store) };
  return { ready: Object.values(checks).every(({ ok }) => ok), checks };
}

function gatewayCheck(shards: readonly ShardState[]): Check {
  if (shards.length === 0) return { ok: false, detail: 'not connected to Discord yet' };
  const away = shards.filter(({ connected }) => !connected);
  if (away.length === 0) return { ok: true };
  const detail = away.map(({ id, status }) => `shard ${id} is ${status}`).join(', ');
  return { ok: false, detail };
}

async function storeCheck(store: Pick<Store, 'healthy'>): Promise<Check> {
  return (await store.healthy()) ? { ok: true } : { ok: false, detail: 'the store cannot be written' };
}
