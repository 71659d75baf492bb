import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import type { Task } from '../../src/tasks/model/task.js';
import { createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, failed, type World } from './world.js';

let world: World;
afterEach(() => world.close());

/** Long enough for something to happen meanwhile. */
const unhurried = { durations: { image: [0.3, 0.4], video: [0.3, 0.4] } } as const;
const hasFile = ({ attachments }: MessageView) => attachments.length > 0;

/** Everything users see anywhere that carries a file. */
function everyFile(): MessageView[] {
  const { discord } = world;
  return discord.world.channels().flatMap(({ id }) => discord.messages(id).filter(hasFile));
}

/** Orders a picture and waits until MPS is at it. */
async function order(person = 'ben', options: Record<string, string | boolean> = {}): Promise<Invocation> {
  const before = world.mps.tasks.length;
  const invocation = await world.discord
    .actor(person)
    .command('imagine', { prompt: 'a red fox', ...options });
  await until('MPS has the order', () => world.mps.tasks.length > before);
  return invocation;
}

describe('an outcome whose token expires midway', () => {
  it('is posted in the channel once, as a reply that pings only the user who asked', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await order();
    const answer = invocation.message()?.id;
    invocation.expireToken();
    const message = await world.discord.until(hasFile, { channel: 'general' });
    expect(message).toMatchObject({
      replyTo: answer,
      ephemeral: false,
      notified: [world.discord.world.user('ben').id],
    });
    await world.stop();
    await world.start();
    expect(everyFile()).toHaveLength(1);
  });

  it.each([10_008, 10_015, 10_062] as const)('is recognised by code %i as well', async (code) => {
    world = await createWorld({ mps: unhurried });
    (await order()).expireToken(code);
    await world.discord.until(hasFile, { channel: 'general' });
    expect(everyFile()).toHaveLength(1);
  });

  it.each(['ViewChannel', 'SendMessages', 'AttachFiles'] as const)(
    'goes to a direct message if %s is lost too',
    async (permission) => {
      world = await createWorld({ mps: unhurried });
      const invocation = await order();
      invocation.expireToken();
      world.discord.world.denyBot('general', [permission]);
      const message = await world.discord.until(hasFile, { channel: 'dm:ben' });
      expect(message.content).toContain('a red fox');
      expect(everyFile()).toHaveLength(1);
    },
  );

  it('also arrives if the defer succeeded, only its response was lost, and the next is refused', async () => {
    world = await createWorld({ mps: unhurried });
    const { faults } = world.discord;
    faults.add({ kind: 'resetAfter', method: 'POST', route: 'callback$' });
    faults.add({ kind: 'reset', method: 'GET', route: 'original$' });
    const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
    await invocation.acknowledged;
    invocation.expireToken(10_062);
    await world.discord.until(hasFile, { channel: 'general' });
    expect(everyFile()).toHaveLength(1);
  });

  it('is never posted in the channel if it is private', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await order('ben', { private: true });
    invocation.expireToken();
    await world.discord.until(hasFile, { channel: 'dm:ben' });
    expect(everyFile()).toHaveLength(1);
  });

  it('is kept if no route is open, also over a restart, until its user collects it by /tasks', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await order();
    invocation.expireToken();
    world.discord.world.denyBot('general', ['SendMessages']);
    world.discord.world.setDms('ben', false);
    const refusals = () => world.discord.requests.filter(({ code }) => code === 50_007).length;
    await until('the direct message is refused', () => refusals() > 0);
    await world.stop();
    await world.start();
    await until('it is refused again', () => refusals() > 1);
    const ben = world.discord.actor('ben', 'studio');
    let list = await answered(await ben.command('tasks'));
    while (!JSON.stringify(list.components).includes('v1:collect:'))
      list = await answered(await ben.command('tasks'));
    const press = () => ben.press(list.id, text('en-US', 'button.collect', { number: 1 }));
    const [first, second] = await Promise.all([press(), press()]);
    const handed = await delivered(first);
    expect((await answered(second)).content).toBe(text('en-US', 'error.button.collecting'));
    expect(handed.ephemeral).toBe(true);
    expect(everyFile()).toHaveLength(1);
    expect(world.mps.tasks).toHaveLength(1);
  });
});

it('an event that Discord sends twice makes one task', async () => {
  world = await createWorld();
  world.discord.gateway.faults.duplicate('INTERACTION_CREATE');
  await delivered(await order());
  world.discord.gateway.faults.replay(10);
  await world.stop();
  expect(world.mps.tasks).toHaveLength(1);
  expect(everyFile()).toHaveLength(1);
});

it('a stopping Easel takes no order but finishes what it has begun, and resumes after the restart', async () => {
  world = await createWorld({ mps: unhurried });
  world.mps.faults.add({ kind: 'delay', ms: 400, action: 'CreateAigcImageTask' });
  const taken = await order();
  const stopped = world.stop();
  const turnedAway = await answered(
    await world.discord.actor('mia').command('imagine', { prompt: 'an owl' }),
  );
  expect(turnedAway).toMatchObject({ content: text('en-US', 'error.stopping'), ephemeral: true });
  await stopped;
  world.mps.faults.clear();
  await world.start();
  await delivered(taken);
  expect(world.mps.tasks).toHaveLength(1);
});

it('an order that is being acknowledged when Easel stops is still taken, and nothing is logged as a fault', async () => {
  const log = createCollectingLog();
  // Without a limit, Easel warns at the start that nothing limits spending.
  const env = { QUOTA_TOTAL_IMAGES_DAY: '100', QUOTA_TOTAL_SECONDS_DAY: '100' };
  world = await createWorld({ log, env, discord: { messageContent: true } });
  const { faults } = world.discord;
  faults.add({ kind: 'delay', ms: 300, route: /callback$/ });
  const taken = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
  await until('its acknowledgement is on its way', () => faults.list().length === 0);
  await world.stop();
  expect(log.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  await world.start();
  await delivered(taken);
  expect(world.mps.tasks).toHaveLength(1);
});

describe('a crash while an order is being placed', () => {
  let folder: string;
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Makes the store look as it does after a crash between sending a Create and reading its answer. */
  async function forgetTheAnswer(storeUrl: string): Promise<void> {
    const store = await createStore(storeUrl, { log: silentLog });
    const table = store.table<Task>('tasks');
    for await (const [id, task] of table.entries()) {
      await table.set(id, { ...task, state: { name: 'submitting' } });
    }
    await store.close();
  }

  it('orders nothing twice: the user reads so, and can try again', async () => {
    folder = await mkdtemp(join(tmpdir(), 'easel-restart-'));
    const storeUrl = `sqlite://${join(folder, 'easel.sqlite')}`;
    world = await createWorld({ env: { STORE_URL: storeUrl } });
    const lift = world.mps.faults.add({ kind: 'stuck' });
    const invocation = await order();
    await until('it is written down as running', () => world.mps.records.length > 1);
    await world.stop();
    lift();
    await forgetTheAnswer(storeUrl);
    await world.start();
    const told = await failed(invocation);
    expect(told.content).toContain(text('en-US', 'failure.interrupted'));
    expect(world.mps.tasks).toHaveLength(1);
    const again = await world.discord.actor('ben').press(told.id, text('en-US', 'button.tryAgain'));
    await delivered(again);
    expect(world.mps.tasks).toHaveLength(2);
  });
});
