import { inspect } from 'node:util';
import type { Invocation } from '@easel/discord-stand-in';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { type TextKey, text } from '../../src/locales/index.js';
import { type CollectingLog, createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { createWorld, delivered, failed, type World } from './world.js';

let world: World;
let log: CollectingLog;
afterEach(() => world.close());

/** Ben's client speaks English, Lin's Chinese. */
const people = { ben: 'en-US', lin: 'zh-CN' } as const;
type Person = keyof typeof people;

const action = 'CreateAigcImageTask';
const prompt = 'a most secret fox';

async function open(): Promise<void> {
  log = createCollectingLog();
  world = await createWorld({ log });
}

function imagine(person: Person): Promise<Invocation> {
  return world.discord.actor(person, 'general').command('imagine', { prompt });
}

/** MPS quotes in its message all that it was sent. */
function quoting(): string {
  return `Refused: "${prompt}" by ${world.mps.secretId} with ${world.mps.secretKey}`;
}

function expectNoSecrets(): void {
  const written = inspect(log.lines, { depth: null, maxStringLength: null, maxArrayLength: null });
  expect(written).not.toContain(prompt);
  expect(written).not.toContain(world.mps.secretKey);
  expect(written).not.toContain(world.mps.secretId);
}

/** docs/mps-api.md#errors: code, the sentence, how loudly the operator is alerted, requests sent. */
const refusals: readonly [code: string, sentence: TextKey, level: 'warn' | 'error', sent?: number][] = [
  // The clock is set right and the request signed again, once.
  ['AuthFailure.SignatureExpire', 'failure.clock', 'error', 2],
  ['AuthFailure.SecretIdNotFound', 'failure.credentials', 'error'],
  ['UnauthorizedOperation.CamNoAuth', 'failure.credentials', 'error'],
  ['IpNotInWhitelist', 'failure.credentials', 'error'],
  ['IpInBlacklist', 'failure.credentials', 'error'],
  // The first thing that a new operator meets.
  ['FailedOperation.InvalidMpsUser', 'failure.inactive', 'error'],
  ['InvalidParameter.VoilationContent', 'failure.moderation', 'warn'],
  ['NoSuchProduct', 'failure.rejected.named', 'error'],
  ['ActionOffline', 'failure.rejected.named', 'error'],
  ['RequestSizeLimitExceeded', 'failure.rejected.named', 'error'],
  ['InvalidParameter.ViolationContent', 'failure.moderation', 'warn'],
  ['InvalidParameter', 'failure.rejected.named', 'error'],
  ['InvalidParameterValue.Resolution', 'failure.rejected.named', 'error'],
  ['MissingParameter', 'failure.rejected.named', 'error'],
  ['UnknownParameter', 'failure.rejected.named', 'error'],
  ['UnsupportedOperation', 'failure.rejected.named', 'error'],
  ['ResourceInsufficient', 'failure.exhausted', 'warn'],
  ['LimitExceeded.TaskNumber', 'failure.exhausted', 'warn'],
  ['OperationDenied', 'failure.arrears', 'error'],
  ['InternalError', 'failure.uncertain', 'warn'],
  ['FailedOperation.Upstream', 'failure.uncertain', 'warn'],
  // A code that the table does not have may mean anything.
  ['Strange.Weather', 'failure.uncertain', 'warn'],
];

describe.each(refusals)('%s on a Create', (code, sentence, level, sent = 1) => {
  it('is explained to the user, and logged for the operator with code and request id', async () => {
    await open();
    world.mps.faults.add({ kind: 'error', action, code, message: quoting() });
    for (const person of ['ben', 'lin'] as const) {
      const before = world.mps.records.length;
      const message = await failed(await imagine(person));
      // Of MPS's words only those about a parameter are shown, and nothing that must stay hidden.
      const what = 'Refused: "…" by … with …';
      expect(message.content).toContain(text(people[person], sentence, { what }));
      if (sentence !== 'failure.rejected.named') expect(message.content).not.toContain('Refused');
      expect(message.ephemeral).toBe(true);
      // Failures that only the operator can fix have no button.
      const isOperators = /failure\.(credentials|inactive|clock|arrears)/.test(sentence);
      expect(message.components).toHaveLength(isOperators ? 0 : 1);
      expect(world.mps.records.slice(before).map((record) => record.action)).toEqual(
        Array(sent).fill(action),
      );
    }
    const told = log.lines.filter(
      ({ details }) => 'code' in details && details.code === code && 'task' in details,
    );
    expect(told).toHaveLength(2);
    for (const line of told) {
      expect(line.level).toBe(level);
      expect(line.details).toMatchObject({ action, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    }
    expectNoSecrets();
  });
});

it('what the catalogue accepted and MPS refused is logged with its options, but not its prompt', async () => {
  await open();
  world.mps.faults.add({
    kind: 'error',
    action: 'CreateAigcVideoTask',
    code: 'InvalidParameterValue.Duration',
  });
  const ben = world.discord.actor('ben', 'general');
  await failed(
    await ben.command('animate', { prompt, model: 'vidu-q3-turbo', duration: 7, resolution: '1080p' }),
  );
  expect(log.lines.find(({ level }) => level === 'error')).toMatchObject({
    message: 'MPS rejected a request that passed validation',
    details: { asked: { model: 'vidu-q3-turbo', duration: 7, resolution: '1080P', images: 0 } },
  });
  expectNoSecrets();
});

it('a parameter that MPS refuses is shown letter for letter, but not at any length', async () => {
  await open();
  const message = `Size *must* be [one](https://x.y/z) of @everyone ${'9'.repeat(400)}`;
  world.mps.faults.add({ kind: 'error', action, code: 'InvalidParameterValue.Size', message });
  const { content } = await failed(await imagine('ben'));
  expect(content).toContain('accept this: Size \\*must\\* be \\[one\\](… of \\@everyone 999');
  expect(content).not.toContain('9'.repeat(200));
  expect(content).toContain('9…. Nothing was charged.');
});

it.each(['ResourceUnavailable', 'ServiceUnavailable', 'ResourceInUse'])(
  '%s is temporary: the Create is retried, and the result arrives',
  async (code) => {
    await open();
    world.mps.faults.add({ kind: 'error', action, code, count: 2 });
    await delivered(await imagine('ben'));
    expect(refused(code)).toBe(2);
    expect(world.mps.tasks).toHaveLength(1);
  },
);

it.each(['ben', 'lin'] as const)(
  '%s reads so in the end if MPS stays unavailable, and nothing was created',
  async (person) => {
    world = await createWorld({ log: createCollectingLog(), timing: { unreachableMs: 600 } });
    world.mps.faults.add({ kind: 'error', action, code: 'ServiceUnavailable' });
    const message = await failed(await imagine(person));
    expect(message.content).toContain(text(people[person], 'failure.unavailable'));
    expect(world.mps.tasks).toHaveLength(0);
  },
);

it.each(['ben', 'lin'] as const)(
  '%s reads that the service is full while the account has reached its task limit, and then gets the picture',
  async (person) => {
    await open();
    const message = 'The number of tasks exceeds the maximum concurrency.';
    const code = 'RequestLimitExceeded';
    world.mps.faults.add({ kind: 'error', action, code, message, count: 1 });
    const invocation = await imagine(person);
    await invocation.until(({ content }) => content.includes(text(people[person], 'card.full')));
    const told = log.lines.find((line) => line.message === 'MPS: retrying');
    expect(told?.details).toMatchObject({ reason: 'full' });
    const delayMs = told && 'delayMs' in told.details ? Number(told.details.delayMs) : Number.NaN;
    expect(delayMs).toBeGreaterThanOrEqual(8_000);
    expect(delayMs).toBeLessThanOrEqual(20_000);
    // Another order is not delayed by this one's wait.
    expect(world.mps.tasks).toHaveLength(0);
    await delivered(await imagine(person));
  },
);

it('a message of the content check is not logged at all: it may quote a part of the prompt', async () => {
  await open();
  const code = 'InvalidParameter.ViolationContent';
  world.mps.faults.add({ kind: 'error', action, code, message: 'The prompt contains "secret fox".' });
  await failed(await imagine('ben'));
  expect(inspect(log.lines, { depth: null })).not.toContain('secret fox');
});

it.each(['ben', 'lin'] as const)(
  'a busy MPS never fails a task: %s reads so, and gets the result',
  async (person) => {
    await open();
    const rest = world.mps.faults.add({ kind: 'error', action, code: 'RequestLimitExceeded' });
    const invocation = await imagine(person);
    const busy = text(people[person], 'card.throttled');
    await invocation.until(({ content }) => content.includes(busy));
    await until('it was refused four times', () => refused('RequestLimitExceeded') >= 4);
    rest();
    await delivered(invocation);
    expect(world.mps.tasks).toHaveLength(1);
  },
);

it.each([
  ['InternalError', 'warn'],
  ['RequestLimitExceeded', 'warn'],
  ['InvalidParameterValue.TaskId', 'error'],
  ['AuthFailure.SecretIdNotFound', 'error'],
  ['OperationDenied', 'error'],
] as const)('%s on a Describe is only a delay, told as %s', async (code, level) => {
  await open();
  world.mps.faults.add({
    kind: 'error',
    action: 'DescribeAigcImageTask',
    code,
    count: 2,
    message: quoting(),
  });
  await delivered(await imagine('ben'));
  expect(refused(code)).toBe(2);
  const told = log.lines.filter(({ message }) => message === 'a query failed');
  expect(told.map((line) => line.level)).toEqual([level, level]);
  expect(world.mps.tasks).toHaveLength(1);
  expectNoSecrets();
});

it("MPS's message for a failed task is logged without the words of its prompt", async () => {
  await open();
  world.mps.faults.add({ kind: 'fail', message: `cannot paint ${prompt}` });
  const message = await failed(await imagine('ben'));
  expect(message.content).toContain(text('en-US', 'failure.unsuccessful'));
  const told = log.lines.find((line) => line.message === 'MPS gave no result');
  expect(told?.details).toMatchObject({ said: 'cannot paint …' });
  expectNoSecrets();
});

/** docs: messages seen from the models behind MPS, and how each kind reads. */
const fails: readonly [message: string, sentence: TextKey, canTryAgain: boolean][] = [
  ['The content was rejected by moderation.', 'failure.moderation.result', false],
  ['Output violates our usage policy', 'failure.moderation.result', false],
  ['图片审核不通过', 'failure.moderation.result', false],
  ['this model only supports reference generation', 'failure.unsuccessful.shape', false],
  ['FieldLacking: duration', 'failure.unsuccessful.shape', false],
  ['size must be one of 1024x1024', 'failure.unsuccessful.shape', false],
  ['invalid param', 'failure.unsuccessful.shape', false],
  ['Prompt too long, at most 2500 characters', 'failure.unsuccessful.words', false],
  ['task fail, ret:-2 unknown', 'failure.unsuccessful', true],
  ['', 'failure.unsuccessful', true],
];

describe.each(fails)('a FAIL that says "%s"', (message, sentence, canTryAgain) => {
  it.each(['ben', 'lin'] as const)('tells %s what to change', async (person) => {
    await open();
    world.mps.faults.add({ kind: 'fail', message });
    const told = await failed(await imagine(person));
    const locale = people[person];
    expect(told.content).toContain(text(locale, sentence));
    const labels = JSON.stringify(told.components);
    expect(labels.includes(text(locale, 'button.tryAgain'))).toBe(canTryAgain);
    expect(labels).toContain(text(locale, 'button.edit'));
    if (message) expect(told.content).not.toContain(message);
  });
});

it.each([
  ['Image pixel is invalid', 'failure.unsuccessful.source'],
  ['failed to download the image', 'failure.unsuccessful.fetch'],
] as const)('a FAIL about the source image says so: %s', async (message, sentence) => {
  await open();
  world.mps.faults.add({ kind: 'fail', message });
  for (const person of ['ben', 'lin'] as const) {
    const image = { filename: 'fox.png', bytes: await png() };
    const invocation = await world.discord
      .actor(person, 'general')
      .command('animate', { prompt: 'it runs', image });
    expect((await failed(invocation)).content).toContain(text(people[person], sentence));
  }
});

function png(): Promise<Buffer> {
  return sharp({ create: { width: 640, height: 480, channels: 3, background: '#c4512d' } })
    .png()
    .toBuffer();
}

function refused(code: string): number {
  return world.mps.records.filter((record) => record.code === code).length;
}
