import type { ShardState } from '../../discord/gateway/shard-status.js';
import type { MpsClient } from '../../mps/api/client.js';
import type { Store } from '../../store/store.js';
import type { Readiness } from './health-server.js';
import type { MpsProbe } from './mps-probe.js';

export interface ReadinessDeps {
  readonly shards: () => readonly ShardState[];
  readonly store: Pick<Store, 'healthy'>;
  readonly reach: Pick<MpsProbe, 'trouble'>;
  readonly mps: Pick<MpsClient, 'describe'>;
  /** ms the store may take for a write. */
  readonly storeMs?: number;
}

type Check = Readiness['checks'][string];

/** Readiness: whether commands would be received, persisted and executed. Concurrent calls share one check. */
export function createReadiness(deps: ReadinessDeps): () => Promise<Readiness> {
  const { shards, store, reach, mps, storeMs = 5_000 } = deps;
  let looking: Promise<Readonly<Record<'store' | 'mps', Check>>> | undefined;

  async function look() {
    const [storeIs, mpsIs] = await Promise.all([
      storeCheck(store, storeMs),
      mpsCheck(() => reach.trouble(mps)),
    ]);
    return { store: storeIs, mps: mpsIs };
  }

  return async () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    const others = await looking;
    const checks = { gateway: gatewayCheck(shards()), ...others };
    return { ready: Object.values(checks).every(({ ok }) => ok), checks };
  };
}

function gatewayCheck(shards: readonly ShardState[]): Check {
  if (shards.length === 0) return { ok: false, detail: 'not connected to Discord yet' };
  const away = shards.filter(({ connected }) => !connected);
  if (away.length === 0) return { ok: true };
  const detail = away.map(({ id, status }) => `shard ${id} is ${status}`).join(', ');
  return { ok: false, detail };
}

async function storeCheck(store: Pick<Store, 'healthy'>, limitMs: number): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  // A locked database may take long to fail.
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const works = await Promise.race([store.healthy(), late]).finally(() => clearTimeout(timer));
  return works ? { ok: true } : { ok: false, detail: 'the store cannot be written' };
}

async function mpsCheck(ask: () => Promise<string | undefined>): Promise<Check> {
  const trouble = await ask();
  return trouble === undefined ? { ok: true } : { ok: false, detail: `MPS does not answer: ${trouble}` };
}
