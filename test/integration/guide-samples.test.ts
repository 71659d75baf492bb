import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorld, delivered, type World } from './world.js';

let world: World;
let folder: string;
beforeEach(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'easel-guide-'));
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** Types a line as Ben, waits for the file, and returns the request to MPS. */
async function paramsOf(line: string): Promise<unknown> {
  const invocation = await world.discord.actor('ben', 'general').type(line);
  if (!('until' in invocation)) throw new Error(`${line} is no command.`);
  await delivered(invocation);
  expect(world.mps.tasks).toHaveLength(1);
  return world.mps.tasks[0]?.params;
}

async function picture(): Promise<string> {
  const path = join(folder, 'first-frame.png');
  const image = sharp({ create: { width: 1280, height: 720, channels: 3, background: '#7d5ba6' } });
  await writeFile(path, await image.png().toBuffer());
  return path;
}

/** An address that MPS can reach; here the Discord stand-in serves it. */
const uploaded = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*first-frame\.png/);

it('the woman in hanfu at the lake', async () => {
  const prompt = 'A young woman in ancient Chinese hanfu, standing by a moonlit lake';
  expect(await paramsOf(`/imagine prompt:${prompt}`)).toEqual({
    ModelName: 'Hunyuan',
    ModelVersion: '3.0',
    Prompt: prompt,
    EnhancePrompt: true,
  });
});

it('the woman who turns her head and smiles, with sound', async () => {
  const prompt =
    'The woman slowly turns her head and smiles, cinematic, smooth camera movement, photorealistic';
  const image = await picture();
  expect(await paramsOf(`/animate prompt:${prompt} image:${image} duration:5 audio:true`)).toEqual({
    ModelName: 'Kling',
    ModelVersion: '3.0',
    Prompt: prompt,
    EnhancePrompt: false,
    ImageUrl: uploaded,
    Duration: 5,
    ExtraParameters: { EnableAudio: true },
  });
});

it('the silk dress in the breeze, with sound at 1080P', async () => {
  const prompt = 'The woman gently turns around, her silk dress flowing in the breeze';
  const image = await picture();
  const line = `/animate prompt:${prompt} image:${image} model:Kling 3.0 duration:5 resolution:1080P audio:true`;
  expect(await paramsOf(line)).toEqual({
    ModelName: 'Kling',
    ModelVersion: '3.0',
    Prompt: prompt,
    EnhancePrompt: false,
    ImageUrl: uploaded,
    Duration: 5,
    ExtraParameters: { EnableAudio: true, Resolution: '1080P' },
  });
});

it('a prompt alone gets the guide’s defaults: five seconds, with sound', async () => {
  expect(await paramsOf('/animate prompt:The character walks forward')).toEqual({
    ModelName: 'Kling',
    ModelVersion: '3.0',
    Prompt: 'The character walks forward',
    EnhancePrompt: false,
    Duration: 5,
    ExtraParameters: { EnableAudio: true },
  });
});
