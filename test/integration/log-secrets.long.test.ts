import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { type CosStandIn, startCos } from '../support/cos.js';
import { paint } from '../support/images.js';
import { giveChance } from '../support/until.js';
import { createWorld, delivered, failed, type World } from './world.js';

const keys = { secretId: 'AKIDofTheLog00000000000000000000', secretKey: 'keyOfTheLog0000000000000000000' };
const sessionToken = 'temporary-token-of-the-operator';
const words = { prompt: 'a fox nobody may hear of', negative: 'no wolves please', spoken: 'a lake unnamed' };
const interactionTokens: string[] = [];

let world: World;
let cos: CosStandIn;
let lines: string[] = [];

/** Much that can happen and go wrong, with the most verbose log. */
beforeAll(async () => {
  cos = await startCos({ ...keys, sessionToken });
  lines = await fullRun(false);
});
afterAll(() => cos[Symbol.asyncDispose]());

async function fullRun(prompts: boolean): Promise<string[]> {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  world = await createWorld({
    log: createLog({ level: 'debug', destination, prompts }),
    mps: { ...keys, token: sessionToken },
    cosEndpoint: cos.url,
    timing: { retryMs: 5, unreachableMs: 50 },
    env: {
      LOG_LEVEL: 'debug',
      LOG_PROMPTS: String(prompts),
      HEALTH_PORT: '0',
      PLAYGROUND: '1',
      TENCENTCLOUD_SESSION_TOKEN: sessionToken,
      SOURCE_HOST: 'cos',
      COS_BUCKET: 'pictures-1250000000',
      COS_REGION: 'ap-guangzhou',
    },
  });
  try {
    await (prompts ? imagine() : everything());
  } finally {
    await world.close();
  }
  return written;
}

async function imagine(): Promise<void> {
  const { prompt, negative } = words;
  const invocation = await world.discord.actor('ben', 'general').command('imagine', { prompt, negative });
  interactionTokens.push(invocation.token);
  await delivered(invocation);
}

async function everything(): Promise<void> {
  const { discord, mps } = world;
  const ben = discord.actor('ben', 'general');
  const order = async (options = {}) => {
    const invocation = await ben.command('imagine', { prompt: words.prompt, ...options });
    interactionTokens.push(invocation.token);
    return invocation;
  };
  await imagine();

  // MPS refuses, quoting the request; is busy, unavailable, and returns nothing.
  const message = `"${words.prompt}" by ${keys.secretId} with ${keys.secretKey} and ${sessionToken}`;
  for (const code of [
    'AuthFailure.SignatureFailure',
    'InvalidParameter.ViolationContent',
    'InvalidParameterValue.Prompt',
    'InternalError',
  ]) {
    mps.faults.add({ kind: 'error', code, message, action: 'CreateAigcImageTask', count: 1 });
    await failed(await order());
  }
  mps.faults.add({ kind: 'error', code: 'RequestLimitExceeded', message, count: 2 });
  mps.faults.add({ kind: 'gateway', action: 'DescribeAigcImageTask', count: 1 });
  mps.faults.add({ kind: 'reset', action: 'DescribeAigcImageTask', count: 1 });
  mps.faults.add({ kind: 'link', status: 503, count: 1 });
  mps.faults.add({ kind: 'truncate', count: 1 });
  await delivered(await order());
  mps.faults.add({ kind: 'fail', message: `cannot draw ${words.prompt}`, count: 1 });
  await failed(await order());
  mps.faults.add({ kind: 'link', status: 403, count: 3 });
  await delivered(await order());
  mps.faults.add({ kind: 'redirect', location: 'http://169.254.169.254/latest/meta-data', count: 1 });
  await failed(await order());
  mps.faults.clear();

  // A user's picture goes through the bucket, which stumbles.
  cos.fail(500, 403);
  const file = { filename: 'lake.png', bytes: await paint(600, 600).png().toBuffer() };
  const hosted = await ben.command('animate', { prompt: words.prompt, image: file });
  interactionTokens.push(hosted.token);
  await hosted.until(({ attachments, content }) => attachments.length > 0 || content.includes('⚠️'));

  // Discord is busy, breaks, and lets a token expire.
  discord.faults.add({ kind: '429', retryAfter: 0.01, times: 2 });
  discord.faults.add({ kind: 'status', status: 500, method: 'PATCH', times: 2 });
  discord.faults.add({ kind: 'resetAfter', method: 'PATCH', times: 1 });
  await delivered(await order());
  const dying = await order();
  dying.expireToken();
  await ben.send(`<@${discord.applicationId}> ${words.spoken}`);
  await giveChance(1_500);
}

it('nothing a full run logs holds a secret', () => {
  const all = lines.join('');
  const { discord } = world;
  const secrets = [
    ...[discord.token, keys.secretId, keys.secretKey, sessionToken],
    ...interactionTokens,
    ...Object.values(words),
  ];
  expect(lines.length).toBeGreaterThan(30);
  expect(secrets.length).toBeGreaterThan(15);
  for (const secret of secrets) expect(all).not.toContain(secret);
  expect(all).not.toMatch(/TC3-HMAC|Signature=|q-signature=|q-ak=|[?&](sign|hm|is|ex)=/);
  // A link is logged without its signature.
  expect(all).not.toMatch(/https?:\/\/[^\s"?]+\?(?!\[redacted\])/);
});

it('every JSON line about a task has its guild and shard, and a request to MPS its id', () => {
  const entries = lines.map((line) => JSON.parse(line));
  const about = entries.filter(({ task }) => task !== undefined);
  expect(about.length).toBeGreaterThan(15);
  expect(about.filter(({ guild, shard }) => guild === undefined || shard !== 0)).toEqual([]);
  const created = entries.filter(({ msg }) => msg === 'task created at MPS');
  expect(created.every(({ requestId }) => typeof requestId === 'string')).toBe(true);
});

it('prompts are logged only where the operator wants them, and nothing else of a user', async () => {
  const all = (await fullRun(true)).join('');
  expect(all).toContain(`"prompt":"${words.prompt}"`);
  expect(all).toContain(`"negative":"${words.negative}"`);
  for (const secret of [world.discord.token, keys.secretKey, ...interactionTokens])
    expect(all).not.toContain(secret);
});
