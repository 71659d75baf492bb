import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { createSetWorld, isComplete, numbersOf } from './set-world.js';
import { createWorld, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

/** A set that was ordered and deferred when the process died. */
async function ordered(count: number, options: WorldOptions = {}) {
  const made = await createSetWorld(count, options);
  world = made.world;
  return made.origin;
}

const seen = () => world.discord.messages('general').filter(({ author }) => author.bot);
const edits = () =>
  world.discord.requests.filter(({ method, path }) => method === 'PATCH' && path.includes('/webhooks/'))
    .length;

describe('a set of four', () => {
  it('is one message, at most six edits and one ping', async () => {
    await ordered(4, { timing: { notifyAfterMs: 1 } });
    await world.start();
    const message = await world.discord.until(isComplete);
    expect(numbersOf(message)).toEqual([1, 2, 3, 4]);
    expect(message.content.match(/^-# \d · /gm)).toHaveLength(4);
    const ping = await world.discord.until(({ notified }) => notified.length > 0);
    expect(ping.content).toContain('Your pictures are ready.');
    expect(seen()).toHaveLength(2);
    expect(edits()).toBeLessThanOrEqual(6);
    expect(world.mps.tasks).toHaveLength(4);
  });

  it('shows three pictures and one sentence if the second one fails moderation', async () => {
    // One at a time, so that the fault is there when the second one is created.
    await ordered(4, { env: { MAX_IMAGE_TASKS: '1' }, mps: { durations: { image: [0.4, 0.5] } } });
    await world.start();
    await until('the first one is created', () => world.mps.tasks.length > 0);
    world.mps.faults.add({ kind: 'fail', reason: 'moderation', count: 1 });
    const message = await world.discord.until(isComplete);
    expect(numbersOf(message)).toEqual([1, 3, 4]);
    expect(message.content.match(/^-# .*⚠️/gm)).toEqual([expect.stringMatching(/^-# 2 · ⚠️/)]);
    expect(seen()).toHaveLength(1);
  });

  it('goes on in one message of its own once the token has died, also over a restart', async () => {
    const origin = await ordered(4, { mps: { durations: { image: [0.05, 1] } } });
    await world.start();
    await world.discord.until(({ attachments }) => attachments.length > 0);
    world.discord.expireToken(origin.eventId);
    await world.stop();
    await world.start();
    await world.discord.until(isComplete);
    const messages = seen().filter(({ attachments }) => attachments.length > 0);
    expect(messages.flatMap(numbersOf).sort()).toEqual([1, 2, 3, 4]);
    expect(messages.length).toBeLessThanOrEqual(2);
    expect(world.mps.tasks).toHaveLength(4);
  });
});

describe('the card of a set says how things stand', () => {
  it.each([
    ['is lost', { kind: 'resetAfter' }],
    ['is refused', { kind: 'status', status: 400, code: 50_035 }],
  ] as const)('although its first answer %s', async (_, fault) => {
    world = await createWorld({ mps: { durations: { image: [8, 9] } } });
    world.discord.faults.add({ ...fault, times: 1, method: 'POST', route: 'callback$' });
    const order = await world.discord
      .actor('ben', 'general')
      .command('imagine', { prompt: 'a red fox', count: 3 });
    // Before anything is finished.
    const card = await order.until(({ content }) => /in line|being painted|<t:/.test(content));
    expect(card.attachments).toEqual([]);
    expect(card.content).not.toContain('getting ready');
  });
});
