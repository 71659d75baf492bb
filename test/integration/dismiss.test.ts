import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, delivered, type World } from './world.js';

let world: World;
/** Lets MPS finish. */
let finish: () => void;
beforeEach(async () => {
  world = await createWorld({ timing: { notifyAfterMs: 1 } });
  finish = world.mps.faults.add({ kind: 'status', word: 'RUN' });
});
afterEach(() => world.close());

const en = (key: Parameters<typeof text>[1], params = {}) => text('en-US', key, params);
const actor = (name: string) => world.discord.actor(name, 'general');
const says = (words: string) => (message: MessageView) => message.content.includes(words);

/** A picture that MPS paints for Ben. */
async function running(): Promise<Invocation> {
  const invocation = await actor('ben').command('imagine', { prompt: 'a red fox' });
  await invocation.until(says('painting'));
  return invocation;
}

/** The question to `name` after pressing the button below a card. */
async function asked(name: string, order: Invocation): Promise<MessageView> {
  return answered(await actor(name).press(order.message()?.id ?? '', en('button.release')));
}

/** Presses one of the two choices, and waits for the answer. */
async function choose(name: string, question: MessageView, label: string): Promise<string> {
  await actor(name).press(question.id, label);
  await expect.poll(() => world.discord.message(question.id)?.content).not.toBe(question.content);
  return world.discord.message(question.id)?.content ?? '';
}

const used = async () => (await answered(await actor('ben').command('quota show'))).content;
const rung = () =>
  world.discord.world
    .channels()
    .flatMap(({ id }) => world.discord.messages(id))
    .flatMap(({ notified }) => notified);

it('a running task that is dismissed for discarding is not fetched, counts, and says so on its card, also across a restart', async () => {
  const order = await running();
  expect((await asked('mia', order)).content).toBe(en('error.release.notYours'));
  const question = await asked('ben', order);
  expect(question).toMatchObject({ ephemeral: true, content: en('release.ask') });
  expect(await choose('ben', question, en('button.discard'))).toBe(en('release.done.drop'));
  await order.until(says(en('card.released.asker.drop')));
  await world.stop();
  await world.start();
  finish();
  const card = await order.until(says(en('card.discarded.asker')));
  expect(card.attachments).toEqual([]);
  expect(world.mps.tasks.map(({ downloads }) => downloads)).toEqual([0]);
  expect(await used()).toContain('Pictures this month: 1');
  expect((await answered(await actor('ben').command('tasks'))).content).toContain(en('tasks.discarded'));
  await delivered(await actor('ben').press(card.id, 'Again'));
});

it('a running task that is dismissed for later delivery is posted without a ping', async () => {
  const order = await running();
  const list = await answered(await actor('ben').command('tasks'));
  const question = await answered(
    await actor('ben').press(list.id, en('button.release.number', { number: 1 })),
  );
  expect(await choose('ben', question, en('button.quiet'))).toBe(en('release.done.deliver'));
  await order.until(says(en('card.released.asker.deliver')));
  finish();
  await delivered(order);
  const late = await answered(await actor('ben').press(list.id, en('button.release.number', { number: 1 })));
  // Posted, but perhaps not yet persisted as such.
  expect([en('error.release.came'), en('error.release.coming')]).toContain(late.content);
  await world.stop();
  expect(rung()).toEqual([]);
});

it("the user who asked can't undo a moderator's dismissal, and a task that MPS fails is refunded", async () => {
  const order = await running();
  const mine = await asked('ben', order);
  const question = await asked('ada', order);
  await choose('ada', question, en('button.discard'));
  await order.until(says(en('card.released.moderator.drop')));
  expect(await choose('ben', mine, en('button.quiet'))).toBe(en('error.release.moderated'));
  finish();
  await order.until(says(en('card.discarded.moderator')));

  finish = world.mps.faults.add({ kind: 'status', word: 'RUN' });
  world.mps.faults.add({ kind: 'fail', count: 1 });
  const second = await running();
  await choose('ben', await asked('ben', second), en('button.discard'));
  finish();
  // The user does not wait for it: the reason is shown on request.
  const card = await second.until(says('order failed'));
  const why = await answered(await actor('ben').press(card.id, 'Why?'));
  expect(why.content).toContain(en('failure.unsuccessful'));
  expect(await used()).toContain('Pictures this month: 1');
});

it('pressing an old button, or one twice, shows the current state', async () => {
  const first = await running();
  await choose('ben', await asked('ben', first), en('button.discard'));
  const again = await asked('ben', first);
  expect(again.content).toContain(en('release.now.drop'));
  finish();
  await first.until(says(en('card.discarded.asker')));
  expect(await choose('ben', again, en('button.quiet'))).toBe(en('error.release.over'));
});

it('pressing Cancel a moment too late offers to dismiss the task', async () => {
  await world.stop();
  await world.start({ MAX_IMAGE_TASKS: '1' });
  const first = await running();
  const second = await actor('ben').command('imagine', { prompt: 'an owl' });
  await second.until(says(en('card.next')));
  const list = await answered(await actor('ben').command('tasks'));
  await choose('ben', await asked('ben', first), en('button.discard'));
  // The next one never ends.
  world.mps.faults.add({ kind: 'stuck', count: 1 });
  finish();
  await second.until(says('painting'));
  const late = await answered(await actor('ben').press(list.id, 'Cancel #1'));
  expect(late.content).toBe(en('release.ask'));
});
