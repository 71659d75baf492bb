import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { paint } from '../support/images.js';
import { createWorld, isResult, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

/** Discord's own windows would hold up a test that writes many messages. */
const quick: WorldOptions = { discord: { rateWindow: 0.1 } };
const open = async (options = quick) => {
  world = await createWorld(options);
};
const ben = (channel = 'general') => world.discord.actor('ben', channel);
const fox = async () => ({ filename: 'fox.png', bytes: await paint(400, 304).png().toBuffer() });
const labels = ({ components }: MessageView) =>
  [...JSON.stringify(components).matchAll(/"label":"([^"]*)"/g)].map(([, label]) => label);

function replyTo(message: MessageView, isSo: (reply: MessageView) => boolean = () => true) {
  return world.discord.until((one) => one.replyTo === message.id && one.author.bot && isSo(one));
}

describe('small talk', () => {
  it.each([
    ['@Easel help', 'Mention me with a description'],
    ['@Easel thank you!', "You're welcome!"],
    ['@Easel 谢谢', '不客气'],
    ['@Easel 怎么用？', '提及我并写下描述'],
    ['@Easel hola', 'Mencióname'],
    ['@Easel teşekkürler', 'Rica ederim'],
    ['@Easel Danke schön, Easel!', 'Gern geschehen'],
    // Many languages say so.
    ['@Easel bravo!', "You're welcome!"],
  ])('%s is answered, and nothing is ordered', async (line, words) => {
    await open();
    const answer = await replyTo(await ben().send(line));
    expect(answer.content).toContain(words);
    expect(world.mps.tasks).toEqual([]);
  });

  it('needs a confirmation when in doubt, and one press orders', async () => {
    await open();
    const message = await ben().send('@Easel can you paint a fox?');
    const question = await replyTo(message);
    expect(question.content).toContain('Nothing has been ordered yet');
    expect(labels(question)).toEqual(['Paint it', 'Edit']);
    const refused = await (await world.discord.actor('mia', 'general').press(question.id, 'Paint it')).until(
      ({ ephemeral }) => ephemeral,
    );
    expect(refused.content).toContain('offered to someone else');
    await (await ben().press(question.id, 'Paint it')).until(isResult);
    await expect.poll(() => world.discord.message(question.id)?.content).toBe('Ordered.');
    expect(world.discord.message(question.id)?.components).toEqual([]);
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('asks which picture is meant, if it speaks of one that is not there', async () => {
    await open();
    for (const [line, words] of [
      ['@Easel animate this', 'Which picture do you mean?'],
      ['@Easel 让它动起来', '你指的是哪张图片？'],
      ['@Easel anime cette image', 'De quelle image parlez-vous'],
    ] as const)
      expect((await replyTo(await ben().send(line))).content).toContain(words);
    expect(world.mps.tasks).toEqual([]);
    // It may be a prompt after all.
    const question = await replyTo(await ben().send('@Easel make it rain'));
    await (await ben().press(question.id, 'Paint it')).until(isResult);
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('in a direct message needs a confirmation, and is ordered at once with options', async () => {
    await open();
    const question = await replyTo(await ben('dm').send('a red fox'));
    expect(labels(question)).toEqual(['Paint it', 'Edit']);
    await (await ben('dm').press(question.id, 'Paint it')).until(isResult);
    await replyTo(await ben('dm').send('an owl --ar 16:9'), isResult);
    await replyTo(await ben('dm').send('@Easel a badger'), isResult);
    expect(world.mps.tasks).toHaveLength(3);
  });

  it('words that order need no confirmation in a direct message', async () => {
    await open();
    const picture = await replyTo(await ben('dm').send('draw me a red fox'), isResult);
    const clip = await replyTo(await ben('dm').send('make it run', { replyTo: picture.id }), isResult);
    expect(clip.attachments[0]?.filename).toMatch(/\.mp4$/);
    await replyTo(await world.discord.actor('lin', 'dm').send('帮我画一只狐狸'), isResult);
    expect(world.mps.tasks).toHaveLength(3);
  });
});

describe('a reply to a picture', () => {
  it('that asks for a change needs a confirmation, and changes the picture at a press', async () => {
    await open();
    const message = await ben().send('@Easel make it blue', { files: [await fox()] });
    const question = await replyTo(message);
    expect(labels(question)).toEqual(['Change the picture', 'Animate', 'Edit']);
    const changed = await (await ben().press(question.id, 'Change the picture')).until(isResult);
    expect(changed.attachments[0]?.filename).toMatch(/\.png$/);
    expect(world.mps.tasks.at(-1)?.params).toMatchObject({ Prompt: 'make it blue', ImageInfos: [{}] });
  });

  it('with --image changes it at once, and the card says so', async () => {
    await open();
    const message = await ben().send('@Easel in winter --image', { files: [await fox()] });
    const changed = await replyTo(message, isResult);
    expect(changed.content).toContain('changes the picture');
    expect(changed.attachments[0]?.filename).toMatch(/\.png$/);
  });

  it('makes a clip otherwise, says so, and offers a change instead', async () => {
    await open();
    const clip = await replyTo(await ben().send('@Easel it runs', { files: [await fox()] }), isResult);
    expect(clip.content).toContain('animates the picture');
    const form = await ben().press(clip.id, 'Change the picture');
    await form.acknowledged;
    expect(form.modal()?.components[0]?.component?.value).toBe('it runs');
    const changed = await (await ben().submitModal(form, { prompt: 'in winter' })).until(isResult);
    expect(changed.attachments[0]?.filename).toMatch(/\.png$/);
  });

  it('without a mention is answered with a question if it asks for a change, and is ignored otherwise', async () => {
    await open({
      discord: { messageContent: true, rateWindow: 0.1 },
      env: { MESSAGE_CONTENT_INTENT: 'true' },
    });
    const picture = await replyTo(await ben().send('@Easel a red fox'), isResult);
    const nice = await ben().send('nice!', { replyTo: picture.id });
    const wish = await ben().send('make it blue', { replyTo: picture.id });
    expect(labels(await replyTo(wish))).toEqual(['Change the picture', 'Animate', 'Edit']);
    expect(world.discord.messages('general').filter(({ replyTo }) => replyTo === nice.id)).toEqual([]);
    expect(world.mps.tasks).toHaveLength(1);
  });
});

describe('options', () => {
  it('of Midjourney are answered once with the equivalent here, and the rest can be ordered', async () => {
    await open();
    const message = await ben().send('@Easel a fox --v 6 --stylize 250 --s 3 --seed 42');
    const answer = await replyTo(message);
    const said = answer.content.replaceAll('\\', '');
    expect(said.split('\n')).toEqual([
      expect.stringContaining('--model'),
      expect.stringContaining('--stylize'),
      expect.stringContaining('--seed'),
    ]);
    expect(said).not.toContain('--watermark');
    await (await ben().press(answer.id, 'Order without that')).until(isResult);
    expect(world.mps.tasks.at(-1)?.params.Prompt).toBe('a fox');
  });

  it('can name a model without quotes', async () => {
    await open();
    const picture = await replyTo(await ben().send('@Easel --model Kling 3.0 a red fox'), isResult);
    expect(picture.content).toContain('Kling 3.0');
    expect(world.mps.tasks.at(-1)?.params).toMatchObject({ Prompt: 'a red fox', ModelVersion: '3.0' });
    await replyTo(await ben().send('@Easel an owl --model kling 3.0 omni --ar 1:1'), isResult);
    expect(world.mps.tasks.at(-1)?.params).toMatchObject({ Prompt: 'an owl', ModelVersion: '3.0-Omni' });
  });
});
