import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import {
  closeAll,
  codeOf,
  create,
  createSdk,
  describeTask,
  fox,
  linkOf,
  outcomeOf,
  run,
  send,
  start,
} from './mps-stand-in-kit.js';

const instant = { durations: { image: [0, 0], video: [0, 0] } } as const;
afterEach(closeAll);

describe('the official SDK against the stand-in', () => {
  it('makes a picture and fetches it', async () => {
    const standIn = await start(instant);
    const client = createSdk(standIn);
    const { TaskId } = await client.CreateAigcImageTask({ ...fox, EnhancePrompt: true });
    expect(TaskId).toMatch(/^4-AigcImage-[0-9a-f]{32}$/);
    const { Status, ImageUrls, Message } = await client.DescribeAigcImageTask({ TaskId: TaskId ?? '' });
    expect({ Status, Message }).toEqual({ Status: 'DONE', Message: 'ok' });
    const response = await fetch(ImageUrls?.[0] ?? '');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes).toEqual(await standIn.resultBytes(TaskId ?? ''));
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 1024, height: 1024 });
  });

  it('makes a clip and fetches it', async () => {
    const standIn = await start(instant);
    const client = createSdk(standIn);
    const wish = { ...run, ExtraParameters: { EnableAudio: true, Resolution: '1080P' } };
    const { TaskId } = await client.CreateAigcVideoTask(wish);
    expect(TaskId).toMatch(/^4-AigcVideo-[0-9a-f]{32}$/);
    const described = await client.DescribeAigcVideoTask({ TaskId: TaskId ?? '' });
    expect(described).toMatchObject({ Status: 'DONE', Resolution: '1920x1088', Message: 'ok' });
    const response = await fetch(described.VideoUrls?.[0] ?? '');
    expect(response.headers.get('content-type')).toBe('video/mp4');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
  });

  it('works with temporary credentials, and only with their token', async () => {
    const standIn = await start({ token: 'temporary' });
    const { TaskId } = await createSdk(standIn, { token: 'temporary' }).CreateAigcImageTask(fox);
    expect(TaskId).toBeDefined();
    await expect(createSdk(standIn).CreateAigcImageTask(fox)).rejects.toMatchObject({
      code: 'AuthFailure.TokenFailure',
    });
  });

  it('reports a wrong key', async () => {
    const standIn = await start();
    const sign = (credential: object) => createSdk(standIn, credential).CreateAigcImageTask(fox);
    await expect(sign({ secretKey: 'wrong' })).rejects.toMatchObject({
      code: 'AuthFailure.SignatureFailure',
    });
    await expect(sign({ secretId: 'AKIDwrong' })).rejects.toMatchObject({
      code: 'AuthFailure.SecretIdNotFound',
    });
  });
});

describe('the stand-in validates a request', () => {
  it('by its headers first, each with its own code', async () => {
    const standIn = await start();
    const code = (headers: Record<string, string | undefined>) =>
      codeOf(standIn, 'CreateAigcImageTask', fox, { headers, secretKey: 'wrong' });
    expect(await code({ 'x-tc-version': '2017-03-12' })).toBe('NoSuchVersion');
    expect(await code({ 'x-tc-version': undefined })).toBe('MissingParameter');
    expect(await code({ 'x-tc-action': 'CreateAigcAudioTask' })).toBe('InvalidAction');
    expect(await code({ 'x-tc-region': 'Guangzhou!' })).toBe('UnsupportedRegion');
    expect(await code({ 'x-tc-timestamp': 'soon' })).toBe('InvalidParameter');
    expect(await code({ 'x-tc-region': undefined })).toBe('AuthFailure.SignatureFailure');
    expect(await code({ authorization: undefined })).toBe('AuthFailure.InvalidAuthorization');
  });

  it('by a signature over its exact bytes and the host without port', async () => {
    const standIn = await start();
    const code = (call: object) => codeOf(standIn, 'CreateAigcImageTask', fox, call);
    expect(await code({})).toBe('OK');
    expect(await code({ signedHeaders: ['content-type', 'host'] })).toBe('OK');
    expect(await code({ signedHeaders: ['content-type', 'host', 'x-tc-action', 'x-tc-timestamp'] })).toBe(
      'OK',
    );
    expect(await code({ signedHeaders: ['host', 'x-tc-action'] })).toBe('AuthFailure.SignatureFailure');
    expect(await code({ signedHeaders: ['content-type'] })).toBe('AuthFailure.SignatureFailure');
    expect(await code({ host: `127.0.0.1:${standIn.port}` })).toBe('AuthFailure.SignatureFailure');
    expect(await code({ headers: { 'x-tc-token': 'unexpected' } })).toBe('AuthFailure.TokenFailure');
    expect(standIn.tasks).toHaveLength(3);
  });

  it('by a timestamp at most five minutes from its own clock, which Date shows', async () => {
    const standIn = await start();
    const code = (offset: number) =>
      codeOf(standIn, 'CreateAigcImageTask', fox, { timestamp: Math.floor(Date.now() / 1000) + offset });
    expect(await code(-290)).toBe('OK');
    expect(await code(-310)).toBe('AuthFailure.SignatureExpire');
    expect(await code(310)).toBe('AuthFailure.SignatureExpire');
    standIn.clock.skew(600_000);
    expect(await code(0)).toBe('AuthFailure.SignatureExpire');
    const response = await send(standIn, 'CreateAigcImageTask', fox);
    const served = Date.parse(response.headers.get('date') ?? '') - Date.now();
    expect(Math.round(served / 60_000)).toBe(10);
    expect(await code(600)).toBe('OK');
  });

  it.each([
    ['an unknown parameter', { ...fox, Promt: 'x' }, 'UnknownParameter', 'Promt'],
    [
      "the guide's Url",
      { ...fox, ImageInfos: [{ Url: 'https://a.b/c.png' }] },
      'UnknownParameter',
      'ImageInfos.0.Url',
    ],
    ['a mistyped parameter', { ...fox, EnhancePrompt: 'true' }, 'InvalidParameter', 'EnhancePrompt'],
    [
      'an object for a JSON string',
      { ...fox, AdditionalParameters: {} },
      'InvalidParameter',
      'AdditionalParameters',
    ],
    [
      'a string that is no JSON',
      { ...fox, AdditionalParameters: 'size' },
      'InvalidParameterValue',
      'AdditionalParameters',
    ],
    ['no model', { Prompt: 'x' }, 'MissingParameter', 'ModelName'],
    ['neither prompt nor image', { ...fox, Prompt: '' }, 'MissingParameter', 'Prompt'],
    ['a wrong model', { ...fox, ModelName: 'Imagen' }, 'InvalidParameterValue', 'Not support model name.'],
    ['a wrong version', { ...fox, ModelVersion: '9' }, 'InvalidParameterValue', 'ModelVersion'],
    [
      'Wan, which the guide still names',
      { ...fox, ModelName: 'Wan' },
      'InvalidParameterValue',
      'Not support',
    ],
    [
      'a refused prompt',
      { ...fox, Prompt: 'a Forbidden fox' },
      'InvalidParameter.ViolationContent',
      'prompt',
    ],
    [
      'a refused negative prompt',
      { ...fox, NegativePrompt: 'forbidden' },
      'InvalidParameter.ViolationContent',
      'prompt',
    ],
    [
      'two pictures',
      { ...fox, ModelName: 'Kling', OutputImageCount: 2 },
      'InvalidParameterValue',
      'OutputImageCount',
    ],
    [
      'half a bucket',
      { ...fox, StoreCosParam: { CosBucketName: 'b' } },
      'MissingParameter',
      'CosBucketRegion',
    ],
  ])('and refuses %s by name', async (_, params, code, named) => {
    const standIn = await start();
    const found = await outcomeOf(standIn, 'CreateAigcImageTask', params);
    expect(found).toMatchObject({ status: 200, code });
    expect(found.message).toContain(named);
    expect(standIn.tasks).toHaveLength(0);
  });

  it('and answers in the requested language', async () => {
    const standIn = await start();
    const say = (language: string) =>
      outcomeOf(standIn, 'CreateAigcImageTask', {}, { headers: { 'x-tc-language': language } });
    expect((await say('zh-CN')).message).toBe('缺少必需参数 `ModelName`。');
    expect((await say('en-US')).message).toBe('The request is missing a required parameter `ModelName`.');
  });

  it('and finds a task only by its own action', async () => {
    const standIn = await start();
    const TaskId = await create(standIn);
    expect(await codeOf(standIn, 'DescribeAigcImageTask', { TaskId })).toBe('OK');
    expect(await codeOf(standIn, 'DescribeAigcVideoTask', { TaskId })).toBe('FailedOperation.TaskNotFound');
    expect(await codeOf(standIn, 'DescribeAigcImageTask', {})).toBe('MissingParameter');
  });

  it('and serves nothing else', async () => {
    const { url } = await start();
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${url}/v1`, { method: 'POST' })).status).toBe(404);
  });
});

describe('the limits of the stand-in', () => {
  it.each([
    ['CreateAigcImageTask', 20],
    ['DescribeAigcImageTask', 20],
    ['CreateAigcVideoTask', 10],
    ['DescribeAigcVideoTask', 50],
  ])('let %s through %i times in any sliding second', async (action, limit) => {
    let now = Date.now();
    const standIn = await start({ now: () => now });
    const burst = (count: number) =>
      Promise.all(Array.from({ length: count }, () => codeOf(standIn, action, {})));
    const refused = (codes: string[]) => codes.filter((code) => code === 'RequestLimitExceeded').length;
    expect(refused(await burst(limit - 5))).toBe(0);
    now += 600;
    expect(refused(await burst(8))).toBe(3);
    now += 399;
    expect(refused(await burst(1))).toBe(1);
    now += 1;
    expect(refused(await burst(limit))).toBe(5);
    expect(standIn.rejected).toBe(9);
  });

  it('count only requests that passed authentication', async () => {
    const standIn = await start({ now: () => 1_700_000_000_000 });
    const call = { timestamp: 1_700_000_000 };
    const wrong = { ...call, secretKey: 'wrong' };
    await Promise.all(Array.from({ length: 30 }, () => codeOf(standIn, 'CreateAigcVideoTask', run, wrong)));
    expect(await codeOf(standIn, 'CreateAigcVideoTask', run, call)).toBe('OK');
  });
});

describe('a task of the stand-in', () => {
  it('goes from WAIT over RUN to DONE on the clock, and its link expires after 12 hours', async () => {
    let now = Date.now();
    const standIn = await start({ now: () => now });
    const statusAfter = async (ms: number) => {
      now += ms;
      standIn.clock.skew(Date.now() - now);
      return (await describeTask(standIn, id)).Status;
    };
    const id = await create(standIn);
    expect(await statusAfter(0)).toBe('WAIT');
    expect(await statusAfter(30_000)).toBe('RUN');
    expect(await statusAfter(150_000)).toBe('DONE');
    const [task] = standIn.tasks;
    const duration = (task?.finishesAt ?? 0) - (task?.createdAt ?? 0);
    expect(duration).toBeGreaterThanOrEqual(60_000);
    expect(duration).toBeLessThanOrEqual(180_000);
    expect(task?.reportedAt).toBe(now);
    const link = await linkOf(standIn, id);
    now += 12 * 3_600_000 - 181_000;
    expect((await fetch(link)).status).toBe(200);
    now += 181_000;
    const dead = await fetch(link);
    expect(dead.status).toBe(403);
    expect(await dead.text()).toContain('<Code>AccessDenied</Code>');
  });

  it('runs faster with speed, which does not affect the clock of signatures', async () => {
    let now = Date.now();
    const standIn = await start({ now: () => now, speed: 60 });
    const id = await create(standIn);
    now += 3_000;
    expect((await describeTask(standIn, id)).Status).toBe('DONE');
    const slow = await create(standIn);
    standIn.setSpeed(0.001);
    now += 3_000;
    expect((await describeTask(standIn, slow)).Status).toBe('WAIT');
    expect(() => standIn.setSpeed(0)).toThrow(RangeError);
  });

  it('is the same for the same seed', async () => {
    const twins = await Promise.all([start({ ...instant, seed: 5 }), start({ ...instant, seed: 5 })]);
    const [first, second] = await Promise.all(twins.map((twin) => create(twin)));
    expect(first).toBe(second);
    const [left, right] = await Promise.all(twins.map((twin) => twin.resultBytes(first ?? '')));
    expect(left?.equals(right ?? Buffer.alloc(0))).toBe(true);
  });
});
