import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type {
  GenerationRequest,
  ImageRequest,
  SourceClip,
  VideoRequest,
} from '../../../../src/mps/generation-request.js';
import { toParameters } from '../../../../src/mps/parameters/parameters.js';
import { type Problem, problemCodes, problemParams } from '../../../../src/mps/parameters/problems.js';

const catalogue = createCatalogue({ extra: ['hailuo-h3', 'mj-v8.1', 'os-2.0'] });
const built = createCatalogue({ clipScenes: ['motion_control'] });

const picture = (fields: Partial<ImageRequest>): ImageRequest => ({
  kind: 'image',
  model: 'kling-3.0',
  prompt: 'a red fox',
  enhance: true,
  ...fields,
});
const clip = (fields: Partial<VideoRequest>): VideoRequest => ({
  kind: 'video',
  model: 'kling-3.0',
  prompt: 'it runs',
  enhance: false,
  ...fields,
});
const source = { url: 'https://cdn.discordapp.com/fox.png', name: 'fox.png' };
const base = (fields: Partial<SourceClip> = {}) => ({
  ...source,
  name: 'run.mp4',
  refer: 'base' as const,
  ...fields,
});
const shot = (prompt: string, duration = 1) => ({ prompt, duration });
const sources = (count: number) => Array<typeof source>(count).fill(source);

function problemsOf(request: GenerationRequest): readonly Problem[] {
  const unlisted = ['hailuo-h3', 'mj-v8.1', 'os-2.0'].includes(request.model);
  const outcome = toParameters(request, unlisted ? catalogue : built);
  return outcome.ok ? [] : outcome.problems;
}

/** Every kind of problem by a request that has just that one. */
const examples: readonly (readonly [string, GenerationRequest, Problem['params'], string?])[] = [
  ['model.unknown', picture({ model: 'dall-e' }), { asked: 'dall-e', use: 'Hunyuan 3.0' }],
  ['prompt.missing', picture({ prompt: ' \n' }), {}],
  ['prompt.missing', clip({ prompt: '', model: 'vidu-q2', references: sources(1) }), {}],
  ['prompt.tooLong', picture({ prompt: 'x'.repeat(1001) }), { length: 1001, max: 1000 }],
  ['prompt.tooLong', clip({ prompt: '🦊'.repeat(2001) }), { length: 2001, max: 2000 }],
  [
    'prompt.option',
    picture({ model: 'mj-v8.1', prompt: 'a fox —Niji 6' }),
    { model: 'MJ v8.1', option: '--niji' },
    'Hunyuan 3.0',
  ],
  [
    'references.query',
    picture({ model: 'mj-v8.1', references: [{ ...source, url: `${source.url}?ex=1&is=2` }] }),
    { model: 'MJ v8.1', name: 'fox.png' },
    'Hunyuan 3.0',
  ],
  [
    'duration.atResolution',
    clip({ model: 'hailuo-2.3', duration: 10, resolution: '1080P' }),
    { model: 'Hailuo 2.3', asked: 10, resolution: '1080P', use: 6 },
    'Kling 3.0',
  ],
  ['image.missing', clip({ model: 'hailuo-2.3-fast' }), { model: 'Hailuo 2.3-fast' }, 'Hailuo 2.3'],
  ['image.orReferences', clip({ model: 'vidu-q2-pro' }), { model: 'Vidu q2-pro' }, 'Vidu q3-turbo'],
  ['references.missing', clip({ model: 'vidu-q3' }), { model: 'Vidu q3' }, 'Vidu q3-turbo'],
  ['image.none', clip({ model: 'os-2.0', image: source }), { model: 'OS 2.0' }, 'Kling 3.0'],
  ['image.asReference', clip({ model: 'vidu-q2', image: source }), { model: 'Vidu q2' }, 'Vidu q3-turbo'],
  ['audio.always', clip({ model: 'hailuo-h3', audio: false }), { model: 'Hailuo H3' }, 'Hailuo 2.3'],
  [
    'audio.resolution',
    clip({ model: 'kling-2.6', audio: true }),
    { model: 'Kling 2.6', use: '1080P' },
    'Kling 3.0',
  ],
  [
    'audio.withLastImage',
    clip({ model: 'kling-2.6', audio: true, image: source, lastImage: source, resolution: '1080P' }),
    { model: 'Kling 2.6' },
    'Kling 3.0',
  ],
  [
    'scene.wordsAlone',
    picture({ model: 'hunyuan-3.0', scene: '3d_panorama', references: sources(1) }),
    { asked: '3d_panorama' },
  ],
  ['negative.tooLong', picture({ negative: 'x'.repeat(1001) }), { length: 1001, max: 1000 }],
  [
    'prompt.styled.tooLong',
    picture({ prompt: 'x'.repeat(999), preset: { name: 'ink', of: 'own', after: 'ink' } }),
    { length: 1004, max: 1000, own: 999, over: 4, style: 'ink' },
  ],
  [
    'prompt.house.tooLong',
    picture({ model: 'vidu-q2', prompt: 'x'.repeat(999), house: 'rain' }),
    { length: 1013, max: 1000, own: 999, over: 13 },
    'Hunyuan 3.0',
  ],
  [
    'negative.house.tooLong',
    picture({ model: 'kling-3.0', negative: 'x'.repeat(999), house: 'rain' }),
    { length: 1005, max: 1000, house: 4, over: 5 },
    'Vidu q2',
  ],
  [
    'duration.unsupported',
    clip({ model: 'kling-2.1', duration: 8 }),
    { model: 'Kling 2.1', asked: 8, allowed: ['5', '10'], use: 10 },
    'Kling 3.0',
  ],
  [
    'duration.unsupported',
    clip({ duration: 16 }),
    { model: 'Kling 3.0', asked: 16, allowed: ['3–15'], use: 15 },
    'Vidu q3-turbo',
  ],
  ['duration.none', clip({ model: 'hunyuan-1.5', duration: 5 }), { model: 'Hunyuan 1.5' }, 'Kling 3.0'],
  [
    'resolution.unsupported',
    clip({ model: 'hailuo-02', resolution: '720P' }),
    { model: 'Hailuo 02', asked: '720P', allowed: ['768P', '1080P'], use: '768P' },
    'Kling 3.0',
  ],
  [
    'resolution.unsupported',
    clip({ model: 'kling-2.6', resolution: '4K' }),
    { model: 'Kling 2.6', asked: '4K', allowed: ['720P', '1080P'], use: '1080P' },
    'Kling 3.0',
  ],
  ['resolution.none', picture({ model: 'qwen-0925', resolution: '2K' }), { model: 'Qwen 0925' }, 'Kling 3.0'],
  [
    'aspectRatio.unsupported',
    clip({ aspectRatio: '21:9' }),
    { model: 'Kling 3.0', asked: '21:9', allowed: ['16:9', '9:16', '1:1'], use: '16:9' },
    'H2 1.0',
  ],
  [
    'aspectRatio.none',
    clip({ model: 'hailuo-2.3', aspectRatio: '1:1' }),
    { model: 'Hailuo 2.3' },
    'Kling 3.0',
  ],
  [
    'aspectRatio.size',
    picture({ model: 'hunyuan-3.0', aspectRatio: '16:9', size: '1024x1024' }),
    { model: 'Hunyuan 3.0', asked: '16:9', size: '1024x1024', use: '1360x768' },
  ],
  ['aspectRatio.withImage', clip({ aspectRatio: '1:1', image: source }), { model: 'Kling 3.0' }],
  [
    'aspectRatio.withReferences',
    clip({ model: 'kling-o1', aspectRatio: '1:1', references: sources(2) }),
    { model: 'Kling O1' },
    'Vidu q3',
  ],
  ['size.none', picture({ size: '1024x1024' }), { model: 'Kling 3.0' }, 'Hunyuan 3.0'],
  ['size.malformed', picture({ model: 'hunyuan-3.0', size: 'large' }), { asked: 'large', use: '1024x1024' }],
  [
    'size.sides',
    picture({ model: 'hunyuan-3.0', size: '400x800' }),
    { model: 'Hunyuan 3.0', asked: '400x800', min: 512, max: 2048, use: '720x1440' },
    'Qwen 0925',
  ],
  [
    'size.pixels',
    picture({ model: 'hunyuan-3.0', size: '2048x1024' }),
    { model: 'Hunyuan 3.0', asked: '2048x1024', min: 1, max: 1_048_576, use: '1440x720' },
    'Qwen 0925',
  ],
  ['references.none', clip({ references: sources(1) }), { model: 'Kling 3.0' }, 'Kling 3.0-Omni'],
  [
    'references.none',
    clip({ model: 'pixverse-v6', references: sources(1) }),
    { model: 'PixVerse v6' },
    'Kling 3.0-Omni',
  ],
  [
    'references.tooMany',
    picture({ references: sources(5) }),
    { model: 'Kling 3.0', asked: 5, max: 4 },
    'Kling 3.0-Omni',
  ],
  [
    'references.withFrame',
    clip({ model: 'kling-o1', image: source, references: sources(1) }),
    { model: 'Kling O1' },
  ],
  [
    'references.subject',
    picture({ references: [{ ...source, subject: 'fox' }] }),
    { model: 'Kling 3.0' },
    'Vidu q2',
  ],
  [
    'lastImage.none',
    clip({ model: 'hailuo-2.3', image: source, lastImage: source }),
    { model: 'Hailuo 2.3' },
    'Hailuo 02',
  ],
  ['lastImage.alone', clip({ lastImage: source }), {}],
  [
    'lastImage.resolution',
    clip({ model: 'kling-2.1', image: source, lastImage: source }),
    { model: 'Kling 2.1', use: '1080P' },
    'Kling 3.0',
  ],
  ['audio.none', clip({ model: 'kling-2.5', audio: true }), { model: 'Kling 2.5' }, 'Kling 3.0'],
  ['music.none', clip({ music: true }), { model: 'Kling 3.0' }],
  ['offPeak.none', clip({ offPeak: true }), { model: 'Kling 3.0' }, 'Vidu q3-turbo'],
  ['watermark.none', clip({ model: 'pixverse-c1', watermark: true }), { model: 'PixVerse c1' }, 'Kling 3.0'],
  ['scene.none', clip({ scene: 'lip_sync' }), { model: 'Kling 3.0', asked: 'lip_sync' }],
  [
    'scene.unsupported',
    picture({ model: 'hunyuan-3.0', scene: 'moon' }),
    { model: 'Hunyuan 3.0', asked: 'moon', allowed: ['3d_panorama'] },
  ],
  [
    'source.type',
    clip({ image: { ...source, type: 'image/webp' } }),
    { name: 'fox.png', type: 'webp', allowed: ['jpeg', 'png'] },
  ],
  [
    'source.tooLarge',
    picture({ references: [{ ...source, type: 'image/png', bytes: 7_000_000 }] }),
    { name: 'fox.png', megabytes: 7, max: 7 },
  ],
  [
    'aspectRatio.withClip',
    clip({ model: 'kling-o1', aspectRatio: '1:1', clips: [base()] }),
    { model: 'Kling O1' },
  ],
  [
    'audio.withClip',
    clip({ model: 'kling-3.0-omni', audio: true, clips: [base()] }),
    { model: 'Kling 3.0-Omni' },
  ],
  ['clips.none', clip({ clips: [base()] }), { model: 'Kling 3.0' }, 'Kling 3.0-Omni'],
  [
    'clips.tooMany',
    clip({ model: 'kling-o1', clips: [base(), base()] }),
    { model: 'Kling O1', asked: 2, max: 1 },
    'Vidu q2-pro',
  ],
  [
    'clips.tooLong',
    clip({ model: 'kling-o1', clips: [base({ seconds: 12.34 })] }),
    { model: 'Kling O1', name: 'run.mp4', seconds: 12.3, max: 10 },
    'H2 1.0',
  ],
  [
    'clips.tooLong',
    clip({ model: 'vidu-q2-pro', clips: [base({ seconds: 5 }), base({ seconds: 60, cutTo: 6 })] }),
    { model: 'Vidu q2-pro', name: 'run.mp4', seconds: 6, max: 5 },
  ],
  [
    'clips.tooShort',
    clip({ model: 'kling-o1', clips: [base({ seconds: 2 })] }),
    { model: 'Kling O1', name: 'run.mp4', seconds: 2, min: 3 },
    'Vidu q2-pro',
  ],
  ['clips.withFrame', clip({ model: 'kling-o1', image: source, clips: [base()] }), { model: 'Kling O1' }],
  [
    'clips.images',
    clip({ model: 'kling-o1', references: sources(5), clips: [base()] }),
    { model: 'Kling O1', asked: 5, max: 4 },
    'Vidu q2-pro',
  ],
  [
    'clips.withShots',
    clip({ model: 'kling-3.0-omni', shots: 'auto', clips: [base()] }),
    { model: 'Kling 3.0-Omni' },
  ],
  ['shots.none', clip({ model: 'kling-2.1', shots: 'auto' }), { model: 'Kling 2.1' }, 'Kling 3.0'],
  ['shots.tooMany', clip({ shots: Array(7).fill(shot('it runs')) }), { asked: 7, max: 6 }],
  ['shots.missing', clip({ shots: [shot('it runs', 2), shot(' \u200b')] }), { number: 2 }],
  ['shots.tooLong', clip({ shots: [shot('🦊'.repeat(513), 3)] }), { number: 1, length: 513, max: 512 }],
  ['shots.seconds', clip({ shots: [shot('it runs', 3), shot('it sleeps', 0)] }), { number: 2 }],
  ['shots.sum', clip({ duration: 5, shots: [shot('it runs', 4)] }), { sum: 4, asked: 5, use: 4 }],
  // A sum that no clip can have is not suggested as its length.
  [
    'shots.range',
    clip({ duration: 10, shots: [shot('it runs', 4), shot('it sleeps', 12)] }),
    { sum: 16, model: 'Kling 3.0', allowed: ['3–15'] },
  ],
  [
    'shots.range',
    clip({ duration: 16, shots: [shot('it runs', 4), shot('it sleeps', 12)] }),
    { sum: 16, model: 'Kling 3.0', allowed: ['3–15'] },
  ],
  [
    'shots.seconds',
    clip({ duration: 5, shots: [shot('it runs', 2), shot('it sleeps', 2.5)] }),
    { number: 2 },
  ],
  ['scene.needsClip', clip({ scene: 'motion_control', image: source }), { asked: 'motion_control' }],
  ['additional.malformed', picture({ additional: '[1]' }), {}],
  ['additional.malformed', picture({ additional: '{"a":' }), {}],
];

function asCases(list: typeof examples) {
  return list.map(([code, request, params, other]) => ({ code, request, params, other }));
}

describe('problems', () => {
  it.each(asCases(examples))('finds $code, and only that', ({ code, request, params, other }) => {
    const field = code.slice(0, code.indexOf('.'));
    expect(problemsOf(request)).toEqual([{ code, field, params, ...(other && { other }) }]);
  });

  it('has an example of every code', () => {
    expect([...new Set(examples.map(([code]) => code))].sort()).toEqual([...problemCodes].sort());
  });

  it('carries exactly the params that a text can use', () => {
    for (const [code, , params] of examples) {
      const names = new Map<string, readonly string[]>(Object.entries(problemParams)).get(code);
      expect(Object.keys(params).sort()).toEqual([...(names ?? [])].sort());
    }
  });

  it('finds all problems at once', () => {
    const request = clip({ model: 'kling-2.1', duration: 8, audio: true, resolution: '540P', prompt: '' });
    expect(problemsOf(request).map(({ code }) => code)).toEqual([
      'prompt.missing',
      'resolution.unsupported',
      'duration.unsupported',
      'audio.none',
    ]);
  });

  it('names another model only if it accepts the whole request as it is', () => {
    for (const [, request] of examples) {
      for (const { other } of problemsOf(request)) {
        if (other) expect(problemsOf({ ...request, model: other })).toEqual([]);
      }
    }
  });

  it('suggests a value that works', () => {
    for (const [code, request, { use }] of examples) {
      const [field = ''] = code.split('.');
      const name =
        {
          lastImage: 'resolution',
          audio: 'resolution',
          shots: 'duration',
          aspectRatio: code.endsWith('.size') ? 'size' : field,
        }[field] ?? field;
      if (use === undefined) continue;
      const { aspectRatio, ...rest } = request;
      const mended: GenerationRequest = { ...(name === 'size' ? rest : request), [name]: use };
      expect(problemsOf(mended)).toEqual([]);
    }
  });

  it('accepts values just within bounds', () => {
    const fine: readonly GenerationRequest[] = [
      picture({ prompt: '🦊'.repeat(1000) }),
      picture({ prompt: ` ${'x'.repeat(1000)} ` }),
      clip({ prompt: '月'.repeat(2000), duration: 15, resolution: '4K' }),
      picture({ prompt: '', references: sources(1) }),
      clip({ prompt: '', image: source }),
      picture({ model: 'kling-o1', references: sources(10) }),
      clip({ model: 'kling-2.1', image: source, lastImage: source, resolution: '1080P' }),
      clip({ model: 'vidu-q2-pro', references: sources(7), aspectRatio: '9:16' }),
      picture({ references: [{ ...source, type: 'webp', bytes: 6_999_999 }] }),
      clip({ image: { ...source, type: 'image/jpg', bytes: 9_999_999 } }),
      clip({ image: { ...source, bytes: 40_000_000 } }),
      picture({ model: 'hunyuan-3.0', size: '512x2048' }),
      picture({ model: 'hunyuan-3.0', scene: '3d_panorama' }),
      clip({ model: 'kling-2.6', resolution: '1080P', audio: true }),
      clip({ model: 'hailuo-02', resolution: '768P', duration: 10 }),
      clip({ model: 'vidu-q2-pro', image: source, lastImage: source }),
      clip({ model: 'hailuo-h3', lastImage: source, duration: 15, resolution: '4K', audio: true }),
      picture({ model: 'mj-v8.1', references: sources(3), prompt: 'a niji fox --ar 16:9' }),
    ];
    expect(fine.flatMap(problemsOf)).toEqual([]);
  });
});
