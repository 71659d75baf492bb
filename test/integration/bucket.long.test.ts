import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import type { Task } from '../../src/tasks/model/task.js';
import { type CollectingLog, createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { type BucketWorld, createBucketWorld } from './bucket-world.js';
import { delivered, failed, isResult, type WorldOptions } from './world.js';

let world: BucketWorld;
let folder: string;
let log: CollectingLog;
/** ms by which everyone's clock is ahead of this machine's. */
let ahead = 0;
const now = () => Date.now() + ahead;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-bucket-'));
  log = createCollectingLog();
  ahead = 0;
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const storeUrl = () => `sqlite://${join(folder, 'easel.sqlite')}`;
const open = async (options: WorldOptions = {}, bucket: Parameters<typeof createBucketWorld>[1] = {}) => {
  world = await createBucketWorld(
    { now, log, ...options, env: { STORE_URL: storeUrl(), ...options.env } },
    bucket,
  );
};
const ben = () => world.discord.actor('ben', 'general');
const order = (options = {}): Promise<Invocation> =>
  ben().command('imagine', { prompt: 'a red fox', ...options });

/** The first file that MPS made, and the posted one. */
async function bytesOf(message: MessageView, at = 0): Promise<readonly [made: Buffer, posted: Buffer]> {
  const task = world.mps.tasks[at];
  return [await world.mps.resultBytes(task?.id ?? ''), await world.discord.fetchAttachment(message.id, 0)];
}

async function expectSame(message: MessageView, at = 0): Promise<void> {
  const [made, posted] = await bytesOf(message, at);
  expect(posted.equals(made)).toBe(true);
}

async function storedTasks(): Promise<Task[]> {
  const store = await createStore(storeUrl(), { log: silentLog });
  const tasks: Task[] = [];
  for await (const [, task] of store.table<Task>('tasks').entries()) tasks.push(task);
  await store.close();
  return tasks;
}

describe('a result in the operator’s private bucket', () => {
  it.each(['loopback', 'myqcloud', 'tencentcos'] as const)(
    'arrives byte for byte over a bare link (%s), and its signed form is stored nowhere',
    async (bucketLinks) => {
      await open({ mps: { settings: { bucketLinks } } });
      await expectSame(await delivered(await order()));
      await expectSame(await delivered(await ben().command('animate', { prompt: 'it runs' })), 1);
      expect(
        world.cos.records.filter(({ right, status }) => right === 'cos:GetObject' && status === 403),
      ).toEqual([]);
      const line = log.lines.find(({ message }) => message === 'result delivered');
      expect(JSON.stringify(line)).toContain(`${world.cos.bucket}/aigc-output/`);
      expect(JSON.stringify(log.lines)).not.toMatch(/q-sign|q-ak/);
      await world.stop();
      const tasks = await storedTasks();
      expect(tasks).toHaveLength(2);
      for (const { results } of tasks) expect(results).not.toHaveProperty('linksExpireAt');
      expect(JSON.stringify(tasks)).not.toMatch(/q-sign|q-ak/);
    },
  );

  it('arrives after Easel was down for thirteen hours', async () => {
    await open({ mps: { durations: { image: [2, 3] } } });
    await order();
    await until('MPS has the order', () => world.mps.tasks.length === 1);
    await world.stop();
    ahead += 13 * 60 * 60_000;
    await until('the object is there', () => {
      // No one requests it; MPS stores it all the same.
      return [...world.cos.objects.keys()].some((key) => key.startsWith('aigc-output/'));
    });
    await world.start();
    const message = await world.discord.until(isResult, { channel: 'general' });
    await expectSame(message);
  });

  it('is waited for if it appears a while after DONE', async () => {
    await open({ mps: { settings: { objectsAfterMs: 400 } } });
    await expectSame(await delivered(await order()));
    expect(world.cos.records.some(({ right, status }) => right === 'cos:GetObject' && status === 404)).toBe(
      true,
    );
  });

  it("that the key can't read is retried, and the operator is alerted which right is missing", async () => {
    await open({ idle: true });
    const channelId = world.discord.world.channels().find(({ name }) => name === 'studio')?.id ?? '';
    await world.start({ OPERATOR_CHANNEL_ID: channelId });
    world.cos.settings.update({ denied: [{ right: 'cos:GetObject', prefix: '' }] });
    const invocation = await order();
    const notice = await world.discord.until(({ content }) => content.includes('cos:GetObject'), {
      channel: 'studio',
    });
    expect(notice.content).toContain('cos:GetBucket');
    expect(log.lines.find(({ message }) => message.includes('cos:GetObject'))?.level).toBe('error');
    const refusals = () => world.cos.records.filter(({ status }) => status === 403).length;
    await until('it was refused five times', () => refusals() >= 5);
    // Of any other link that would be believed by now.
    ahead += 60 * 60_000;
    const before = refusals();
    await until('it was refused again', () => refusals() > before);
    world.cos.settings.update({ denied: [] });
    await world.discord.until(isResult, { channel: 'general' });
    expect(invocation.message()?.content ?? '').not.toContain('⚠️');
  });

  it('is animated: MPS fetches it over a link signed for it alone', async () => {
    await open();
    const invocation = await order({ then_animate: 'it runs' });
    await world.discord.until(
      ({ attachments }) => attachments.some(({ filename }) => filename.endsWith('.mp4')),
      { channel: 'general' },
    );
    const clip = JSON.stringify(world.mps.tasks[1]?.params);
    expect(clip).toContain(`${world.cos.url}/aigc-output/`);
    expect(clip).toContain('q-signature=');
    expect(invocation.message()).toBeDefined();
    await world.stop();
    expect(JSON.stringify(await storedTasks())).not.toMatch(/q-signature/);
  });
});

describe('without the role MPS_QcsRole', () => {
  it('a result arrives all the same, nothing claims a folder, and the operator is alerted once an hour', async () => {
    await open({ idle: true, mps: { settings: { role: false } } });
    const channelId = world.discord.world.channels().find(({ name }) => name === 'studio')?.id ?? '';
    await world.start({ OPERATOR_CHANNEL_ID: channelId });
    const message = await delivered(await order());
    await expectSame(message);
    await expectSame(await delivered(await order()), 1);
    const notice = await world.discord.until(({ content }) => content.includes('MPS_QcsRole'), {
      channel: 'studio',
    });
    expect(notice.content).toContain('role not exist');
    expect(notice.content).toContain('Account authorization');
    expect(
      world.discord.messages(channelId).filter(({ content }) => content.includes('MPS_QcsRole')),
    ).toHaveLength(1);
    const lines = log.lines.filter(({ message: words }) => words.includes('MPS_QcsRole'));
    expect(lines.map(({ level }) => level)).toEqual(['error', 'error']);
    expect(JSON.stringify(lines)).toContain('role not exist');
    expect(
      JSON.stringify(log.lines.filter(({ message: words }) => words === 'result delivered')),
    ).not.toContain('aigc-output');
    expect(message.content).not.toContain('aigc-output');
  });

  it('a Create whose answer was lost ends at once, as soon as that is known', async () => {
    await open({ mps: { settings: { role: false } } });
    await delivered(await order());
    world.mps.faults.add({ kind: 'reset', when: 'after', action: 'CreateAigcImageTask', count: 1 });
    const told = await failed(await order());
    expect(told.content).toContain(text('en-US', 'failure.uncertain'));
    expect(world.mps.tasks).toHaveLength(2);
  });
});

describe('a Create whose answer was lost', () => {
  const lose = (count = 1) =>
    world.mps.faults.add({ kind: 'reset', when: 'after', action: 'CreateAigcImageTask', count });

  it('is found in the bucket and delivered, ordered once, and counts once', async () => {
    await open({ env: { QUOTA_MEMBER_IMAGES_DAY: '2', HEALTH_PORT: '0' } });
    lose();
    const invocation = await order();
    await expectSame(await delivered(invocation));
    expect(world.mps.tasks).toHaveLength(1);
    const numbers = await (await fetch(`${world.app().healthUrl()}/metrics`)).text();
    expect(numbers).toMatch(/easel_creates_lost_total\{kind="image",result="searching"\} 1/);
    expect(numbers).toMatch(/easel_creates_lost_total\{kind="image",result="found"\} 1/);
    await delivered(await order());
    // The two of the day are spent: neither more nor fewer.
    const refused = await (await order()).until(({ content }) => content !== '' && !content.startsWith('>'));
    expect(refused.attachments).toEqual([]);
    expect(world.mps.tasks).toHaveLength(2);
  });

  it('says so on its card, in /tasks and in /state, holds no slot, and can be dismissed', async () => {
    await open({ env: { MAX_IMAGE_TASKS: '1', HEALTH_PORT: '0', PLAYGROUND: '1' } });
    world.cos.settings.update({ listingDelayMs: 60_000 });
    lose();
    const invocation = await order();
    const card = await invocation.until(({ content }) => content.includes(text('en-US', 'card.searching')));
    const state = (await (await fetch(`${world.app().healthUrl()}/state`)).json()) as {
      tasks: { state: string }[];
      slots: { image: { busy: number } };
    };
    expect(state.tasks.map(({ state: name }) => name)).toEqual(['searching']);
    expect(state.slots.image.busy).toBe(0);
    await delivered(await order());
    const list = await ben().command('tasks', {});
    const shown = await list.until(({ content }) => content !== '');
    expect(shown.content).toContain(text('en-US', 'tasks.searching'));
    const asked = await ben().press(card.id, text('en-US', 'button.release'));
    const question = await asked.until(({ content }) => content !== '');
    expect(question.content).toContain(text('en-US', 'release.ask.searching'));
    await ben().press(question.id, text('en-US', 'button.discard'));
    await invocation.until(({ content }) => content.includes(text('en-US', 'card.released.asker.drop')));
    world.cos.clock.advance(120_000);
    await invocation.until(({ content }) => content.includes(text('en-US', 'card.discarded.asker')));
    expect(world.mps.tasks).toHaveLength(2);
  });

  it('is found even if listings lag behind', async () => {
    await open();
    world.cos.settings.update({ listingDelayMs: 1_500 });
    lose();
    await expectSame(await delivered(await order()));
    const empty = world.cos.records.filter(({ right }) => right === 'cos:GetBucket');
    expect(empty.length).toBeGreaterThan(3);
    expect(world.mps.tasks).toHaveLength(1);
  });

  it("ends at once if the key can't list, and the user can try again", async () => {
    await open();
    world.cos.settings.update({ denied: [{ right: 'cos:GetBucket', prefix: '' }] });
    lose();
    const told = await failed(await order());
    expect(told.content).toContain(text('en-US', 'failure.uncertain'));
    expect(log.lines.find(({ message }) => message.includes('cos:GetBucket'))?.level).toBe('error');
    await delivered(await ben().press(told.id, text('en-US', 'button.tryAgain')));
    expect(world.mps.tasks).toHaveLength(2);
  });

  it('that never reached MPS is refunded when nothing can come any more', async () => {
    await open();
    // Never processed and never answered: indistinguishable from the other kind.
    world.mps.faults.add({ kind: 'reset', when: 'before', action: 'CreateAigcImageTask', count: 1 });
    const invocation = await order();
    await invocation.until(({ content }) => content.includes(text('en-US', 'card.searching')));
    ahead += 31 * 60_000;
    await world.discord.until(({ content }) => content.includes(text('en-US', 'failure.uncertain')), {
      channel: 'general',
    });
    expect(world.mps.tasks).toHaveLength(0);
  });

  it('survives restarts, even if Easel was killed while it sent the Create', async () => {
    await open({ mps: { durations: { image: [1, 1.5] } } });
    await order();
    await until('it runs', () => world.mps.records.some(({ action }) => action === 'DescribeAigcImageTask'));
    await world.stop();
    // As a kill would have left it.
    const store = await createStore(storeUrl(), { log: silentLog });
    const table = store.table<Task>('tasks');
    for await (const [id, task] of table.entries()) {
      if (task.state.name !== 'running' || !task.state.folder) throw new Error('it does not run');
      await table.set(id, { ...task, state: { name: 'submitting', folder: task.state.folder } });
    }
    await store.close();
    await world.start();
    await world.stop();
    expect((await storedTasks()).map(({ state }) => state.name)).toEqual(['searching']);
    await world.start();
    const message = await world.discord.until(isResult, { channel: 'general' });
    await expectSame(message);
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('of a picture with a follow-up clip lets its clip follow', async () => {
    await open();
    lose();
    await order({ then_animate: 'it runs' });
    await world.discord.until(
      ({ attachments }) => attachments.some(({ filename }) => filename.endsWith('.mp4')),
      { channel: 'general' },
    );
    expect(world.mps.tasks.map(({ action }) => action)).toEqual([
      'CreateAigcImageTask',
      'CreateAigcVideoTask',
    ]);
  });
});
