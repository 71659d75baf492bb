import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Environment } from '../../src/config/config.js';
import { text } from '../../src/locales/index.js';
import { until } from '../support/until.js';
import { createWorld, delivered, failed, type World } from './world.js';

let world: World;
let folder: string;
let path: string;
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** Discord, MPS and a bot whose operator has written this file. */
async function worldWith(models: object, env: Environment = {}): Promise<World> {
  folder = await mkdtemp(join(tmpdir(), 'easel-models-'));
  path = join(folder, 'models.jsonc');
  await writeFile(path, JSON.stringify(models));
  return createWorld({ env: { MODELS_FILE: path, ...env } });
}

const priced = {
  currency: 'CNY',
  image: { 'hunyuan-3.0': { price: 0.2 } },
  video: { 'kling-3.0': { price: { '720P': { silent: 0.6, sound: 0.9 }, '1080P': 0.8, '4K': 3 } } },
};

it('prices are shown beside the models, in the list and in autocomplete', async () => {
  world = await worldWith(priced);
  const ben = world.discord.actor('ben', 'general');
  const { content } = await (await ben.command('models')).until((message) => message.content !== '');
  expect(content).toContain('Hunyuan 3.0: up to 3 references, ≈ 0.2 CNY each');
  expect(content).toContain('Kling 3.0: 3–15 s, sound, up to 4K, last picture, ≈ 0.6–3 CNY/s');
  expect(content.match(/CNY/g)).toHaveLength(2);
  const lin = world.discord.actor('lin', 'general');
  const [row] = await lin.autocomplete('imagine', { model: 'hunyuan' }, 'model');
  expect(row?.name).toBe('混元 Hunyuan 3.0：最多 3 张参考图，约 0.2 CNY/张');
});

it('sixty more models are listed in several messages, each model once, and can be autocompleted', async () => {
  const names = Array.from({ length: 60 }, (_, at) => `Studio ${at + 1}.0`);
  const entry = (label: string) => {
    const [name, version] = label.split(' ');
    return { name, version, resolutions: ['720P', '1080P'], references: 4, price: 0.25 };
  };
  world = await worldWith({ ...priced, image: Object.fromEntries(names.map((name) => [name, entry(name)])) });
  const ben = world.discord.actor('ben', 'general');
  const invocation = await ben.command('models');
  const pages = () => [invocation.message(), ...invocation.followUps()];
  await until('the last model is listed', () => pages().at(-1)?.content.includes('Hunyuan 1.5') ?? false);
  expect(pages().length).toBeGreaterThan(2);
  expect(pages().every((page) => page?.ephemeral)).toBe(true);
  const all = pages()
    .map((page) => page?.content)
    .join('\n');
  for (const name of names) expect(all.split(`${name}:`), name).toHaveLength(2);
  const rows = await ben.autocomplete('imagine', { model: 'studio 5' }, 'model');
  expect(rows[0]?.name).toBe('Studio 5.0: up to 1080P, up to 4 references, ≈ 0.25 CNY each');
});

it('a line that would be too long loses facts, not its price', async () => {
  const name = 'A model of a very long name';
  const entry = { name, version: 'with a version of its own', durations: [5], lastFrame: 'yes', price: 0.25 };
  world = await worldWith({
    ...priced,
    video: { [`${name} ${entry.version}`]: { ...entry, references: 9, audio: true } },
  });
  const [row] = await world.discord.actor('ben', 'general').autocomplete('animate', { model: name }, 'model');
  expect(row?.name).toMatch(/: 5 s, .*, ≈ 0\.25 CNY\/s$/);
  expect(row?.name).not.toContain('last picture');
  expect(row?.name.length).toBeLessThanOrEqual(100);
});

it('hiding a model ends its waiting task with a sentence, and others continue', async () => {
  const hidden = { image: { 'hunyuan-3.0': { hidden: true } } };
  world = await worldWith(hidden, { MODELS_FILE: '', MAX_IMAGE_TASKS: '1' });
  world.mps.faults.add({ kind: 'stuck', count: 1 });
  const ben = world.discord.actor('ben', 'general');
  const first = await ben.command('imagine', { prompt: 'one that holds up the line' });
  await first.until(({ content }) => content.includes('painting'));
  const withdrawn = await ben.command('imagine', { prompt: 'a red fox' });
  const other = await ben.command('imagine', { prompt: 'an owl', model: 'kling-3.0' });
  await other.until(({ content }) => content !== '');
  await world.stop();
  await world.start({ MODELS_FILE: path, IMAGE_MODEL: 'kling-3.0', MAX_IMAGE_TASKS: '3' });
  expect((await failed(withdrawn)).content).toContain(text('en-US', 'failure.withdrawn'));
  await delivered(other);
  expect(world.mps.tasks.map(({ params }) => params.ModelName)).toEqual(['Hunyuan', 'Kling']);
});
