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
  start,
} from './mps-stand-in-kit.js';

const instant = { durations: { image: [0, 0], video: [0, 0] } } as const;
const image = 'CreateAigcImageTask';
const video = 'CreateAigcVideoTask';
const inLanguage = (language: string) => ({ headers: { 'x-tc-language': language } });
afterEach(closeAll);

describe('an account', () => {
  it('without MPS gets the same error from every action', async () => {
    const standIn = await start({ settings: { account: 'closed' } });
    await expect(createSdk(standIn).CreateAigcImageTask(fox)).rejects.toMatchObject({
      code: 'FailedOperation.InvalidMpsUser',
    });
    for (const action of [video, 'DescribeAigcImageTask', 'DescribeAigcVideoTask'])
      expect(await codeOf(standIn, action, { TaskId: 'x' })).toBe('FailedOperation.InvalidMpsUser');
    expect(standIn.tasks).toHaveLength(0);
    standIn.settings.update({ account: 'open' });
    expect(await codeOf(standIn, image, fox)).toBe('OK');
  });

  it('has overseas regions only at the international endpoint', async () => {
    const standIn = await start({ settings: { site: 'international' } });
    const code = (region?: string) => codeOf(standIn, image, fox, { headers: { 'x-tc-region': region } });
    expect(await code('ap-guangzhou')).toBe('UnsupportedRegion');
    expect(await code('ap-singapore')).toBe('OK');
    expect(await code(undefined)).toBe('OK');
  });

  it('has a task limit, in total and per model, and creates nothing beyond it', async () => {
    const standIn = await start({ settings: { concurrency: { total: 3, models: { Kling: 1 } } } });
    await create(standIn, run, video);
    const found = await outcomeOf(standIn, video, run, inLanguage('en-US'));
    expect(found).toMatchObject({ code: 'RequestLimitExceeded' });
    expect(found.message).toContain('maximum concurrency of Kling: 1');
    expect((await outcomeOf(standIn, video, run, inLanguage('zh-CN'))).message).toContain('最大并发数 1');
    await create(standIn);
    await create(standIn);
    expect((await outcomeOf(standIn, image, fox)).message).toContain('maximum concurrency of account: 3');
    expect(standIn.tasks).toHaveLength(3);
    expect(standIn.rejected).toBe(0);
    standIn.clock.advance(600_000);
    expect(await codeOf(standIn, video, run)).toBe('OK');
  });

  it('gets the documented code for a refused prompt, or the misspelt one', async () => {
    const standIn = await start();
    const code = () => codeOf(standIn, image, { ...fox, Prompt: 'forbidden' });
    expect(await code()).toBe('InvalidParameter.ViolationContent');
    standIn.settings.update({ moderationCode: 'InvalidParameter.VoilationContent' });
    expect(await code()).toBe('InvalidParameter.VoilationContent');
  });

  it.each([
    'UnauthorizedOperation',
    'FailedOperation.InvalidMpsUser',
    'InvalidParameter.VoilationContent',
    'ResourceInsufficient',
    'OperationDenied',
    'ResourceUnavailable',
    'ResourceNotFound',
    'InternalError',
  ])('meets %s in both languages where a test arms it', async (code) => {
    const standIn = await start();
    for (const action of [image, 'DescribeAigcVideoTask']) {
      standIn.faults.add({ kind: 'error', code, count: 2, action: action as 'CreateAigcImageTask' });
      const english = await outcomeOf(standIn, action, fox, inLanguage('en-US'));
      const chinese = await outcomeOf(standIn, action, fox, inLanguage('zh-CN'));
      expect([english.code, chinese.code]).toEqual([code, code]);
      expect(english.message).toMatch(/^[ -~]+$/);
      expect(chinese.message).toMatch(/\p{Script=Han}/u);
    }
    expect(standIn.tasks).toHaveLength(0);
  });
});

describe('a task that fails', () => {
  it.each([
    ['moderation', /moderation/],
    ['shape', /only supports/],
    ['source', /download image failed/],
    ['passing', /ret:-2/],
    ['unknown', /^fail$/],
  ] as const)('says why: %s', async (reason, message) => {
    const standIn = await start(instant);
    standIn.faults.add({ kind: 'fail', reason });
    const fields = await describeTask(standIn, await create(standIn));
    expect(fields).toMatchObject({ Status: 'FAIL', ImageUrls: [], Message: expect.stringMatching(message) });
  });

  it.each(['FAILED', 'ERROR', 'CANCELLED', 'TIMEOUT', 'VANISHED'])('can have the status %s', async (word) => {
    const standIn = await start(instant);
    standIn.faults.add({ kind: 'fail', word, message: 'late' });
    const id = await create(standIn);
    expect(await describeTask(standIn, id)).toMatchObject({ Status: word, Message: 'late' });
  });

  it('because of its sources was accepted all the same', async () => {
    const standIn = await start({ ...instant, settings: { turndown: 'fail' } });
    const end = async (params: object, action: string) =>
      describeTask(standIn, await create(standIn, params, action));
    const long = { ...run, Prompt: 'x'.repeat(2501) };
    expect((await end(long, video)).Message).toBe('prompt is too long, at most 2500');
    const q3 = { ...run, ModelName: 'Vidu', ModelVersion: 'q3' };
    expect((await end(q3, video)).Message).toContain('only supports reference generation');
    expect((await end({ ...run, LastImageUrl: 'http://127.0.0.1:9/a.png' }, video)).Status).not.toBe('DONE');
  });
});

describe('a result', () => {
  it.each([
    ['Kling 3.0', { Duration: 5 }, 5.04, '1280x720'],
    ['Kling 3.0', { ExtraParameters: { Resolution: '1080P' } }, 5.04, '1920x1088'],
    ['Hailuo 02', { Duration: 6 }, 5.88, '1376x768'],
    ['Hailuo 02', { Duration: 7 }, 5.88, '1376x768'],
    ['Hailuo H3', { Duration: 7 }, 7.29, '2560x1440'],
    ['Hailuo H3', { Duration: 12, ExtraParameters: { Resolution: '4K' } }, 12.25, '3840x2160'],
    ['Hailuo H3', { Duration: 2 }, 5.17, '2560x1440'],
    ['Hunyuan 1.5', { Duration: 9, ExtraParameters: { Resolution: '1080P' } }, 5.04, '1280x720'],
    ['H2 1.0', {}, 5.04, '1920x1088'],
  ])('of %s with %j lasts %d s at %s', async (model, more, seconds, resolution) => {
    const standIn = await start(instant);
    const [ModelName, ModelVersion] = model.split(' ');
    const id = await create(standIn, { ModelName, ModelVersion, Prompt: 'x', ...more }, video);
    expect(await describeTask(standIn, id)).toMatchObject({ Status: 'DONE', Resolution: resolution });
    expect(standIn.tasks[0]).toMatchObject({ seconds });
    const clip = await standIn.resultBytes(id);
    const at = clip.indexOf('mvhd', 0, 'latin1') + 4;
    expect(clip[at]).toBe(0);
    expect(clip.readUInt32BE(at + 16) / clip.readUInt32BE(at + 12)).toBeCloseTo(seconds, 1);
  });

  it('of MJ is four pictures, and of OG as many as were requested', async () => {
    const standIn = await start(instant);
    const count = async (params: object) => {
      const fields = await describeTask(standIn, await create(standIn, { Prompt: 'x', ...params }));
      return (fields.ImageUrls as string[]).length;
    };
    expect(await count({ ModelName: 'MJ', ModelVersion: 'v8.1' })).toBe(4);
    expect(await count({ ModelName: 'OG', ModelVersion: 'image2_low', OutputImageCount: 3 })).toBe(3);
    expect(await count({ ...fox, OutputImageCount: 3 })).toBe(1);
  });

  it('of a panorama is large', async () => {
    const standIn = await start({ ...instant, settings: { panoramaBytes: 300_000 } });
    const wish = { ...fox, ModelVersion: '3d_2.0', SceneType: '3d_panorama' };
    const id = await create(standIn, wish);
    const bytes = Buffer.from(await (await fetch(await linkOf(standIn, id))).arrayBuffer());
    expect(bytes.length / 300_000).toBeCloseTo(1, 1);
    const { width = 0, height = 0 } = await sharp(bytes).metadata();
    expect(width).toBe(2 * height);
    expect(await start().then(({ settings }) => settings.current.panoramaBytes)).toBe(27_000_000);
  });

  it('is forgotten after a week', async () => {
    let now = Date.now();
    const standIn = await start({ ...instant, now: () => now });
    const TaskId = await create(standIn);
    const code = () =>
      codeOf(standIn, 'DescribeAigcImageTask', { TaskId }, { timestamp: Math.floor(now / 1000) });
    now += 6 * 86_400_000;
    expect(await code()).toBe('OK');
    now += 86_400_000;
    expect(await code()).toBe('FailedOperation.TaskNotFound');
    standIn.settings.update({ unknownTask: 'ResourceNotFound' });
    expect(await code()).toBe('ResourceNotFound');
  });
});
