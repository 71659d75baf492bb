import { afterEach, expect, it } from 'vitest';
import type { Readiness } from '../../src/ops/health.js';
import { createWorld, type World, type WorldOptions } from './world.js';

/** Discord's own is 41.25 s; what counts in these tests is told in heartbeats. */
const beatMs = 300;

let world: World;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<void> {
  world = await createWorld({
    ...options,
    discord: { heartbeatIntervalMs: beatMs },
    env: { HEALTH_PORT: '0' },
  });
}

async function readiness(): Promise<Readiness & { status: number }> {
  const response = await fetch(`${world.app().healthUrl()}/readyz`);
  return { ...((await response.json()) as Readiness), status: response.status };
}

/** Asks until it is as wanted; 15 s is what an operator is promised. */
async function becomes(status: 200 | 503, withinMs = 15_000): Promise<Readiness['checks'][string]> {
  for (const end = Date.now() + withinMs; ; ) {
    const answer = await readiness();
    if (answer.status === status) return answer.checks.gateway ?? { ok: false };
    if (Date.now() > end) throw new Error(`/readyz is not ${status} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('a close for good turns /readyz red', async () => {
  await start();
  await becomes(200);
  world.discord.gateway.faults.drop(4004);
  expect(await becomes(503)).toEqual({ ok: false, detail: 'shard 0 is disconnected' });
});

it('refused reconnects keep /readyz red until Discord lets the bot in again', async () => {
  await start();
  const { faults } = world.discord.gateway;
  faults.refuse();
  faults.drop();
  expect(await becomes(503)).toEqual({ ok: false, detail: 'shard 0 is connecting' });
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect((await readiness()).status).toBe(503);
  faults.refuse(false);
  await becomes(200);
});

it('an invalid session turns /readyz red, and green when the bot has identified anew', async () => {
  await start();
  const { gateway } = world.discord;
  const { identifies } = gateway;
  gateway.faults.invalidSession(false);
  await becomes(503);
  await becomes(200, 30_000);
  expect(gateway.identifies).toBe(identifies + 1);
});

it('a zombie that still says goodbye is noticed within two heartbeats, and followed by a new connection', async () => {
  await start();
  const { faults } = world.discord.gateway;
  faults.stopHeartbeatAcks();
  await becomes(503);
  faults.stopHeartbeatAcks(false);
  await becomes(200);
});

it('a zombie that does not even say goodbye is noticed just as soon, and does not hold up a stop', async () => {
  await start();
  await becomes(200);
  world.discord.gateway.faults.freeze();
  // discord.js by itself would go on calling it ready for 30 s.
  expect(await becomes(503)).toEqual({ ok: false, detail: 'shard 0 is silent' });
});
