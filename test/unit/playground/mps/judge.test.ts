import { describe, expect, it } from 'vitest';
import { judgeImage, judgeVideo } from '../../../../src/playground/mps/judge.js';
import { Refusal } from '../../../../src/playground/mps/refusal.js';
import { imageRules, videoRules } from '../../../../src/playground/mps/rules.js';
import { imageParameters, readParameters, videoParameters } from '../../../../src/playground/mps/schema.js';

const url = 'https://example.com/a.png';
const references = (count: number) => Array.from({ length: count }, () => ({ ImageUrl: url }));

/** The parameter refused by name, or the doubts. */
function judged(judge: () => string[]): string | string[] {
  try {
    return judge();
  } catch (error) {
    if (error instanceof Refusal)
      return /`([\w.]+)`(?: is not allowed|\.)/.exec(error.words['en-US'])?.[1] ?? error.code;
    throw error;
  }
}

function name(model: string) {
  const [ModelName = '', ModelVersion = ''] = model.split(' ');
  return { ModelName, ModelVersion };
}

function image(model: string, params: object = {}): string | string[] {
  const body = Buffer.from(JSON.stringify({ ...name(model), Prompt: 'x', ...params }));
  return judged(() => judgeImage(readParameters(imageParameters, body)));
}

function video(model: string, extra: object = {}, params: object = {}): string | string[] {
  const body = Buffer.from(
    JSON.stringify({ ...name(model), Prompt: 'x', ExtraParameters: extra, ...params }),
  );
  return judged(() => judgeVideo(readParameters(videoParameters, body)));
}

describe('the rules for pictures', () => {
  it('take every model as it is, with no doubt', () => {
    for (const model of Object.keys(imageRules)) expect(image(model)).toEqual([]);
    expect(Object.keys(imageRules)).toHaveLength(7);
  });

  it.each([
    ['Hunyuan 3.0', 3],
    ['Qwen 0925', 1],
    ['Vidu q2', 7],
    ['Kling 2.1', 4],
    ['Kling 3.0', 1],
    ['Kling O1', 10],
    ['Kling 3.0-Omni', 10],
  ])('let %s have %i references', (model, most) => {
    expect(image(model, { ImageInfos: references(most) })).toEqual([]);
    expect(image(model, { ImageInfos: references(most + 1) })).toBe('ImageInfos');
  });

  it.each([
    ['Hunyuan 3.0', '1024x1024', true],
    ['Hunyuan 3.0', '2048x512', true],
    ['Hunyuan 3.0', '2049x510', false],
    ['Hunyuan 3.0', '1025x1024', false],
    ['Hunyuan 3.0', '511x1024', false],
    ['Qwen 0925', '2048x2048', true],
    ['Qwen 0925', '512x512', true],
    ['Qwen 0925', '4096x1024', true],
    ['Qwen 0925', '511x512', false],
    ['Qwen 0925', '2049x2048', false],
    ['Qwen 0925', '1024*1024', false],
  ])('judge the size of %s at %s: %s', (model, size, fine) => {
    const found = image(model, { AdditionalParameters: JSON.stringify({ size }) });
    expect(found).toEqual(fine ? [] : 'AdditionalParameters.size');
  });

  it('know ratios where a model has them, and doubt them where the sources are silent', () => {
    const ratio = (AspectRatio: string) => ({ ExtraParameters: { AspectRatio } });
    expect(image('Kling 3.0', ratio('21:9'))).toEqual([]);
    expect(image('Vidu q2', ratio('4:5'))).toBe('ExtraParameters.AspectRatio');
    expect(image('Hunyuan 3.0', ratio('16:9'))).toEqual(['ExtraParameters.AspectRatio']);
    expect(image('Kling 3.0', { AdditionalParameters: '{"size":"1024x1024"}' })).toEqual([
      'AdditionalParameters.size',
    ]);
  });

  it('keep scenes and resolutions to their words', () => {
    expect(image('Hunyuan 3.0', { SceneType: '3d_panorama' })).toEqual([]);
    expect(image('Qwen 0925', { SceneType: '3d_panorama' })).toBe('SceneType');
    expect(image('Kling 3.0', { ExtraParameters: { Resolution: '2K' } })).toEqual([
      'ExtraParameters.Resolution',
    ]);
    expect(image('Kling 3.0', { ExtraParameters: { Resolution: '8K' } })).toBe('ExtraParameters.Resolution');
    expect(image('Wan 2.5')).toEqual(['ModelName']);
    expect(image('Kling 1.6')).toBe('ModelVersion');
  });

  it('need a prompt or an image', () => {
    expect(image('Kling 3.0', { Prompt: undefined })).toBe('Prompt');
    expect(image('Kling 3.0', { Prompt: undefined, ImageInfos: references(1) })).toEqual([]);
  });
});

const ticks = Array.from({ length: 20 }, (_, second) => second + 1);
const resolutions = ['540P', '720P', '768P', '1080P', '2K', '4K'];

/** The table of the facts, column by column, as the stand-in should read it; `?` marks what is accepted with a doubt. */
const table = [
  ['Hunyuan 1.5', 'any?', 'any?', 'no', '?', 'no'],
  ['Hailuo 02', '6 10?', '768P 1080P 2K? 4K?', 'yes', '?', 'no'],
  ['Hailuo 2.3', '6 10?', '768P 1080P 2K? 4K?', 'no', '?', 'no'],
  ['Hailuo 2.3-fast', '6 10?', '768P 1080P 2K? 4K?', 'no', '?', 'no'],
  ['Kling 1.6', '5 10', '720P 1080P 2K? 4K?', '1080P', '4', '?'],
  ['Kling 2.0', '5 10', '720P 1080P 2K? 4K?', 'yes', '?', '?'],
  ['Kling 2.1', '5 10', '720P 1080P 2K? 4K?', '1080P', '?', 'no'],
  ['Kling 2.5', '5 10', '720P 1080P 2K? 4K?', '1080P', '?', 'no'],
  ['Kling 2.6', '5 10', '720P 1080P 2K? 4K?', '1080P', '?', 'yes'],
  ['Kling O1', '3-10', '720P 1080P 2K? 4K?', 'yes', '7', '?'],
  ['Kling 3.0', '3-15', '720P 1080P 2K? 4K', 'yes', '?', 'yes'],
  ['Kling 3.0-Omni', '3-15', '720P 1080P 2K? 4K', 'yes', '7', 'yes'],
  ['Vidu q2', '1-10', '540P 720P 1080P 2K? 4K?', 'no', '7', 'no'],
  ['Vidu q2-pro', '1-10', '540P 720P 1080P 2K? 4K?', 'yes', '7', 'no'],
  ['Vidu q2-turbo', '1-10', '540P 720P 1080P 2K? 4K?', 'yes', '?', 'no'],
  ['Vidu q3-pro', '3-16', '540P 720P 1080P 2K? 4K?', 'yes', '?', 'yes'],
  ['Vidu q3-turbo', '3-16', '540P 720P 1080P 2K? 4K?', 'yes', '7', 'yes'],
  ['Vidu q3', '3-16', '540P 720P 1080P 2K? 4K?', 'no', '7', 'yes'],
  ['Vidu q3-mix', '3-16', '540P 720P 1080P 2K? 4K?', 'no', '7', 'yes'],
  ['PixVerse v5.6', '5 8 10', '540P 720P 1080P 2K? 4K?', 'yes', '7?', 'yes'],
  ['PixVerse v6', '1-15', '540P 720P 1080P 2K? 4K?', 'yes', '7?', 'yes'],
  ['PixVerse c1', '1-15', '540P 720P 1080P 2K? 4K?', 'yes', '7?', 'yes'],
  ['H2 1.0', '3-15', '720P 1080P 2K? 4K?', 'no', '9', 'yes'],
] as const;

/** `yes`, `no` or `?` for a judgement. */
const verdict = (found: string | string[]) =>
  typeof found === 'string' ? 'no' : found.length > 0 ? '?' : 'yes';

function expectedIn(cell: string, value: string): string {
  if (cell === 'any?') return '?';
  const [least, most] = cell.split('-').map(Number);
  if (least && most) return Number(value) >= least && Number(value) <= most ? 'yes' : 'no';
  if (cell.split(' ').includes(`${value}?`)) return '?';
  return cell.split(' ').includes(value) ? 'yes' : 'no';
}

describe('the rules for clips', () => {
  it('know each model of the table, and no other', () => {
    expect(Object.keys(videoRules).sort()).toEqual(table.map(([model]) => model).sort());
    expect(video('Kling 2.2')).toBe('ModelVersion');
    expect(video('Sora 2')).toBe('ModelName');
  });

  it.each(table)('read the row of %s', (model, seconds, sizes, lastFrame, most, audio) => {
    for (const Duration of ticks)
      expect([Duration, verdict(video(model, {}, { Duration }))]).toEqual([
        Duration,
        expectedIn(seconds, String(Duration)),
      ]);
    for (const Resolution of resolutions)
      expect([Resolution, verdict(video(model, { Resolution }))]).toEqual([
        Resolution,
        expectedIn(sizes, Resolution),
      ]);
    const frames = { ImageUrl: url, LastImageUrl: url };
    expect(verdict(video(model, {}, frames))).toBe(lastFrame === 'yes' ? 'yes' : 'no');
    if (sizes.includes('1080P'))
      expect(verdict(video(model, { Resolution: '1080P' }, frames))).toBe(lastFrame === 'no' ? 'no' : 'yes');
    const given = (count: number) => verdict(video(model, {}, { ImageInfos: references(count) }));
    const count = Number.parseInt(most, 10) || 3;
    expect(given(count)).toBe(most.endsWith('?') ? '?' : 'yes');
    expect(given(count + 1)).toBe(most === '?' ? '?' : 'no');
    expect(verdict(video(model, { EnableAudio: true }))).toBe(audio);
    expect(verdict(video(model, { EnableAudio: false }))).toBe('yes');
  });

  it.each([
    ['Kling 3.0', '16:9 9:16 1:1', false],
    ['Kling 3.0-Omni', '16:9 9:16 1:1', false],
    ['Vidu q2', '16:9 9:16 4:3 3:4 1:1', true],
    ['Vidu q2-pro', '16:9 9:16 1:1', true],
    ['Vidu q2-turbo', '16:9 9:16 1:1', false],
    ['Vidu q3-pro', '16:9 9:16 1:1', false],
    ['Vidu q3-mix', '16:9 9:16 1:1', true],
    ['PixVerse v5.6', '16:9 9:16 4:3 3:4 1:1', true],
    ['PixVerse c1', '16:9 9:16 4:3 3:4 1:1 2:3 3:2 21:9', true],
    ['H2 1.0', '16:9 9:16 4:3 3:4 4:5 5:4 1:1 21:9 9:21', true],
  ])('give %s the ratios %s (with references: %s)', (model, ratios, also) => {
    for (const AspectRatio of [
      '16:9',
      '9:16',
      '1:1',
      '4:3',
      '3:4',
      '3:2',
      '2:3',
      '21:9',
      '9:21',
      '4:5',
      '5:4',
    ]) {
      const known = ratios.split(' ').includes(AspectRatio);
      expect([AspectRatio, verdict(video(model, { AspectRatio }))]).toEqual([
        AspectRatio,
        known ? 'yes' : 'no',
      ]);
      const withReferences = verdict(video(model, { AspectRatio }, { ImageInfos: references(1) }));
      expect(withReferences !== 'no').toBe(known && also);
      expect(verdict(video(model, { AspectRatio }, { ImageUrl: url }))).toBe('no');
    }
  });

  it('doubt a ratio for the models without one', () => {
    for (const model of ['Hunyuan 1.5', 'Hailuo 02'])
      expect(verdict(video(model, { AspectRatio: '16:9' }))).toBe('?');
  });

  it('keep off-peak, watermark and scenes to those who have them', () => {
    expect(video('Vidu q3', { OffPeak: true })).toEqual([]);
    expect(video('Kling 3.0', { OffPeak: true })).toBe('ExtraParameters.OffPeak');
    expect(video('H2 1.0', { LogoAdd: 1 })).toEqual([]);
    expect(video('PixVerse v6', { LogoAdd: 1 })).toBe('ExtraParameters.LogoAdd');
    expect(video('PixVerse v6', { LogoAdd: 0 })).toEqual([]);
    expect(video('Kling 3.0', { LogoAdd: 2 })).toBe('ExtraParameters.LogoAdd');
    expect(video('Kling 3.0', {}, { SceneType: 'template_effect' })).toBe('SceneType');
    expect(verdict(video('Kling 3.0', {}, { SceneType: 'lip_sync' }))).toBe('?');
  });

  it('let a reference video go with fewer images, fewer seconds and no frames', () => {
    const VideoInfos = [{ VideoUrl: 'https://example.com/a.mp4', ReferType: 'feature' }];
    const base = [{ VideoUrl: 'https://example.com/a.mp4' }];
    expect(video('Kling O1', {}, { VideoInfos, ImageInfos: references(4) })).toEqual([]);
    expect(video('Kling O1', {}, { VideoInfos, ImageInfos: references(5) })).toBe('ImageInfos');
    expect(video('H2 1.0', {}, { VideoInfos, ImageInfos: references(6) })).toBe('ImageInfos');
    expect(video('Kling 3.0-Omni', {}, { VideoInfos, Duration: 11 })).toBe('Duration');
    expect(video('Kling O1', {}, { VideoInfos: base, ImageUrl: url })).toBe('VideoInfos.0.ReferType');
    expect(video('Kling O1', {}, { VideoInfos, ImageUrl: url })).toEqual([]);
    expect(video('Kling 3.0', {}, { VideoInfos })).toBe('VideoInfos');
  });

  it('need a prompt or an image', () => {
    expect(video('Kling 3.0', {}, { Prompt: undefined })).toBe('Prompt');
    expect(video('Kling 3.0', {}, { Prompt: undefined, ImageUrl: url })).toEqual([]);
  });
});
