import { expect, it } from 'vitest';
import { until } from '../support/until.js';
import { hasNamespaces, startedProcesses, unshare } from './start-bot.js';
import { isResult } from './world.js';

const { start, world } = startedProcesses();

it.skipIf(!hasNamespaces)(
  'an Easel that was killed in its container is succeeded by the next one when its lease expires',
  async () => {
    const first = start({}, unshare);
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
    const second = start({}, unshare);
    await fox.until(isResult);
    expect(second.said()).toContain('waiting for a sign of life');
    expect(world().mps.tasks).toHaveLength(1);
  },
);
