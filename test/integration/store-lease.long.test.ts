import { describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { hasNamespaces, startedProcesses, unshare } from './start-bot.js';
import { isResult } from './world.js';

const { start, world } = startedProcesses();

/** How often a bot has logged in, and the commands it registered. */
function deeds() {
  const { requests, gateway } = world().discord;
  return {
    logins: gateway.identifies,
    requests: requests.length,
    writes: requests.filter(({ method }) => method !== 'GET').length,
  };
}

const ways: readonly (readonly [string, readonly string[]])[] = [
  ['beside it', []],
  ...(hasNamespaces ? [['in a container of its own, number 1 like the other', unshare] as const] : []),
];

describe.each(ways)('a second Easel on the file of a running one, %s', (_, around) => {
  it('exits with 78 and a sentence, without a login, a command, a port or a row; the first one continues', async () => {
    const first = start({}, around);
    await world().discord.ready();
    await until('its commands are registered', () => deeds().writes === 1);
    const before = deeds();
    const second = start({ HEALTH_PORT: '9'.repeat(4), IMAGE_ENABLED: 'false' }, around);
    expect(await second.ended).toBe(78);
    expect(second.said()).toContain('Another Easel is using the database in STORE_URL.');
    expect(second.said()).not.toContain('health server is listening');
    expect(deeds()).toEqual(before);
    expect(first.child.exitCode).toBeNull();
    const fox = await world().discord.actor('ben', 'general').command('imagine', { prompt: 'a red fox' });
    await fox.until(isResult);
    expect(world().mps.tasks).toHaveLength(1);
  });
});

it('a killed Easel is succeeded at once by the next one on its machine, which delivers the orders', async () => {
  const first = start();
  await world().discord.ready();
  const fox = await world().discord.actor('ben', 'general').command('imagine', { prompt: 'a red fox' });
  // Polled, so that it is persisted as running; a card for it may be late on a busy machine.
  await until(
    'it runs',
    () => world().mps.records.some(({ action }) => action.startsWith('Describe')),
    20_000,
  );
  first.child.kill('SIGKILL');
  await first.ended;
  const second = start();
  await fox.until(isResult);
  expect(second.said()).not.toContain('waiting for a sign of life');
  expect(world().mps.tasks).toHaveLength(1);
});

it.skipIf(!hasNamespaces)(
  'of two Easels in containers started at the same instant, one runs, and ten orders make ten Creates',
  async () => {
    const both = [start({}, unshare), start({}, unshare)];
    expect(await Promise.race(both.map(({ ended }) => ended))).toBe(78);
    await world().discord.ready();
    const orders = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        world()
          .discord.actor(n % 2 ? 'ben' : 'ada', 'general')
          .command('imagine', { prompt: `fox ${n}` }),
      ),
    );
    await Promise.all(orders.map((order) => order.until(isResult)));
    expect(world().mps.tasks).toHaveLength(10);
    expect(world().discord.gateway.identifies).toBe(1);
  },
);
