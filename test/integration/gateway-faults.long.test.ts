import type { GatewayFaults } from '@easel/discord-stand-in';
import { expect, it } from 'vitest';
import type { Readiness } from '../../src/ops/health/health-server.js';
import { createWorld, type World } from './world.js';

/** Discord's own is 41.25 s; these tests count in heartbeats. */
const beatMs = 1_000;
/** Two of them, and a busy machine's time for query and answer. */
const zombieMs = 2 * beatMs + 400;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Bench {
  readonly world: World;
  readonly faults: GatewayFaults;
  /** Polls /readyz until it is as wanted, and returns its gateway part; operators are promised 15 s. */
  becomes(status: 200 | 503, withinMs?: number): Promise<Readiness['checks'][string]>;
}

/** They wait most of the time, so they do it side by side. */
function faulty(name: string, test: (bench: Bench) => Promise<void>): void {
  it.concurrent(name, async () => {
    const world = await createWorld({
      discord: { heartbeatIntervalMs: beatMs },
      env: { HEALTH_PORT: '0' },
    });
    const becomes: Bench['becomes'] = async (status, withinMs = 15_000) => {
      for (const end = Date.now() + withinMs; Date.now() < end; await pause(5)) {
        const response = await fetch(`${world.app().healthUrl()}/readyz`);
        const { checks } = (await response.json()) as Readiness;
        if (response.status === status) return checks.gateway ?? { ok: false };
      }
      throw new Error(`/readyz is not ${status} after ${withinMs} ms`);
    };
    try {
      await becomes(200);
      await test({ world, faults: world.discord.gateway.faults, becomes });
    } finally {
      await world.close();
    }
  });
}

// First, since it waits the longest.
faulty(
  'a zombie that does not even say goodbye is followed by a new connection when discord.js has given it up',
  async ({ faults, becomes }) => {
    faults.freeze();
    await becomes(503, zombieMs);
    await becomes(200, 60_000);
  },
);

faulty('a close for good turns /readyz red', async ({ faults, becomes }) => {
  faults.drop(4004);
  expect(await becomes(503)).toEqual({ ok: false, detail: 'shard 0 is disconnected' });
});

faulty(
  'refused reconnects keep /readyz red until Discord lets the bot in again',
  async ({ faults, becomes }) => {
    faults.refuse();
    faults.drop();
    expect(await becomes(503)).toEqual({ ok: false, detail: 'shard 0 is connecting' });
    // discord.js tries every half second.
    await pause(1_200);
    expect((await becomes(503, 1)).ok).toBe(false);
    faults.refuse(false);
    await becomes(200);
  },
);

faulty(
  'an invalid session turns /readyz red, and green when the bot has identified anew',
  async ({ world, faults, becomes }) => {
    const { identifies } = world.discord.gateway;
    faults.invalidSession(false);
    await becomes(503);
    await becomes(200, 30_000);
    expect(world.discord.gateway.identifies).toBe(identifies + 1);
  },
);

faulty(
  'a zombie that still says goodbye is noticed within two heartbeats, and followed by a new connection',
  async ({ faults, becomes }) => {
    faults.stopHeartbeatAcks();
    await becomes(503, zombieMs);
    faults.stopHeartbeatAcks(false);
    await becomes(200);
  },
);

faulty(
  'a zombie that does not even say goodbye is noticed just as soon, and does not hold up a stop',
  async ({ faults, becomes }) => {
    faults.freeze();
    // discord.js by itself would consider it ready for 30 s.
    expect(await becomes(503, zombieMs)).toEqual({ ok: false, detail: 'shard 0 is silent' });
  },
);
