import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gather } from '../../chaos/facts.js';
import type { Order } from '../../chaos/order.js';
import { createStory } from '../../chaos/story.js';
import { createWitness } from '../../chaos/witness.js';
import { createWorld, type World } from '../../chaos/world.js';
import { anOrder } from '../../support/chaos.js';

let world: World;
beforeAll(async () => {
  world = await createWorld(1, createStory());
  world.discord.world.denyBot('lost', ['ViewChannel']);
  world.discord.world.denyBot('shut', ['SendMessages']);
});
afterAll(() => world.close());

/** Since when an order in such a channel is out of Easel's sight. */
function blindSince(channel: string, changes: Partial<Order> = {}): number | undefined {
  const channelId = world.discord.world.channel(channel).id;
  const order = anOrder({ channelId, cutOff: { at: 700 }, ...changes });
  const evidence = { witness: createWitness(world.discord), troubles: new Set<string>(), deaths: [] };
  return gather(world, order, { ...evidence, tasks: new Map(), alike: [order], all: [order] }).blindSince;
}

describe('an answer is out of Easel’s sight', () => {
  it('after its token has expired, if it is private or its channel hidden', () => {
    expect(blindSince('Foxglove/general', { secret: true })).toBe(700);
    expect(blindSince('Foxglove/lost')).toBe(700);
  });
  it('never as long as the token is valid, or the channel shows it', () => {
    expect(blindSince('Foxglove/lost', { cutOff: undefined })).toBeUndefined();
    expect(blindSince('Foxglove/lost', { cutOff: { at: undefined } })).toBeUndefined();
    expect(blindSince('Foxglove/general', { secret: true, cutOff: undefined })).toBeUndefined();
    expect(blindSince('Foxglove/shut')).toBeUndefined();
  });
});
