import { describe, expect, it } from 'vitest';
import { Refusal } from '../src/api/api-error.js';
import { imageParameters, readParameters, videoParameters } from '../src/api/parameter-schemas.js';
import { imageRules } from '../src/validation/image-models.js';
import { judgeImage } from '../src/validation/validate-image.js';
import { judgeVideo } from '../src/validation/validate-video.js';
import type { Turndown, Verdict } from '../src/validation/validation-result.js';
import { videoRules } from '../src/validation/video-models.js';

const url = 'https://example.com/a.png';
const references = (count: number) => Array.from({ length: count }, () => ({ ImageUrl: url }));

/** `no PARAMETER` (refused at Create), `fail`, `drop PARAMETER`, `? PARAMETER` (a doubt), or `yes`. */
function judged(judge: () => Verdict): string {
  try {
    const { failure, dropped, undocumented } = judge();
    if (failure !== undefined) return 'fail';
    return dropped.length > 0 ? `drop ${dropped}` : undocumented.length > 0 ? `? ${undocumented}` : 'yes';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `no ${/`([\w.]+)`(?: is not allowed|\.)/.exec(error.words['en-US'])?.[1] ?? error.words['en-US']}`;
  }
}

function name(model: string) {
  const [ModelName = '', ModelVersion = ''] = model.split(' ');
  return { ModelName, ModelVersion };
}

const bodyOf = (model: string, params: object) =>
  Buffer.from(JSON.stringify({ ...name(model), Prompt: 'x', ...params }));

function image(model: string, params: object = {}, turndown?: Turndown): string {
  return judged(() => judgeImage(readParameters(imageParameters, bodyOf(model, params)), turndown));
}

function video(model: string, extra: object = {}, params: object = {}, turndown?: Turndown): string {
  const body = bodyOf(model, { ExtraParameters: extra, ...params });
  return judged(() => judgeVideo(readParameters(videoParameters, body), turndown));
}

describe('the rules for images', () => {
  it('accept every model as it is, listed or not; a panorama by its scene', () => {
    for (const model of Object.keys(imageRules)) {
      const scene = model === 'Hunyuan 3d_2.0' ? { SceneType: '3d_panorama' } : {};
      expect([model, image(model, scene)]).toEqual([model, 'yes']);
    }
  });

  it('refuse Wan and niji by name, and an unknown version', () => {
    expect(image('Wan 2.5')).toBe('no Not support model name.');
    expect(image('MJ niji')).toBe('no ModelVersion');
    expect(image('Kling 1.6')).toBe('no ModelVersion');
  });

  it.each([
    ['Hunyuan 3.0', 3],
    ['Qwen 0925', 9],
    ['Vidu q2', 7],
    ['Kling 2.1', 4],
    ['Kling 3.0', 4],
    ['Kling O1', 10],
    ['Kling 3.0-Omni', 10],
    ['GEM 3.1', 20],
    ['Seedream 5.0-pro', 20],
  ])('let %s have %i references; with more the task fails, and over 20 are refused', (model, most) => {
    expect(image(model, { ImageInfos: references(most) })).toBe('yes');
    expect(image(model, { ImageInfos: references(21) })).toBe('no ImageInfos');
    if (most < 20) expect(image(model, { ImageInfos: references(most + 1) })).toBe('fail');
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
    expect(found).toBe(fine ? 'yes' : 'no AdditionalParameters.size');
  });

  it("know a model's ratios, and note them as undocumented if the sources are silent", () => {
    const ratio = (AspectRatio: string) => ({ ExtraParameters: { AspectRatio } });
    expect(image('Kling 3.0', ratio('21:9'))).toBe('yes');
    expect(image('Vidu q2', ratio('4:5'))).toBe('no ExtraParameters.AspectRatio');
    expect(image('Vidu q2', ratio('4:5'), 'fail')).toBe('fail');
    expect(image('Hunyuan 3.0', ratio('16:9'))).toBe('? ExtraParameters.AspectRatio');
    expect(image('Kling 3.0', { AdditionalParameters: '{"size":"1024x1024"}' })).toBe(
      '? AdditionalParameters.size',
    );
  });

  it('know MJ: always four pictures, ratio and resolution in the prompt, links without a query', () => {
    expect(image('MJ v8.1', { OutputImageCount: 1 })).toBe('drop OutputImageCount');
    const four = { OutputImageCount: 4 };
    expect(image('MJ v8.1', { ...four, ExtraParameters: { AspectRatio: '16:9' } })).toMatch(
      /^no .*AspectRatio/,
    );
    expect(image('MJ v8.1', { ...four, ExtraParameters: { Resolution: '2K' } })).toMatch(/^no .*Resolution/);
    expect(image('MJ v8.1', { ...four, ImageInfos: [{ ImageUrl: url }] })).toBe('yes');
    expect(image('MJ v8.1', { ...four, ImageInfos: [{ ImageUrl: `${url}?a=1` }] })).toBe('fail');
    expect(image('MJ v8.1', { ...four, ImageInfos: references(4) })).toBe('fail');
  });

  it('count pictures as each model does', () => {
    const two = { OutputImageCount: 2 };
    expect(image('Hunyuan 3.0', two)).toBe('drop OutputImageCount');
    expect(image('GEM 3.0', two)).toBe('drop OutputImageCount');
    expect(image('OG image2_low', two)).toBe('yes');
    expect(image('Kling 3.0', two)).toBe('no OutputImageCount');
  });

  it('accept only documented scenes and resolutions', () => {
    expect(image('Hunyuan 3d_2.0', { SceneType: '3d_panorama' })).toBe('yes');
    expect(image('Hunyuan 3.0', { SceneType: '3d_panorama' })).toBe('no SceneType');
    expect(image('Qwen 0925', { SceneType: '3d_panorama' })).toBe('no SceneType');
    expect(image('Kling 3.0', { ExtraParameters: { Resolution: '2K' } })).toBe(
      '? ExtraParameters.Resolution',
    );
    expect(image('Kling 3.0', { ExtraParameters: { Resolution: '8K' } })).toBe(
      'no ExtraParameters.Resolution',
    );
  });

  it('require a prompt or an image, and accept a prompt of any length', () => {
    expect(image('Kling 3.0', { Prompt: undefined })).toBe('no Prompt');
    expect(image('Kling 3.0', { Prompt: undefined, ImageInfos: references(1) })).toBe('yes');
    expect(image('Kling 3.0', { Prompt: 'x'.repeat(9000) })).toBe('yes');
  });
});

const ticks = Array.from({ length: 20 }, (_, second) => second + 1);
const resolutions = ['540P', '720P', '768P', '1080P', '2K', '4K'];
const first = { ImageUrl: url };
const both = { ImageUrl: url, LastImageUrl: url };

/**
 * The table of the facts, column by column, as the stand-in should read it: what a clip can begin with (t words, f first frame,
 * l last frame too, L at 1080P only, and the number of references), seconds, resolutions (? with a doubt), and sound.
 */
const table = [
  ['Hunyuan 1.5', 'tf', 0, 'dropped', 'dropped', 'no'],
  ['Hailuo 02', 'tfl', 0, '6 10 dropped', '768P 1080P', 'no'],
  ['Hailuo 2.3', 'tf', 0, '6 10 dropped', '768P 1080P', 'no'],
  ['Hailuo 2.3-fast', 'f', 0, '6 10 dropped', '768P 1080P', 'no'],
  ['Kling 1.6', 'tfL', 4, '5 10', '720P 1080P 2K? 4K?', 'no'],
  ['Kling 2.0', 'tfl', 0, '5 10', '720P 1080P 2K? 4K?', 'no'],
  ['Kling 2.1', 'tfL', 0, '5 10', '720P 1080P 2K? 4K?', 'no'],
  ['Kling 2.5', 'tfL', 0, '5 10', '720P 1080P 2K? 4K?', 'no'],
  ['Kling 2.6', 'tfL', 0, '5 10', '720P 1080P 2K? 4K?', '1080P'],
  ['Kling O1', 'tfl', 7, '3-10', '720P 1080P 2K? 4K?', 'no'],
  ['Kling 3.0', 'tfl', 0, '3-15', '720P 1080P 2K? 4K', 'yes'],
  ['Kling 3.0-Omni', 'tfl', 7, '3-15', '720P 1080P 2K? 4K', 'yes'],
  ['Vidu q2', 't', 7, '1-10', '540P 720P 1080P', 'no'],
  ['Vidu q2-pro', 'fl', 7, '1-10', '540P 720P 1080P', 'no'],
  ['Vidu q2-turbo', 'fl', 0, '1-10', '540P 720P 1080P', 'no'],
  ['Vidu q3-pro', 'tfl', 0, '3-16', '540P 720P 1080P', 'yes'],
  ['Vidu q3-turbo', 'tfl', 7, '3-16', '540P 720P 1080P', 'yes'],
  ['Vidu q3', '', 7, '3-16', '540P 720P 1080P', 'yes'],
  ['Vidu q3-mix', '', 7, '3-16', '720P 1080P', 'yes'],
  ['PixVerse v5.6', 'tfl', 7, '5 8 10', '540P 720P 1080P 2K? 4K?', 'no'],
  ['PixVerse v6', 'tfl', 7, '1-15', '540P 720P 1080P 2K? 4K?', 'yes'],
  ['PixVerse c1', 'tfl', 7, '1-15', '540P 720P 1080P 2K? 4K?', 'yes'],
  ['H2 1.0', 'tf', 9, '3-15', '720P 1080P', 'yes'],
] as const;

const verdict = (found: string) => found.split(' ')[0];

function expectedIn(cell: string, value: string): string {
  const otherwise = cell.includes('dropped') ? 'drop' : 'no';
  const [least, most] = cell.split('-').map(Number);
  if (least && most) return Number(value) >= least && Number(value) <= most ? 'yes' : otherwise;
  if (cell.split(' ').includes(`${value}?`)) return '?';
  return cell.split(' ').includes(value) ? 'yes' : otherwise;
}

/** Parameters with which a version begins in a way it can. */
const beginningOf = (modes: string) =>
  modes.includes('t') ? {} : modes.includes('f') ? first : { ImageInfos: references(1) };

describe('the rules for videos', () => {
  it('know each model of the table, the unlisted ones, and no others', () => {
    const unlisted = ['Hailuo H3', 'GV 3.1', 'GV 3.1-fast', 'OS 2.0', 'Mingmou 1.0'];
    const known = [...table.map(([model]) => model), ...unlisted];
    expect(Object.keys(videoRules).sort()).toEqual(known.sort());
    for (const model of unlisted) expect([model, video(model)]).toEqual([model, 'yes']);
    expect(video('Kling 2.2')).toBe('no ModelVersion');
    expect(video('Wan 2.5')).toBe('no Not support model name.');
  });

  it.each(table)('let %s begin with %j and %i references', (model, modes, most) => {
    const can = (mode: string) => (modes.includes(mode) ? 'yes' : 'no');
    const asked = (params: object, extra: object = {}) => verdict(video(model, extra, params));
    expect(asked({})).toBe(can('t'));
    expect(asked(first)).toBe(can('f'));
    expect(asked(both)).toBe(can('l'));
    if (modes.includes('L')) expect(asked(both, { Resolution: '1080P' })).toBe('yes');
    expect(asked({ LastImageUrl: url })).toBe('no');
    const taken = most === 0 ? 'no' : model.startsWith('PixVerse') ? '?' : 'yes';
    expect(asked({ ImageInfos: references(Math.max(1, most)) })).toBe(taken);
    if (most > 0) expect(asked({ ImageInfos: references(most + 1) })).toBe('fail');
    expect(asked({ ImageInfos: references(21) })).toBe('no');
    expect(asked({ ...first, ImageInfos: references(1) })).toBe('no');
    if (modes === '') expect(video(model, {}, {}, 'fail')).toBe('fail');
    if (modes === '') expect(video(model, {}, {}, 'never')).toBe('? ModelVersion');
  });

  it.each(table)('read the row of %s', (model, modes, _, seconds, sizes, audio) => {
    const begin = beginningOf(modes);
    for (const Duration of ticks)
      expect([Duration, verdict(video(model, {}, { ...begin, Duration }))]).toEqual([
        Duration,
        expectedIn(seconds, String(Duration)),
      ]);
    for (const Resolution of resolutions)
      expect([Resolution, verdict(video(model, { Resolution }, begin))]).toEqual([
        Resolution,
        expectedIn(sizes, Resolution),
      ]);
    const sound = (extra: object) => verdict(video(model, { EnableAudio: true, ...extra }, begin));
    expect(sound({})).toBe(audio === 'yes' ? 'yes' : 'no');
    if (audio === '1080P') expect(sound({ Resolution: '1080P' })).toBe('yes');
    expect(verdict(video(model, { EnableAudio: false }, begin))).toBe('yes');
  });

  it('know combinations that are refused', () => {
    const at1080P = { Resolution: '1080P' };
    expect(video('Hailuo 02', at1080P, { Duration: 10 })).toBe('drop Duration');
    expect(video('PixVerse v5.6', at1080P, { Duration: 10 })).toBe('no Duration');
    expect(video('PixVerse v5.6', {}, { Duration: 10 })).toBe('yes');
    expect(video('Kling 2.6', { ...at1080P, EnableAudio: true }, first)).toBe('yes');
    expect(video('Kling 2.6', { ...at1080P, EnableAudio: true }, both)).toBe(
      'no ExtraParameters.EnableAudio',
    );
    const subject = { ImageInfos: [{ ImageUrl: url, ReferenceType: 'fox' }] };
    expect(video('Vidu q3', {}, subject)).toBe('yes');
    expect(video('Vidu q3-mix', {}, subject)).toBe('no ImageInfos.ReferenceType');
  });

  it('know Hailuo H3: it drops lengths, resolutions and silence, and takes a last frame alone', () => {
    expect(video('Hailuo H3', { Resolution: '4K' }, { Duration: 15 })).toBe('yes');
    expect(video('Hailuo H3', {}, { Duration: 3 })).toBe('drop Duration');
    expect(video('Hailuo H3', { Resolution: '720P' })).toBe('drop ExtraParameters.Resolution');
    expect(video('Hailuo H3', { EnableAudio: false })).toBe('drop ExtraParameters.EnableAudio');
    expect(video('Hailuo H3', {}, { LastImageUrl: url })).toBe('yes');
  });

  it.each([
    ['Kling 3.0', '16:9 9:16 1:1', false],
    ['Kling 3.0-Omni', '16:9 9:16 1:1', false],
    ['Kling O1', '16:9 9:16 1:1', false],
    ['Vidu q2', '16:9 9:16 4:3 3:4 1:1', true],
    ['Vidu q3-turbo', '16:9 9:16 1:1', true],
    ['PixVerse v5.6', '16:9 9:16 4:3 3:4 1:1', true],
    ['PixVerse c1', '16:9 9:16 4:3 3:4 1:1 2:3 3:2 21:9', true],
    ['H2 1.0', '16:9 9:16 4:3 3:4 4:5 5:4 1:1 21:9 9:21', true],
    ['GV 3.1', '16:9 9:16', false],
  ])('give %s the ratios %s (with references: %s)', (model, ratios, also) => {
    for (const AspectRatio of '16:9 9:16 1:1 4:3 3:4 3:2 2:3 21:9 9:21 4:5 5:4'.split(' ')) {
      const known = ratios.split(' ').includes(AspectRatio);
      const words = verdict(video(model, { AspectRatio }));
      expect([AspectRatio, words]).toEqual([AspectRatio, known ? 'yes' : 'no']);
      const withReferences = verdict(video(model, { AspectRatio }, { ImageInfos: references(1) }));
      expect(withReferences !== 'no').toBe(known && also);
      expect(verdict(video(model, { AspectRatio }, first))).toBe('no');
    }
  });

  it('note a ratio as undocumented for models without one, and know that Hunyuan ignores it', () => {
    expect(video('Hailuo 02', { AspectRatio: '16:9' })).toBe('? ExtraParameters.AspectRatio');
    expect(video('Hunyuan 1.5', { AspectRatio: '9:16' })).toBe('drop ExtraParameters.AspectRatio');
  });

  it('restrict off-peak, watermark and scenes to the models that have them', () => {
    expect(video('Vidu q3-pro', { OffPeak: true })).toBe('yes');
    expect(video('Kling 3.0', { OffPeak: true })).toBe('no ExtraParameters.OffPeak');
    expect(video('H2 1.0', { LogoAdd: 1 })).toBe('yes');
    expect(video('PixVerse v6', { LogoAdd: 1 })).toBe('no ExtraParameters.LogoAdd');
    expect(video('PixVerse v6', { LogoAdd: 0 })).toBe('yes');
    expect(video('Kling 3.0', { LogoAdd: 2 })).toBe('no ExtraParameters.LogoAdd');
    expect(video('Kling 3.0', {}, { SceneType: 'template_effect' })).toBe('no SceneType');
    expect(video('Kling 3.0', {}, { SceneType: 'lip_sync' })).toBe('? SceneType');
  });

  it("accept a prompt of any length, and fail the task if it exceeds the model's limit", () => {
    const long = (model: string, length: number) => video(model, {}, { Prompt: '狐'.repeat(length) });
    expect([long('Kling 3.0', 2500), long('Kling 3.0', 2501)]).toEqual(['yes', 'fail']);
    expect([long('Vidu q3-pro', 5000), long('Vidu q3-pro', 5001)]).toEqual(['yes', 'fail']);
    expect(long('Hailuo 02', 9000)).toBe('yes');
  });

  it('allow fewer images, fewer seconds and no frames with an input clip', () => {
    const feature = [{ VideoUrl: 'https://example.com/a.mp4', ReferType: 'feature' }];
    const base = [{ VideoUrl: 'https://example.com/a.mp4' }];
    const asked = (model: string, params: object) => video(model, {}, params);
    expect(asked('Kling O1', { VideoInfos: feature, ImageInfos: references(4) })).toBe('yes');
    expect(asked('Kling O1', { VideoInfos: feature, ImageInfos: references(5) })).toBe('fail');
    expect(asked('H2 1.0', { VideoInfos: feature, ImageInfos: references(5) })).toBe('yes');
    expect(asked('H2 1.0', { VideoInfos: feature, ImageInfos: references(6) })).toBe('fail');
    expect(asked('Kling 3.0-Omni', { VideoInfos: feature, Duration: 11 })).toBe('no Duration');
    expect(asked('Kling O1', { VideoInfos: base, ...first })).toBe('no VideoInfos.0.ReferType');
    expect(asked('Kling O1', { VideoInfos: feature, ...first })).toBe('yes');
    expect(asked('Kling O1', { VideoInfos: [...feature, ...feature] })).toBe('no VideoInfos');
    expect(asked('Vidu q2-pro', { VideoInfos: [...feature, ...feature] })).toBe('yes');
    expect(asked('Kling 3.0', { VideoInfos: feature })).toBe('no VideoInfos');
  });

  it('take several shots that add up to the length of the clip', () => {
    const shots = (...seconds: string[]) => ({
      multi_shot: true,
      shot_type: 'customize',
      multi_prompt: seconds.map((duration, at) => ({ index: at + 1, prompt: 'x', duration })),
    });
    const asked = (additional: object, params = {}, model = 'Kling 3.0') =>
      video(model, {}, { Duration: 6, AdditionalParameters: JSON.stringify(additional), ...params });
    expect(asked({ multi_shot: true, shot_type: 'intelligence' })).toBe('yes');
    expect(asked(shots('3', '3'))).toBe('yes');
    expect(asked(shots('3', '4'))).toBe('no AdditionalParameters');
    expect(asked(shots('0', '6'))).toBe('no AdditionalParameters');
    expect(asked(shots('1', '1', '1', '1', '1', '1', '1'), { Duration: 7 })).toBe('no AdditionalParameters');
    expect(asked(shots('6'), { Prompt: '', ...first })).toBe('no AdditionalParameters');
    expect(asked(shots('5'), { Duration: 5 }, 'Kling 2.6')).toBe('no AdditionalParameters');
  });

  it('require a prompt or an image', () => {
    expect(video('Kling 3.0', {}, { Prompt: undefined })).toBe('no Prompt');
    expect(video('Kling 3.0', {}, { Prompt: undefined, ...first })).toBe('yes');
  });
});
