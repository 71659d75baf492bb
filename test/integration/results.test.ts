import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { type CollectingLog, createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World, type WorldOptions } from './world.js';

let world: World;
let log: CollectingLog;
afterEach(() => world.close());

async function open(options: WorldOptions = {}): Promise<void> {
  log = createCollectingLog();
  world = await createWorld({ ...options, log });
}

/** Small pictures: they are drawn and sent by the dozen. */
function imagine(options: Record<string, string | boolean> = {}): Promise<Invocation> {
  const command = { prompt: 'a red fox', size: '512x512', ...options };
  return world.discord.actor('ben', 'general').command('imagine', command);
}

/** That these messages hold, in order and byte for byte, all that MPS served. */
async function expectAll(messages: readonly MessageView[]): Promise<void> {
  const [task] = world.mps.tasks;
  let served = 0;
  for (const { id, attachments } of messages) {
    for (const [index, { filename }] of attachments.entries()) {
      const posted = await world.discord.fetchAttachment(id, index);
      expect(posted.equals(await world.mps.resultBytes(task?.id ?? '', served)), filename).toBe(true);
      served += 1;
      expect(filename).toMatch(new RegExp(`-${served}\\.(png|mp4)$`));
    }
  }
  expect(task?.downloads).toBe(served);
}

function filesOf(messages: readonly MessageView[]): number[] {
  return messages.map(({ attachments }) => attachments.length);
}

describe('several results in one answer', () => {
  it('that are pictures are posted in one message', async () => {
    await open();
    world.mps.faults.add({ kind: 'results', number: 3 });
    const message = await delivered(await imagine());
    expect(filesOf([message])).toEqual([3]);
    await expectAll([message]);
    expect(world.discord.actor('ben', 'general').messages()).toHaveLength(1);
  });

  it('that are clips are posted in one message', async () => {
    await open();
    world.mps.faults.add({ kind: 'results', number: 2 });
    const ben = world.discord.actor('ben', 'general');
    const message = await delivered(await ben.command('animate', { prompt: 'it runs' }));
    expect(filesOf([message])).toEqual([2]);
    await expectAll([message]);
  });

  it.each([true, false])(
    'beyond ten are posted in a second message, which follows the answer (private: %s)',
    async (secret) => {
      await open();
      world.mps.faults.add({ kind: 'results', number: 12 });
      const invocation = await imagine({ private: secret });
      const message = await delivered(invocation);
      await until('the rest follows', () => invocation.followUps().length === 1);
      const messages = [message, ...invocation.followUps()];
      expect(filesOf(messages)).toEqual([10, 2]);
      expect(messages.map(({ ephemeral }) => ephemeral)).toEqual([secret, secret]);
      await expectAll(messages);
    },
  );

  it('beyond ten are posted in the channel if the answer is out of reach', async () => {
    await open();
    world.mps.faults.add({ kind: 'results', number: 21 });
    const invocation = await imagine();
    await invocation.until(({ content }) => content.includes('painting'));
    invocation.expireToken();
    const ben = world.discord.actor('ben', 'general');
    const inChannel = () => ben.messages().filter(({ attachments }) => attachments.length > 0);
    await until('all are posted', () => inChannel().length === 3);
    const [outcome, ...more] = inChannel();
    expect(filesOf(inChannel())).toEqual([10, 10, 1]);
    expect(more.map(({ replyTo }) => replyTo)).toEqual([outcome?.id, outcome?.id]);
    expect(inChannel().map(({ notified }) => notified.length)).toEqual([1, 0, 0]);
    await expectAll(inChannel());
  });

  it('that Discord refuses are reported to the operator, and posted no second time', async () => {
    await open();
    world.mps.faults.add({ kind: 'results', number: 11 });
    world.discord.faults.add({
      kind: 'status',
      status: 500,
      method: 'POST',
      route: '^/webhooks/[^/]+/[^/]+$',
    });
    await delivered(await imagine());
    await until('the operator is told', () => log.lines.some(({ level }) => level === 'error'));
    expect(log.lines.find(({ level }) => level === 'error')).toMatchObject({
      message: 'additional results of a task could not be posted',
      details: { files: 1 },
    });
    await until('the task is over', () => log.lines.some(({ message }) => message === 'result delivered'));
    expect(filesOf(world.discord.actor('ben', 'general').messages())).toEqual([10]);
  });
});

describe("the operator's bucket", () => {
  const env = { COS_BUCKET: 'pictures-1250000000', COS_REGION: 'ap-shanghai', COS_OUTPUT_DIR: '/easel/' };

  it('gets a copy of each result, under guild and task, and the log reports one that did not get there', async () => {
    await open({ env });
    const message = await delivered(await imagine());
    const { guildId, interactionId } = message;
    const path = `/easel/${guildId}/${interactionId}-1/`;
    expect(world.mps.tasks[0]?.params.StoreCosParam).toEqual({
      CosBucketName: 'pictures-1250000000',
      CosBucketRegion: 'ap-shanghai',
      CosBucketPath: path,
    });
    await until('the log tells', () => log.lines.some(({ message: words }) => words === 'result delivered'));
    const line = log.lines.find(({ message: words }) => words.includes('MPS_QcsRole'));
    expect(line).toMatchObject({ level: 'error', details: { task: `${interactionId}:1` } });
    const told = log.lines.find(({ message: words }) => words === 'result delivered');
    expect(JSON.stringify(told)).not.toContain('/easel/');
  });

  it('has a folder for direct messages, too', async () => {
    await open({ env });
    const ben = world.discord.actor('ben', 'general');
    await delivered(await ben.dm.command('imagine', { prompt: 'a red fox' }));
    expect(world.mps.tasks[0]?.params.StoreCosParam?.CosBucketPath).toMatch(/^\/easel\/direct\/\d+-1\/$/);
  });

  it('is not mentioned if there is none', async () => {
    await open();
    await delivered(await imagine());
    expect(world.mps.tasks[0]?.params).not.toHaveProperty('StoreCosParam');
  });
});
