import type { Invocation } from '@easel/discord-stand-in';
import { afterEach, expect, it } from 'vitest';
import { type CollectingLog, createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, isResult, type World } from './world.js';

let world: World;
afterEach(() => world.close());

/** Discord sends every event twice, and repeats the last ones whenever the test asks for that. */
async function open(env: Record<string, string> = {}): Promise<CollectingLog> {
  const log = createCollectingLog();
  world = await createWorld({ env, log });
  for (const event of ['INTERACTION_CREATE', 'MESSAGE_CREATE']) world.discord.gateway.faults.duplicate(event);
  return log;
}

function times({ lines }: CollectingLog, event: string): number {
  return lines.filter(({ message }) => message === `duplicate ${event} ignored`).length;
}

/** The first answers Easel sent to an interaction. */
function callbacks({ id }: Pick<Invocation, 'id'>) {
  return world.discord.requests.filter(({ path }) => path.startsWith(`/interactions/${id}/`));
}

it('an interaction that Discord sends three times is answered once', async () => {
  const log = await open();
  const ben = world.discord.actor('ben', 'general');
  const shown = await ben.command('quota show');
  const list = await ben.command('tasks');
  await Promise.all([answered(shown), answered(list)]);
  world.discord.gateway.faults.replay(20);
  const isHandled = () => times(log, 'INTERACTION_CREATE') >= 4 || callbacks(shown).length > 2;
  await until('the copies are handled', isHandled);
  expect(callbacks(shown)).toHaveLength(1);
  expect(callbacks(list)).toHaveLength(1);
});

it('an order that uses up a quota is not refused because its event came twice', async () => {
  await open({ QUOTA_MEMBER_IMAGES_DAY: '1' });
  const ben = world.discord.actor('ben', 'general');
  const ordered = await ben.command('imagine', { prompt: 'a red fox' });
  await delivered(ordered);
  const refused = await ben.command('imagine', { prompt: 'another fox' });
  expect((await answered(refused)).ephemeral).toBe(true);
  await until('the refusal is out', () => callbacks(refused).length > 0);
  expect(callbacks(ordered)).toHaveLength(1);
  expect(callbacks(refused)).toHaveLength(1);
  expect(world.mps.tasks).toHaveLength(1);
});

it('a mention that Discord sends twice gets one reply', async () => {
  const log = await open({ QUOTA_MEMBER_IMAGES_DAY: '1' });
  const ben = world.discord.actor('ben', 'general');
  const { id } = await ben.send('@Easel a red fox');
  const replies = () => ben.messages().filter(({ author, replyTo }) => author.bot && replyTo === id);
  await until('the picture is there', () => replies().some(isResult));
  const isHandled = () => times(log, 'MESSAGE_CREATE') > 0 || replies().length > 1;
  await until('the copy is handled', isHandled);
  expect(replies()).toHaveLength(1);
  expect(world.mps.tasks).toHaveLength(1);
});
