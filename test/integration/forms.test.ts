import type { Invocation } from '@easel/discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paint } from '../support/images.js';
import { answered, createWorld, delivered, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const actor = (name: string) => world.discord.actor(name, 'general');
const painted = async (options: Parameters<ReturnType<typeof actor>['command']>[1]) =>
  delivered(await actor('ben').command('imagine', { prompt: 'a red fox', ...options }));

/** The initial values of a form's fields: prompt, model, measure and options. */
async function fieldsOf(opened: Invocation) {
  await opened.acknowledged;
  const components = opened.modal()?.components.map(({ component }) => component) ?? [];
  const [prompt, model, measure, options] = components;
  const chosen = (model?.options ?? []).find((one) => one.default)?.value;
  return [prompt?.value, chosen, measure?.value, options?.value];
}

describe('Remix', () => {
  const same = ['a red fox', 'kling-2.1', '16:9', '--resolution 2K --negative rain'];
  const order = { model: 'kling-2.1', aspect_ratio: '16:9', resolution: '2K', negative: 'rain' };

  it('opens with the prompt, the model and the options of the picture', async () => {
    const picture = await painted(order);
    expect(await fieldsOf(await actor('mia').press(picture.id, 'Remix'))).toEqual(same);
  });

  it('does so from the context menu, too', async () => {
    const picture = await painted(order);
    expect(await fieldsOf(await actor('mia').messageCommand('Remix', picture.id))).toEqual(same);
  });

  it("of another user's upload opens empty", async () => {
    const file = { filename: 'fox.png', bytes: await paint(400, 304).png().toBuffer() };
    const message = await actor('mia').send('look', { files: [file] });
    const [prompt] = await fieldsOf(await actor('ben').messageCommand('Remix', message.id));
    expect(prompt).toBeUndefined();
  });
});

it.each(['Animate', 'Remix'])('%s is not submitted without a prompt', async (button) => {
  const picture = await painted({});
  const opened = await actor('mia').press(picture.id, button);
  await opened.acknowledged;
  await expect(actor('mia').submitModal(opened, { prompt: '' })).rejects.toThrow();
  expect(world.mps.tasks).toHaveLength(1);
});

it('a redraw is called a redraw, in both languages', async () => {
  const picture = await painted({ model: 'kling-3.0' });
  expect(JSON.stringify(picture.components)).toContain('Redraw in 2K');
  const lin = await delivered(await actor('lin').command('imagine', { prompt: '狐狸', model: 'kling-3.0' }));
  expect(JSON.stringify(lin.components)).toContain('以 2K 重画');
});

describe('a form that opens again after a refusal', () => {
  const file = async (filename: string) => ({ filename, bytes: await paint(400, 304).png().toBuffer() });
  const files = (...names: string[]) => Promise.all(names.map(file));
  const wrong = { video: 'long', image: 'wide' };
  const right = { video: '5', image: '1:1' };

  /** The pictures of the order, by file name, if the form was first sent with an unreadable measure. */
  async function sentAgain(opened: Invocation, kind: 'image' | 'video', first: string[], second: string[]) {
    await opened.acknowledged;
    const sent = { prompt: 'it runs', measure: wrong[kind], files: await files(...first) };
    const refusal = await answered(await actor('ben').submitModal(opened, sent));
    const again = await actor('ben').press(refusal.id, 'Edit');
    await again.acknowledged;
    const model = kind === 'video' ? 'kling-3.0' : 'kling-3.0-omni';
    const more = { model, measure: right[kind], files: await files(...second) };
    await delivered(await actor('ben').submitModal(again, more));
    return JSON.stringify(world.mps.tasks.at(-1)?.params).match(/\w+\.png/g);
  }

  it.each<['Animate' | 'Remix', string[], string[], string[]]>([
    ['Animate', ['last.png'], [], ['fox.png', 'last.png']],
    ['Animate', ['first.png', 'last.png'], [], ['first.png', 'last.png']],
    ['Animate', ['last.png'], ['other.png'], ['fox.png', 'other.png']],
    ['Remix', ['owl.png'], [], ['fox.png', 'owl.png']],
    ['Remix', ['owl.png'], ['hare.png'], ['fox.png', 'hare.png']],
  ])('%s has what was uploaded: %j, then %j', async (name, first, second, pictures) => {
    const message = await actor('mia').send('look', { files: await files('fox.png') });
    const opened = await actor('ben').messageCommand(name, message.id);
    expect(await sentAgain(opened, name === 'Remix' ? 'image' : 'video', first, second)).toEqual(pictures);
  });

  it.each<[string[], string[]]>([
    [['one.png'], ['old.png', 'one.png']],
    [
      ['one.png', 'two.png'],
      ['one.png', 'two.png'],
    ],
    [[], ['old.png']],
  ])('Edit of a clip has what was uploaded: %j', async (uploads, pictures) => {
    const order = { prompt: 'it runs', model: 'kling-3.0', image: await file('old.png') };
    const clip = await delivered(await actor('ben').command('animate', order));
    expect(await sentAgain(await actor('ben').press(clip.id, 'Edit'), 'video', uploads, [])).toEqual(
      pictures,
    );
  });
});
