import type { Invocation } from '@easel/discord-stand-in';
import { afterEach, expect, it } from 'vitest';
import { createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const people = ['ada', 'ben', 'mia', 'lin'];
const channels = ['general', 'studio'];
const size = 200;

it('200 commands at once all arrive, each with its own file, and no request too many', async () => {
  world = await createWorld({
    env: { MAX_IMAGE_TASKS: String(size) },
    // As in reality: cards use up a part of Discord's rate limits.
    timing: { cardsApartMs: 3_000 },
  });
  const { discord, mps } = world;
  const prompts = Array.from({ length: size }, (_, n) => `a red fox, number ${n}`);

  const invocations = await Promise.all(prompts.map((prompt, n) => imagine(prompt, n)));
  // Rejects if the user read "The application did not respond".
  await Promise.all(invocations.map(({ acknowledged }) => acknowledged));
  const messages = await Promise.all(
    invocations.map((invocation) => invocation.until(({ attachments }) => attachments.length === 1)),
  );

  const creates = mps.records.filter(({ action }) => action === 'CreateAigcImageTask');
  expect(creates).toHaveLength(size);
  expect(mps.records.filter(({ code }) => code !== 'OK')).toEqual([]);
  expect(mps.rejected).toBe(0);
  expect(discord.requests.filter(({ status }) => status >= 400)).toEqual([]);

  const tasks = new Map(mps.tasks.map((task) => [task.params.Prompt, task.id]));
  expect([...tasks.keys()].sort()).toEqual([...prompts].sort());
  for (const [n, prompt] of prompts.entries()) {
    const posted = await discord.fetchAttachment(messages[n]?.id ?? '');
    const served = await mps.resultBytes(tasks.get(prompt) ?? '');
    expect(posted.equals(served), prompt).toBe(true);
  }
});

function imagine(prompt: string, n: number): Promise<Invocation> {
  const person = people[n % people.length] ?? 'ben';
  const channel = channels[Math.floor(n / people.length) % channels.length] ?? 'general';
  return world.discord.actor(person, channel).command('imagine', { prompt });
}
