import type { GatewayFaults } from '@easel/discord-stand-in';
import { expect, it } from 'vitest';
import type { Readiness } from '../../src/ops/health/health-server.js';
import { giveChance } from '../support/until.js';
import { createWorld, delivered, type World } from './world.js';

/** Discord's own is 41.25 s; these tests count in heartbeats. */
const beatMs = 1_000;

interface Bench {
  readonly world: World;
  readonly faults: GatewayFaults;
  /** Polls /readyz until it is as wanted, and returns its gateway part. */
  becomes(status: 200 | 503): Promise<Readiness['checks'][string]>;
}

/** They wait most of the time, so they do it side by side. */
function faulty(name: string, test: (bench: Bench) => Promise<void>): void {
  it.concurrent(name, async () => {
    const world = await createWorld({
      discord: { heartbeatIntervalMs: beatMs },
      env: { HEALTH_PORT: '0' },
    });
    const look = async () => {
      const response = await fetch(`${world.app().healthUrl()}/readyz`);
      const { checks } = (await response.json()) as Readiness;
      return { status: response.status, gateway: checks.gateway ?? { ok: false } };
    };
    const becomes: Bench['becomes'] = async (wanted) => {
      for (;;) {
        const { status, gateway } = await look();
        if (status === wanted) return gateway;
        await giveChance(5);
      }
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
    await becomes(503);
    await becomes(200);
  },
);

faulty('a close for good turns /readyz red', async ({ faults, becomes }) => {
  faults.drop(4004);
  expect(await becomes(503)).toEqual({ ok: false, detail: 'shard 0 is disconnected' });
});

faulty(
  'refused reconnects keep /readyz red until Discord lets the bot in again',
  async ({ world, faults, becomes }) => {
    faults.refuse();
    faults.drop();
    expect(await becomes(503)).toEqual({ ok: false, detail: 'shard 0 is connecting' });
    // discord.js tries every half second.
    await giveChance(1_200);
    const { status } = await fetch(`${world.app().healthUrl()}/readyz`);
    expect(status).toBe(503);
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
    await becomes(200);
    expect(world.discord.gateway.identifies).toBe(identifies + 1);
  },
);

faulty('an invalid session right after a resume does not end the bot', async ({ world, faults }) => {
  const { gateway } = world.discord;
  const { resumes, identifies } = gateway;
  faults.drop();
  await expect.poll(() => gateway.resumes, { interval: 1 }).not.toBe(resumes);
  faults.invalidSession(false);
  await expect.poll(() => gateway.identifies).toBe(identifies + 1);
  await world.discord.ready();
  await delivered(await world.discord.actor('ben', 'general').command('imagine', { prompt: 'a red fox' }));
});

faulty(
  'a zombie that still says goodbye is noticed within two heartbeats, and followed by a new connection',
  async ({ world, faults, becomes }) => {
    faults.stopHeartbeatAcks();
    await becomes(503);
    expect(world.discord.gateway.unanswered).toBeLessThanOrEqual(2);
    faults.stopHeartbeatAcks(false);
    await becomes(200);
  },
);

faulty(
  'a zombie that does not even say goodbye is noticed just as soon, and does not hold up a stop',
  async ({ faults, becomes }) => {
    faults.freeze();
    // discord.js by itself would consider it ready for 30 s.
    expect(await becomes(503)).toEqual({ ok: false, detail: 'shard 0 is silent' });
  },
);
