import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCollectingLog } from '../support/log.js';
import { answered, createWorld, delivered, type World } from './world.js';

const prices = {
  currency: 'CNY',
  video: { 'kling-3.0': { price: { '720P': { silent: 0.6, sound: 0.9 }, '1080P': 0.8, '4K': 3 } } },
};

let folder: string;
let world: World;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-models-'));
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** The environment of an operator who has set prices. */
async function priced(env: Readonly<Record<string, string>>) {
  const path = join(folder, 'models.jsonc');
  await writeFile(path, JSON.stringify(prices));
  return { MODELS_FILE: path, ...env };
}

it('a money limit lets through what it can pay for, and shows what is left', async () => {
  world = await createWorld({ env: await priced({ QUOTA_GUILD_COST_DAY: '5' }) });
  const ben = world.discord.actor('ben', 'general');
  const clip = { prompt: 'it runs', duration: 5, resolution: '720P', audio: true };
  await delivered(await ben.command('animate', clip));
  const refusal = await answered(await ben.command('animate', clip));
  expect(refusal.content).toContain(
    'This costs more than the 0.5 CNY this server has left today (limit: 5 CNY).',
  );
  const show = await answered(await ben.command('quota show'));
  expect(show.content).toContain('Spent today (CNY): 4.5 of 5');
});

it('an order above the whole money limit says so, with what to do, in both languages', async () => {
  world = await createWorld({ env: await priced({ QUOTA_MEMBER_COST_DAY: '2.5' }) });
  const clip = { prompt: 'it runs', duration: 5, resolution: '720P', audio: true };
  const said = async (name: string) =>
    (await answered(await world.discord.actor(name, 'general').command('animate', clip))).content;
  expect(await said('ben')).toBe(
    "This needs 4.5 CNY, but your limit on spending per day is 2.5 CNY, so waiting won't help. Order less or pick another model, or ask an admin of the server or the operator of this bot for a higher limit.\nWhat is left is enough for a clip of up to 2 s.",
  );
  expect(await said('lin')).toContain('这一次需要 4.5 CNY，而你的每日花费上限是 2.5 CNY，等待也没有用。');
});

it('the operator hears at start of models that a limit on money cannot stop', async () => {
  const log = createCollectingLog();
  world = await createWorld({ env: await priced({ QUOTA_MEMBER_COST_MONTH: '5' }), log });
  const warning = log.lines.find(({ message }) => message.includes('spending is limited'));
  expect(warning?.level).toBe('warn');
  expect(warning?.details).toMatchObject({ limits: ['QUOTA_MEMBER_COST_MONTH'] });
  expect(JSON.stringify(warning?.details)).toContain('Hunyuan 3.0');
});

it('the operator is not warned if money is not limited', async () => {
  const log = createCollectingLog();
  world = await createWorld({ env: await priced({ QUOTA_GUILD_IMAGES_DAY: '5' }), log });
  expect(log.lines.some(({ message }) => message.includes('spending is limited'))).toBe(false);
});
