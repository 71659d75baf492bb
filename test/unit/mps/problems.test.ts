import { describe, expect, it } from 'vitest';
import type { GenerationRequest, ImageRequest, VideoRequest } from '../../../src/mps/generation.js';
import { createCatalogue } from '../../../src/mps/models.js';
import { toParameters } from '../../../src/mps/parameters.js';
import { type Problem, problemCodes, problemParams } from '../../../src/mps/problems.js';

const catalogue = createCatalogue();

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
const sources = (count: number) => Array<typeof source>(count).fill(source);

function problemsOf(request: GenerationRequest): readonly Problem[] {
  const outcome = toParameters(request, catalogue);
  return outcome.ok ? [] : outcome.problems;
}

/** Every kind of problem by a request that has just that one. */
const examples: readonly (readonly [string, GenerationRequest, Problem['params'], string?])[] = [
  ['model.unknown', picture({ model: 'dall-e' }), { asked: 'dall-e', use: 'Hunyuan 3.0' }],
  ['prompt.missing', picture({ prompt: ' \n' }), {}],
  ['prompt.missing', clip({ prompt: '', model: 'vidu-q2', references: sources(1) }), {}],
  ['prompt.tooLong', picture({ prompt: 'x'.repeat(1001) }), { length: 1001, max: 1000 }],
  ['prompt.tooLong', clip({ prompt: '🦊'.repeat(2001) }), { length: 2001, max: 2000 }],
  ['negative.tooLong', picture({ negative: 'x'.repeat(1001) }), { length: 1001, max: 1000 }],
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
    'Vidu q3',
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
    picture({ model: 'hunyuan-3.0', aspectRatio: '16:9' }),
    { model: 'Hunyuan 3.0', asked: '16:9', use: '1360x768' },
    'Kling 3.0',
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
    { model: 'Kling 3.0', asked: 5, max: 1 },
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
    clip({ model: 'vidu-q2', image: source, lastImage: source }),
    { model: 'Vidu q2' },
    'Vidu q3-turbo',
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
  ['offPeak.none', clip({ offPeak: true }), { model: 'Kling 3.0' }, 'Vidu q3'],
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

  it('carries exactly the params that a text may use', () => {
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

  it('names another model only when it takes the whole request as it is', () => {
    for (const [, request] of examples) {
      for (const { other } of problemsOf(request)) {
        if (other) expect(problemsOf({ ...request, model: other })).toEqual([]);
      }
    }
  });

  it('gives a value to use that does work', () => {
    for (const [code, request, { use }] of examples) {
      const [field = ''] = code.split('.');
      const name =
        { lastImage: 'resolution', aspectRatio: code.endsWith('.size') ? 'size' : field }[field] ?? field;
      if (use === undefined) continue;
      const { aspectRatio, ...rest } = request;
      const mended: GenerationRequest = { ...(name === 'size' ? rest : request), [name]: use };
      expect(problemsOf(mended)).toEqual([]);
    }
  });

  it('lets through what is just within bounds', () => {
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
      picture({ model: 'hunyuan-3.0', scene: '3d_panorama', size: '512x2048' }),
    ];
    expect(fine.flatMap(problemsOf)).toEqual([]);
  });
});
