import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { botEnvironment, grantsContent } from '../../src/bot/bot-environment.js';

const standIns = {
  discord: { apiUrl: 'http://127.0.0.1:1/api', token: 'stand-in-token' },
  mps: { url: 'http://127.0.0.1:2', secretId: 'AKIDstandin', secretKey: 'stand-in-key' },
};
const make = (outside: Record<string, string | undefined>, speed = 40) =>
  botEnvironment(outside, standIns, {
    storeUrl: 'sqlite:///tmp/x.sqlite',
    speed,
    healthPort: 3,
  });

it('the bot gets the keys and addresses of the stand-ins, even if real ones are set', () => {
  const env = make({
    DISCORD_TOKEN: 'real',
    TENCENTCLOUD_SECRET_ID: 'real',
    TENCENTCLOUD_SECRET_KEY: 'real',
    TENCENTCLOUD_SESSION_TOKEN: 'real',
    MPS_ENDPOINT: 'https://mps.tencentcloudapi.com',
    DISCORD_API_URL: 'https://discord.com/api',
    NODE_OPTIONS: '--inspect',
  });
  expect(Object.values(env)).not.toContain('real');
  expect(env).toMatchObject({
    DISCORD_TOKEN: 'stand-in-token',
    DISCORD_API_URL: 'http://127.0.0.1:1/api',
    MPS_ENDPOINT: 'http://127.0.0.1:2',
    TENCENTCLOUD_SECRET_ID: 'AKIDstandin',
    TENCENTCLOUD_SECRET_KEY: 'stand-in-key',
    // Set, though empty: a .env file can't set it again.
    TENCENTCLOUD_SESSION_TOKEN: '',
    HEALTH_PORT: '3',
    PLAYGROUND: '1',
    NODE_OPTIONS: '',
  });
});

it('nothing of the real services is passed on: no bucket, no shard range, no channel', () => {
  const real = { SHARD_IDS: '0', SHARD_COUNT: '2', SOURCE_HOST: 'cos', COS_BUCKET: 'pictures-1250000000' };
  expect(make({ ...real, OPERATOR_CHANNEL_ID: '123456789012345678' })).toMatchObject({
    SHARD_IDS: '',
    SHARD_COUNT: '',
    SOURCE_HOST: '',
    COS_BUCKET: '',
    OPERATOR_CHANNEL_ID: '',
  });
});

it("the user's own settings are passed on", () => {
  expect(make({ MAX_IMAGE_TASKS: '8', PATH: '/bin', EMPTY: undefined })).toMatchObject({
    MAX_IMAGE_TASKS: '8',
    PATH: '/bin',
    STORE_URL: 'sqlite:///tmp/x.sqlite',
  });
  expect(make({ EMPTY: undefined })).not.toHaveProperty('EMPTY');
});

it('a chosen store and poll interval are kept', () => {
  const chosen = { STORE_URL: 'sqlite://mine.sqlite', POLL_INTERVAL_MS: '77' };
  expect(make(chosen)).toMatchObject(chosen);
});

it.each([
  [1, '5000'],
  [40, '500'],
  [100_000, '50'],
])('at speed %d the bot asks every %s ms', (speed, interval) => {
  expect(make({}, speed).POLL_INTERVAL_MS).toBe(interval);
});

it('the application has the Message Content Intent unless the environment or a .env file says false', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'easel-env-'));
  expect(grantsContent({}, folder)).toBe(true);
  expect(grantsContent({ MESSAGE_CONTENT_INTENT: 'no' }, folder)).toBe(false);
  await writeFile(join(folder, '.env'), 'MESSAGE_CONTENT_INTENT=false\n');
  expect(grantsContent({}, folder)).toBe(false);
  expect(grantsContent({ MESSAGE_CONTENT_INTENT: 'auto' }, folder)).toBe(true);
  // The bot itself decides whether to ask for it.
  expect(make({})).not.toHaveProperty('MESSAGE_CONTENT_INTENT');
  expect(make({ MESSAGE_CONTENT_INTENT: '1' }).MESSAGE_CONTENT_INTENT).toBe('1');
  await rm(folder, { recursive: true });
});

it('a bucket is passed on only if there is one', () => {
  const chosen = { storeUrl: 'sqlite:///tmp/x.sqlite', speed: 40, healthPort: 3 };
  const cos = { url: 'http://127.0.0.1:4', bucket: 'easel-1250000000', region: 'ap-guangzhou' };
  const real = { COS_BUCKET: 'real-1250000000', COS_ENDPOINT: 'https://real', COS_OUTPUT_DIR: '/real/' };
  const bucket = {
    COS_BUCKET: cos.bucket,
    COS_REGION: cos.region,
    COS_ENDPOINT: cos.url,
    COS_OUTPUT_DIR: '',
  };
  expect(botEnvironment(real, { ...standIns, cos }, chosen)).toMatchObject(bucket);
  expect(botEnvironment(real, standIns, chosen)).toMatchObject({ COS_BUCKET: '', COS_ENDPOINT: '' });
});
