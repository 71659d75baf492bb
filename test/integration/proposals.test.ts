import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.js';
import { createStore, type Store } from '../../src/store/store.js';
import { answered, createWorld, delivered, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

const actor = (name: string) => world.discord.actor(name, 'general');
const labels = (message: MessageView) =>
  message.components.flatMap((row) => ('components' in row ? row.components : [])).map((one) => label(one));
const label = (one: unknown) => (typeof one === 'object' && one && 'label' in one ? one.label : undefined);
const open = async (options?: WorldOptions) => {
  world = await createWorld(options);
};

async function fieldsOf(opened: Invocation) {
  await opened.acknowledged;
  return opened.modal()?.components.map(({ component }) => component?.value) ?? [];
}

const wrong = { prompt: 'it runs', model: 'Kling 2.1', duration: 8 };

describe('a refusal', () => {
  it('offers what works on buttons, and keeps what was typed', async () => {
    await open();
    const refusal = await answered(await actor('ben').command('animate', wrong));
    expect(labels(refusal)).toEqual(['Use 10 s', expect.stringMatching(/^Use Kling /), 'Edit']);
    const clip = await delivered(await actor('ben').press(refusal.id, 'Use 10 s'));
    expect(clip.content).toContain('it runs');
    expect(world.mps.tasks.at(-1)?.params).toMatchObject({ Prompt: 'it runs', Duration: 10 });
  });

  it('is offered in Chinese, too', async () => {
    await open();
    const refusal = await answered(await actor('lin').command('animate', wrong));
    expect(labels(refusal)).toEqual(['改用 10 秒', expect.stringMatching(/^改用 Kling /), '编辑']);
  });

  it('takes the first task for the original event: two presses make one', async () => {
    await open();
    const refusal = await answered(await actor('ben').command('animate', wrong));
    const presses = await Promise.all([
      actor('ben').press(refusal.id, 'Use 10 s'),
      actor('ben').press(refusal.id, 'Use 10 s'),
    ]);
    const answers = await Promise.all(presses.map((press) => press.until(({ content }) => content !== '')));
    expect(answers.filter(({ content }) => content.includes('Already ordered'))).toHaveLength(1);
    await world.discord.until(({ attachments }) => attachments.length > 0);
    const later = await answered(await actor('ben').press(refusal.id, 'Edit'));
    expect(later.content).toContain('Already ordered');
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('of a model that is switched off in this server offers another one', async () => {
    await open();
    await answered(
      await actor('ada').command('settings models_off', { action: 'off', kind: 'image', model: 'qwen-0925' }),
    );
    const order = { prompt: 'a fox', model: 'qwen-0925' };
    const refusal = await answered(await actor('ben').command('imagine', order));
    expect(labels(refusal)).toEqual(['Use Hunyuan 3.0', 'Edit']);
    await delivered(await actor('ben').press(refusal.id, 'Use Hunyuan 3.0'));
  });

  it('opens the form with its values, and survives a restart', async () => {
    await open();
    const refusal = await answered(await actor('ben').command('animate', wrong));
    await world.stop();
    await world.start();
    const opened = await actor('ben').press(refusal.id, 'Edit');
    expect((await fieldsOf(opened)).slice(0, 3)).toEqual(['it runs', undefined, '8']);
    await delivered(await actor('ben').submitModal(opened, { measure: '5' }));
  });

  it('of a prompt that is too long opens it whole, to be shortened', async () => {
    await open();
    const prompt = 'fox '.repeat(300).trim();
    const refusal = await answered(await actor('ben').command('imagine', { prompt }));
    expect(labels(refusal)).toEqual(['Shorten']);
    const opened = await actor('ben').press(refusal.id, 'Shorten');
    expect((await fieldsOf(opened))[0]).toBe(prompt);
    await delivered(await actor('ben').submitModal(opened, { prompt: 'a fox' }));
  });

  it('of an unreadable form opens the form again as it was sent', async () => {
    await open();
    const picture = await delivered(await actor('ben').command('imagine', { prompt: 'a fox' }));
    const first = await actor('ben').press(picture.id, 'Animate');
    await first.acknowledged;
    const sent = { prompt: 'it runs', measure: 'long', options: '--audio' };
    const refusal = await answered(await actor('ben').submitModal(first, sent));
    expect(refusal.content).toContain("can't read long");
    const again = await actor('ben').press(refusal.id, 'Edit');
    expect((await fieldsOf(again)).slice(0, 4)).toEqual(['it runs', undefined, 'long', '--audio']);
  });
});

describe('a press that was not acknowledged', () => {
  /** Its defer is too late for Discord: no one waits, so nothing is ordered. */
  async function pressTooLate(messageId: string, button: string) {
    const { faults } = world.discord;
    faults.add({ kind: 'expireToken', code: 10_062, method: 'POST', route: /callback$/ });
    await actor('ben').press(messageId, button);
    await expect.poll(() => faults.list()).toEqual([]);
    await world.stop();
    await world.start();
  }

  it('leaves a question open, and two later presses make one task', async () => {
    await open();
    const message = await actor('ben').send('@Easel can you paint a fox?');
    const question = await world.discord.until(({ replyTo }) => replyTo === message.id);
    await pressTooLate(question.id, 'Paint it');
    await pressTooLate(question.id, 'Paint it');
    expect(world.discord.message(question.id)?.content).toContain('Nothing has been ordered yet');
    const presses = await Promise.all([
      actor('ben').press(question.id, 'Paint it'),
      actor('ben').press(question.id, 'Paint it'),
    ]);
    const answers = await Promise.all(presses.map((press) => press.until(({ content }) => content !== '')));
    expect(answers.filter(({ content }) => content.includes('Already ordered'))).toHaveLength(1);
    await world.discord.until(({ attachments }) => attachments.length > 0);
    await expect.poll(() => world.discord.message(question.id)?.content).toBe('Ordered.');
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('leaves the form of a refusal open', async () => {
    await open();
    const refusal = await answered(await actor('ben').command('animate', wrong));
    await pressTooLate(refusal.id, 'Use 10 s');
    const opened = await actor('ben').press(refusal.id, 'Edit');
    await opened.acknowledged;
    await delivered(await actor('ben').submitModal(opened, { measure: '5' }));
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('of an unreadable follow-up clip opens the whole order', async () => {
    await open();
    const order = { prompt: 'a fox', model: 'kling-2.1', aspect_ratio: '16:9', negative: 'rain' };
    const refusal = await answered(
      await actor('ben').command('imagine', { ...order, then_animate: 'it runs --pace 3' }),
    );
    expect(refusal.content).toContain('--pace');
    const opened = await actor('ben').press(refusal.id, 'Edit');
    const [prompt, , measure, options] = await fieldsOf(opened);
    expect([prompt, measure, options]).toEqual([
      'a fox',
      '16:9',
      '--negative rain --then "it runs --pace 3"',
    ]);
    await delivered(
      await actor('ben').submitModal(opened, { options: '--negative rain --then "it runs --duration 5"' }),
    );
    expect(JSON.stringify(world.mps.tasks[0]?.params)).toMatch(/a fox.*16:9/);
  });
});

it('a proposal is deleted after an hour, and with /privacy', async () => {
  let late = 0;
  await open({ now: () => Date.now() + late });
  const refusal = await answered(await actor('ben').command('animate', wrong));
  late = 3_600_001;
  expect((await answered(await actor('ben').press(refusal.id, 'Use 10 s'))).content).toContain(
    'offer has expired',
  );
  const second = await answered(await actor('ben').command('animate', wrong));
  const warning = await answered(await actor('ben').command('privacy delete'));
  await actor('ben').press(warning.id, 'Yes, delete it');
  await world.discord.until(({ content }) => content.startsWith('Done.'));
  expect((await answered(await actor('ben').press(second.id, 'Use 10 s'))).content).toContain(
    'offer has expired',
  );
  expect(world.mps.tasks).toEqual([]);
});

it('typed text is deleted from the store after an hour, also over a restart', async () => {
  let late = 0;
  let store: Store | undefined;
  await open({
    now: () => Date.now() + late,
    timing: { typedPruneMs: 50 },
    store: async (url) => {
      store = await createStore(url, { log: silentLog, guarded: true });
      return store;
    },
  });
  const rows = async () => {
    const all: unknown[] = [];
    for (const table of ['proposals', 'drafts'])
      for await (const [, row] of store?.table(table).entries() ?? []) all.push(row);
    return all;
  };
  const refusal = await answered(await actor('ben').command('animate', wrong));
  await (await actor('ben').press(refusal.id, 'Edit')).acknowledged;
  await expect.poll(async () => (await rows()).length).toBe(2);
  await world.stop();
  late = 3_600_001;
  await world.start();
  await expect.poll(rows).toEqual([]);
});
