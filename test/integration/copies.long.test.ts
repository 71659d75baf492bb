import { afterEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { asked, createReviewedWorld, moderator, published } from './review-world.js';
import { filled, ink } from './style-world.js';
import { saidIn, type World } from './world.js';

let world: World;
afterEach(() => world.close());

it('nothing is made of a moderators’ copy by a reply, and it says where the result itself is', async () => {
  world = await createReviewedWorld();
  await filled(world.discord.actor('ada'), 'presets add', {}, ink);
  await world.discord.actor('ben', 'general').command('imagine', { prompt: 'a red fox', style: 'ink' });
  const copy = await asked(world);
  const name = copy.attachments[0]?.filename ?? '';
  for (const words of ['at night --image', 'it runs', '--style ink at night --image']) {
    const sent = await moderator(world).send(`<@${world.discord.world.botId}> ${words}`, {
      replyTo: copy.id,
    });
    const reply = await world.discord.until(({ replyTo }) => replyTo === sent.id);
    const said = saidIn(reply).replaceAll('\\', '');
    expect(said).toContain(text('en-US', 'media.copy', { name }));
  }
  expect(world.mps.tasks).toHaveLength(1);
  expect(published(world)).toEqual([]);
});
