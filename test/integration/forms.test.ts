import type { Invocation } from '@easel/discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paint } from '../support/images.js';
import { createWorld, delivered, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const actor = (name: string) => world.discord.actor(name, 'general');
const painted = async (options: Parameters<ReturnType<typeof actor>['command']>[1]) =>
  delivered(await actor('ben').command('imagine', { prompt: 'a red fox', ...options }));

/** What the fields of a form hold when it opens: prompt, model, measure and options. */
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

  it('begins with the prompt, the model and the options of the picture', async () => {
    const picture = await painted(order);
    expect(await fieldsOf(await actor('mia').press(picture.id, 'Remix'))).toEqual(same);
  });

  it('does so from the menu of the message, too', async () => {
    const picture = await painted(order);
    expect(await fieldsOf(await actor('mia').messageCommand('Remix', picture.id))).toEqual(same);
  });

  it("of another user's upload begins empty", async () => {
    const file = { filename: 'fox.png', bytes: await paint(400, 304).png().toBuffer() };
    const message = await actor('mia').send('look', { files: [file] });
    const [prompt] = await fieldsOf(await actor('ben').messageCommand('Remix', message.id));
    expect(prompt).toBeUndefined();
  });
});

it.each(['Animate', 'Remix'])('%s is not sent without words', async (button) => {
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
