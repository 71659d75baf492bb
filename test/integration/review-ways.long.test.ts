import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { until } from '../support/until.js';
import {
  asked,
  createReviewedWorld,
  hasButton,
  member,
  moderator,
  paint,
  published,
  setReview,
} from './review-world.js';
import { answered, delivered, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const says = (words: string) => (message: MessageView) => message.content.includes(words);
const isClosed = (id: string) => (message: MessageView) =>
  message.id === id && message.components.length === 0;
const questions = () => world.discord.messages('desk').filter((message) => hasButton('approve')(message));
const press = (label: string, name?: string) =>
  moderator(world, name).press(questions().at(-1)?.id ?? '', label);

it('two moderators at once: one decides, the other reads who did; members may not', async () => {
  world = await createReviewedWorld();
  await paint(member(world));
  const question = await asked(world);
  const stranger = await answered(await member(world, 'mia').in('desk').press(question.id, 'Approve'));
  expect(stranger.content).toBe(text('en-US', 'review.error.notYours'));
  const presses = await Promise.all([
    moderator(world, 'rex').press(question.id, 'Reject'),
    moderator(world, 'ada').press(question.id, 'Reject'),
  ]);
  await until('the second one reads who decided', () =>
    presses.some((one) => one.message()?.content.includes('has already decided')),
  );
  await world.discord.until(isClosed(question.id), { channel: 'desk' });
  expect(published(world)).toEqual([]);
});

it('a restart, dead links and a dead token change nothing: the copy is posted in the channel', async () => {
  world = await createReviewedWorld();
  const sent = await paint(member(world));
  const question = await asked(world);
  await world.stop();
  sent.expireToken();
  world.mps.faults.add({ kind: 'link', status: 403 });
  await world.start();
  await moderator(world).press(question.id, 'Approve');
  const result = await world.discord.until(({ attachments }) => attachments.length > 0, {
    channel: 'general',
  });
  expect(result.notified).toEqual([member(world).userId]);
  expect(questions()).toEqual([]);
  await world.stop();
  await world.start();
  expect(published(world)).toHaveLength(1);
});

it('a deleted question is asked again', async () => {
  world = await createReviewedWorld();
  await paint(member(world));
  const first = await asked(world);
  await world.discord.actor('ada', 'desk').remove(first.id);
  await until('it is asked again', () => questions().some(({ id }) => id !== first.id));
  expect(published(world)).toEqual([]);
});

it('if the channel is gone it waits unposted, and goes where managers choose', async () => {
  world = await createReviewedWorld();
  const sent = await paint(member(world));
  await asked(world);
  const { world: places } = world.discord;
  places.removeChannel('desk');
  const other = places.addChannel('Foxglove', { name: 'tower', denyEveryone: ['ViewChannel'] });
  places.allowBot(other.id, ['ViewChannel', 'SendMessages', 'AttachFiles', 'ReadMessageHistory']);
  await setReview(world, { channel: other.id });
  const there = () => world.discord.messages(other.id).filter((message) => hasButton('approve')(message));
  await until('it is asked there', () => there().length === 1);
  expect(there()[0]?.attachments).toHaveLength(1);
  await world.discord.actor('ada', other.id).press(there()[0]?.id ?? '', 'Approve');
  await delivered(sent);
});

it('a channel that everyone can see by now is not used: managers are told once, nothing is published', async () => {
  world = await createReviewedWorld({});
  const { world: places } = world.discord;
  const [desk, studio] = [places.channel('desk').id, places.channel('Foxglove/studio').id];
  await setReview(world, { channel: desk, channels: [studio] });
  const result = await delivered(await paint(member(world)));
  const guild = places.guild('Foxglove');
  const everyone = (deny: bigint) =>
    places.setOverwrite('desk', { id: guild.id, type: 'role', allow: 0n, deny });
  everyone(0n);
  const sent = [await paint(member(world).in(studio)), await paint(member(world, 'mia').in(studio))];
  for (const one of sent) await one.until(says(text('en-US', 'card.awaitingReview.away')));
  await world.discord.until(says(text('en-US', 'review.public')), { channel: 'desk' });
  const refused = await answered(await member(world, 'lin').messageCommand('Report', result.id));
  expect(refused.content).toBe(text('zh-CN', 'report.error.unreachable'));
  expect(world.discord.messages('desk')).toHaveLength(1);
  expect(published(world)).toHaveLength(1);
  everyone(1n << 10n);
  await setReview(world, { channel: desk });
  await until('both are asked', () => questions().length === 2);
});

describe('what is reviewed', () => {
  it('goes by channel and role; private orders too, without their words', async () => {
    world = await createReviewedWorld({});
    const { world: places } = world.discord;
    const guild = places.guild('Foxglove');
    const role = places.addRole(guild.id, { name: 'New' });
    guild.members.get(places.user('mia').id)?.roles.push(role.id);
    const studio = places.channel('Foxglove/studio');
    await setReview(world, { channel: places.channel('desk').id, channels: [studio.id], roles: ['New'] });
    await delivered(await paint(member(world)));
    const before = published(world).length;
    await paint(member(world).in(studio.id));
    await until('one question', () => questions().length === 1);
    await paint(member(world, 'mia'), { private: true });
    await until('two questions', () => questions().length === 2);
    const secret = questions().at(-1);
    expect(secret?.content).toContain('privately');
    expect(secret?.content).not.toContain('a red fox');
    expect(published(world)).toHaveLength(before);
  });

  it('is each result of a set by itself; the message fills with those that are approved', async () => {
    world = await createReviewedWorld();
    const sent = await paint(member(world), { count: 2 });
    await until('two questions', () => questions().length === 2);
    expect(published(world)).toEqual([]);
    await press('Reject');
    await until('one question', () => questions().length === 1);
    await press('Approve');
    const message = await sent.until(says(text('en-US', 'card.set.rejected')));
    const filled = await sent.until(({ attachments }) => attachments.length === 1);
    expect(filled.id).toBe(message.id);
  });

  it('is all of a set that moderators were shown by then, with one button', async () => {
    world = await createReviewedWorld();
    const sent = await paint(member(world), { count: 3 });
    await until('three questions', () => questions().length === 3);
    const [, middle, last] = questions();
    await moderator(world).press(middle?.id ?? '', 'Approve all so far');
    await until('the two that were shown by then are decided', () => questions().length === 1);
    expect(questions()[0]?.id).toBe(last?.id);
    await sent.until(({ attachments }) => attachments.length === 2);
    const stranger = await answered(
      await member(world, 'mia')
        .in('desk')
        .press(last?.id ?? '', 'Reject all so far'),
    );
    expect(stranger.content).toBe(text('en-US', 'review.error.notYours'));
    await moderator(world).press(last?.id ?? '', 'Reject all so far');
    await sent.until(says(text('en-US', 'card.set.rejected')));
    expect(published(world).flatMap(({ attachments }) => attachments)).toHaveLength(2);
  });

  it('is a picture before its clip, and the clip then', async () => {
    world = await createReviewedWorld();
    const sent = await paint(member(world), { then_animate: 'it runs' });
    await until('the picture', () => questions().length === 1);
    expect(world.mps.tasks).toHaveLength(1);
    await press('Approve');
    await sent.until(({ attachments }) => attachments.some(({ filename }) => filename.endsWith('.png')));
    await until('the clip', () =>
      questions().some(({ attachments }) => attachments[0]?.filename.endsWith('.mp4')),
    );
    expect(published(world).flatMap(({ attachments }) => attachments)).toHaveLength(1);
    await press('Reject');
    await sent.until(says(text('en-US', 'card.rejected.result')));
  });
});

describe('until it is approved', () => {
  it('/tasks says so, and its user can discard it', async () => {
    world = await createReviewedWorld();
    await paint(member(world));
    const question = await asked(world);
    const list = await answered(await member(world).command('tasks'));
    expect(list.content).toContain(text('en-US', 'tasks.awaitingReview'));
    const choice = await member(world).press(list.id, 'Stop waiting for #1');
    await member(world).press((await answered(choice)).id, text('en-US', 'button.discard'));
    const closed = await world.discord.until(isClosed(question.id), { channel: 'desk' });
    expect(closed.content).toContain(text('en-US', 'review.withdrawn'));
    expect(published(world)).toEqual([]);
  });

  it('deleting one’s data removes what moderators have of it', async () => {
    world = await createReviewedWorld();
    const sent = await paint(member(world));
    const first = await asked(world);
    await moderator(world).press(first.id, 'Approve');
    await delivered(sent);
    await paint(member(world));
    await until('a second question', () => questions().length === 1 && questions()[0]?.id !== first.id);
    const second = questions()[0]?.id ?? '';
    const panel = await answered(await member(world).command('privacy delete'));
    await member(world).press(panel.id, text('en-US', 'button.forget.sure'));
    for (const id of [first.id, second])
      await until('it is gone', () => world.discord.message(id)?.deleted ?? true);
  });
});

describe('an order whose words need approval', () => {
  /** Ada puts a word on the list whose orders go to moderators. */
  async function listWord(): Promise<void> {
    const ada = world.discord.actor('ada');
    const opened = await ada.command('moderate words');
    await opened.acknowledged;
    await answered(await ada.submitModal(opened, { refuse: '', review: 'dragon' }));
  }

  it.each([
    ['ben', 'en-US'],
    ['lin', 'zh-CN'],
  ] as const)('waits without showing them, and is made once approved, for %s', async (name, locale) => {
    world = await createReviewedWorld({ all: false });
    await listWord();
    const sent = await paint(member(world, name), { prompt: 'a dragon' });
    const card = await sent.until(says(text(locale, 'card.awaitingApproval')));
    expect(card.content).not.toContain('dragon');
    const question = await asked(world, 'allow');
    expect(question.content).toContain('a dragon');
    await world.stop();
    expect(world.mps.tasks).toEqual([]);
    await world.start();
    await moderator(world).press(question.id, 'Approve');
    expect((await delivered(sent)).content).toContain('a dragon');
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('costs nothing if a moderator rejects it, or its user cancels it', async () => {
    world = await createReviewedWorld({ all: false });
    await listWord();
    const rejected = await paint(member(world), { prompt: 'a dragon' });
    const question = await asked(world, 'allow');
    await moderator(world).press(question.id, 'Reject');
    const told = await rejected.until(says(text('en-US', 'card.rejected.order')));
    expect(told.content).not.toContain('dragon');
    const cancelled = await paint(member(world), { prompt: 'a dragon' });
    const card = await cancelled.until(says(text('en-US', 'card.awaitingApproval')));
    await member(world).press(card.id, 'Cancel');
    await cancelled.until(says(text('en-US', 'card.cancelled')));
    expect(world.mps.tasks).toEqual([]);
  });
});

describe('the rules by channel and role', () => {
  it('make results spoilers, and keep a role to age-restricted channels', async () => {
    world = await createReviewedWorld({});
    const { world: places } = world.discord;
    const guild = places.guild('Foxglove');
    const role = places.addRole(guild.id, { name: 'Young' });
    guild.members.get(places.user('mia').id)?.roles.push(role.id);
    const ada = world.discord.actor('ada');
    const panel = await answered(await ada.command('settings show'));
    await ada.select(panel.id, 'v1:set:section', ['content']);
    const shows = (words: string) =>
      world.discord.until(
        ({ id, content, components }) =>
          id === panel.id && `${content}${JSON.stringify(components)}`.includes(words),
      );
    await shows('v1:set:age_roles');
    await ada.select(panel.id, 'v1:set:age_roles', ['Young']);
    await shows(`<@&${role.id}>`);
    const studio = places.channel('Foxglove/studio').id;
    await ada.select(panel.id, 'v1:set:spoiler_channels', [studio]);
    await shows(`<#${studio}>`);
    const refused = await answered(await paint(member(world, 'mia')));
    expect(refused.content).toBe(text('en-US', 'error.policy.content.role'));
    await delivered(await paint(member(world, 'mia').in('Foxglove/after-dark')));
    const hidden = await delivered(await paint(member(world).in(studio)));
    expect(hidden.attachments[0]?.filename).toMatch(/^SPOILER_/);
    const open = await delivered(await paint(member(world)));
    expect(open.attachments[0]?.filename).not.toMatch(/^SPOILER_/);
  });
});
