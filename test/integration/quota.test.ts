import { afterEach, describe, expect, it } from 'vitest';
import { answered, createWorld, delivered, failed, type World } from './world.js';

let world: World;
afterEach(() => world.close());

it('a user at their limit reads which, what is left and when it resets', async () => {
  world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '1' } });
  const ben = world.discord.actor('ben', 'general');
  await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
  const refusal = await answered(await ben.command('imagine', { prompt: 'another fox' }));
  expect(refusal.ephemeral).toBe(true);
  expect(refusal.content).toMatch(
    /^You've reached your daily picture limit \(1\)\. The limit resets <t:\d+:R>\.$/,
  );
  // Someone else has their own.
  await delivered(await world.discord.actor('mia', 'general').command('imagine', { prompt: 'an owl' }));
});

it('seconds are counted from the clip itself, and a refusal says what would fit', async () => {
  world = await createWorld({ env: { QUOTA_GUILD_SECONDS_MONTH: '12' } });
  const ben = world.discord.actor('ben', 'general');
  await delivered(await ben.command('animate', { prompt: 'it runs', duration: 5 }));
  const refusal = await answered(await ben.command('animate', { prompt: 'it runs far', duration: 10 }));
  expect(refusal.content).toContain(
    'This needs more than the 7 s of clips this server has left this month (limit: 12 s).',
  );
  expect(refusal.content).toContain('What is left is enough for a clip of up to 7 s.');
  await delivered(await ben.command('animate', { prompt: 'it runs a little', duration: 7 }));
});

it('failed, refused and cancelled orders are refunded exactly', async () => {
  world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '1' } });
  const ben = world.discord.actor('ben', 'general');
  world.mps.faults.add({ kind: 'fail', count: 1 });
  await failed(await ben.command('imagine', { prompt: 'one that fails' }));
  await failed(await ben.command('imagine', { prompt: 'one that is forbidden' }));
  await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
  const refusal = await answered(await ben.command('imagine', { prompt: 'another fox' }));
  expect(refusal.content).toContain('picture limit (');
});

it('a limit holds across a restart, since usage is read from the tasks', async () => {
  world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '1' } });
  const ben = world.discord.actor('ben', 'general');
  await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
  await world.stop();
  await world.start();
  expect((await answered(await ben.command('imagine', { prompt: 'another fox' }))).content).toContain(
    'picture limit (',
  );
});

it('in direct messages a user pays for themselves', async () => {
  world = await createWorld({ env: { QUOTA_GUILD_IMAGES_DAY: '1', QUOTA_MEMBER_IMAGES_DAY: '2' } });
  const ben = world.discord.actor('ben', 'general');
  await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
  await delivered(await ben.dm.command('imagine', { prompt: 'a fox in private' }));
  await delivered(await ben.dm.command('imagine', { prompt: 'a second fox in private' }));
  const refusal = await answered(await ben.dm.command('imagine', { prompt: 'a third' }));
  expect(refusal.content).toContain('daily picture limit (2)');
});

describe('many at once', () => {
  it('of 60 orders at one instant, exactly as many are granted as the guild has left', async () => {
    const env = { QUOTA_GUILD_IMAGES_DAY: '17', MAX_IMAGE_TASKS: '60' };
    world = await createWorld({ env });
    const people = ['ada', 'ben', 'mia', 'lin'];
    const asked = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        world.discord.actor(people[at % 4] ?? 'ben', 'general').command('imagine', { prompt: `fox ${at}` }),
      ),
    );
    const outcomes = await Promise.all(
      asked.map((invocation) =>
        invocation.until(
          ({ attachments, components, ephemeral, content }) =>
            attachments.length > 0 ||
            (ephemeral && content !== '') ||
            components.some((row) => JSON.stringify(row).includes(':again:')),
        ),
      ),
    );
    expect(outcomes.filter(({ attachments }) => attachments.length > 0)).toHaveLength(17);
    expect(world.mps.tasks).toHaveLength(17);
  });
});
