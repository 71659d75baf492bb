import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { asked, createReviewedWorld, hasButton, member, moderator, paint } from './review-world.js';
import { answered, delivered, saidIn, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const reports = () => world.discord.messages('desk').filter((message) => hasButton('dismiss')(message));

/** Its result, once it is on record: a moment after it can be seen. */
async function posted(sent: Parameters<typeof delivered>[0]): Promise<MessageView> {
  const result = await delivered(sent);
  await expect
    .poll(async () => saidIn(await answered(await member(world).command('gallery'))))
    .toContain(result.id);
  return result;
}

/** What a member is told who reports a message. */
async function report(name: string, { id }: MessageView): Promise<string> {
  return (await answered(await member(world, name).messageCommand('Report', id))).content;
}

it.each([
  ['mia', 'en-US'],
  ['lin', 'zh-CN'],
] as const)('a report by %s goes to moderators once, with a copy', async (name, locale) => {
  world = await createReviewedWorld({ all: false });
  const result = await posted(await paint(member(world)));
  expect(await report(name, result)).toBe(text(locale, 'report.done'));
  const seen = await world.discord.until(hasButton('expel'), { channel: 'desk' });
  const ben = world.discord.world.user('ben').id;
  for (const part of [`<@${member(world, name).userId}>`, `<@${ben}>`, 'a red fox', result.id])
    expect(seen.content).toContain(part);
  expect(seen.attachments).toHaveLength(1);
  expect(seen.notified).toEqual([]);
  expect(await report(name, result)).toBe(text(locale, 'report.error.again'));
  expect(await report('ben', result)).toBe(text('en-US', 'report.done'));
  expect(reports()).toHaveLength(1);
  expect(reports()[0]?.content).toContain(text('en-US', 'report.more', { count: 1 }));
});

it('a member can report another result only after a while', async () => {
  world = await createReviewedWorld({ all: false });
  const first = await posted(await paint(member(world)));
  const second = await posted(await paint(member(world)));
  await report('mia', first);
  expect(await report('mia', second)).toContain('You have just reported something');
  expect(reports()).toHaveLength(1);
});

it('says so where there is no channel for reports, or nothing to report', async () => {
  world = await createReviewedWorld({});
  const result = await posted(await paint(member(world)));
  expect(await report('mia', result)).toBe(text('en-US', 'report.error.channel'));
  const words = await member(world).send('hello');
  expect(await report('mia', words)).toBe(text('en-US', 'report.error.notMine'));
});

it('moderators delete a reported result, and every copy of it goes', async () => {
  world = await createReviewedWorld();
  const sent = await paint(member(world));
  const question = await asked(world);
  await moderator(world).press(question.id, 'Approve');
  const result = await posted(sent);
  await report('mia', result);
  const seen = await world.discord.until(hasButton('expel'), { channel: 'desk' });
  const stranger = await member(world, 'mia')
    .in('desk')
    .press(seen.id, 'Delete result')
    .catch(() => undefined);
  if (stranger) expect((await answered(stranger)).content).toBe(text('en-US', 'review.error.notYours'));
  await answered(await moderator(world).press(seen.id, 'Delete result'));
  for (const { id } of [result, seen, question])
    await expect.poll(() => world.discord.message(id)?.deleted ?? true).toBe(true);
});

it('blocking the member cancels what waits', async () => {
  world = await createReviewedWorld({ all: false }, { env: { MAX_IMAGE_TASKS: '1' } });
  const result = await delivered(await paint(member(world)));
  await report('mia', result);
  const seen = await world.discord.until(hasButton('ban'), { channel: 'desk' });
  const finish = world.mps.faults.add({ kind: 'status', word: 'RUN' });
  const others = await paint(member(world, 'lin'));
  await others.until(() => world.mps.tasks.length === 2);
  const waiting = await paint(member(world));
  await waiting.until(hasButton('cancel'));
  await answered(await moderator(world).press(seen.id, 'Block member'));
  await waiting.until(({ content }) => content.includes(text('en-US', 'card.cancelled')));
  finish();
});

it('moderators block the member, and dismiss the report', async () => {
  world = await createReviewedWorld({ all: false });
  const result = await posted(await paint(member(world)));
  await report('mia', result);
  const seen = await world.discord.until(hasButton('ban'), { channel: 'desk' });
  await answered(await moderator(world).press(seen.id, 'Block member'));
  expect((await answered(await paint(member(world)))).attachments).toEqual([]);
  await moderator(world).press(seen.id, 'Dismiss');
  const closed = await world.discord.until(({ id, components }) => id === seen.id && components.length === 0);
  expect(closed.attachments).toEqual([]);
  expect(closed.content).not.toContain('a red fox');
});

it('a block by its button does what the command does: what waits is cancelled, what runs goes to them alone', async () => {
  world = await createReviewedWorld({ all: false });
  const result = await posted(await paint(member(world)));
  await report('mia', result);
  const seen = await world.discord.until(hasButton('ban'), { channel: 'desk' });
  const finish = world.mps.faults.add({ kind: 'status', word: 'RUN' });
  const running = await paint(member(world));
  await running.until(({ content }) => content.includes('painting'));
  const opened = await moderator(world, 'ada').command('moderate words');
  await opened.acknowledged;
  await answered(await moderator(world, 'ada').submitModal(opened, { refuse: '', review: 'hare' }));
  const waiting = await member(world).command('imagine', { prompt: 'a hare' });
  await asked(world, 'allow');
  await answered(await moderator(world).press(seen.id, 'Block member'));
  await waiting.until(({ components }) => JSON.stringify(components).includes(text('en-US', 'button.why')));
  finish();
  const direct = await world.discord.until(
    (message) =>
      message.attachments.length > 0 && message.channelId !== result.channelId && message.id !== seen.id,
  );
  expect(direct.channelId).not.toBe(seen.channelId);
  expect(
    world.discord.messages(result.channelId).filter(({ attachments }) => attachments.length > 0),
  ).toHaveLength(1);
});
