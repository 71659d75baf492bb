import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type {
  GenerationRequest,
  ImageRequest,
  VideoRequest,
} from '../../../../src/mps/generation-request.js';
import { fixesOf } from '../../../../src/mps/parameters/fixes.js';
import { toParameters } from '../../../../src/mps/parameters/parameters.js';

const catalogue = createCatalogue();
const source = { url: 'https://cdn.discordapp.com/fox.png', name: 'fox.png' };
const base = { prompt: 'a fox', enhance: false };
const picture = (more: Partial<ImageRequest>): ImageRequest => ({
  ...base,
  kind: 'image',
  model: 'hunyuan-3.0',
  ...more,
});
const clip = (more: Partial<VideoRequest>): VideoRequest => ({
  ...base,
  kind: 'video',
  model: 'kling-3.0',
  ...more,
});
const usesOf = (request: GenerationRequest) => fixesOf(request, catalogue).map(({ uses }) => uses);

function picturesIn(request: GenerationRequest): number {
  const { image, lastImage } = request.kind === 'video' ? request : {};
  return [image, lastImage, ...(request.references ?? [])].filter(Boolean).length;
}

describe('fixes', () => {
  it.each<[string, GenerationRequest, readonly unknown[]]>([
    [
      'the nearest length',
      clip({ model: 'kling-2.1', duration: 8 }),
      [{ key: 'card.seconds', params: { seconds: 10 } }],
    ],
    ['the size of a ratio', picture({ aspectRatio: '16:9', size: '1024x1024' }), ['1360x768']],
    ['the nearest ratio', clip({ aspectRatio: '3:2' }), ['16:9']],
    ['one value a field', picture({ aspectRatio: '9:1', size: '1x1' }), ['21:9', '1552x656']],
    ['a model there is', picture({ model: 'dall-e' }), ['Hunyuan 3.0']],
    ['leaving out a ratio where a picture has one', clip({ image: source, aspectRatio: '16:9' }), []],
  ])('use %s', (_, request, uses) => {
    expect(usesOf(request)[0]).toEqual(uses);
  });

  it('leave valid values alone, and what only the user can correct', () => {
    expect(fixesOf(picture({}), catalogue)).toEqual([]);
    expect(fixesOf(picture({ prompt: '' }), catalogue)).toEqual([]);
    expect(fixesOf(picture({ prompt: 'fox '.repeat(2000) }), catalogue)).toEqual([]);
  });

  it.each<[string, GenerationRequest]>([
    ['references', clip({ model: 'kling-2.1', references: [source], duration: 8 })],
    ['a last frame', clip({ model: 'hailuo-2.3', image: source, lastImage: source, duration: 8 })],
    ['a first frame', clip({ model: 'os-2.0', image: source, duration: 9 })],
    ['references of a scene', picture({ scene: '3d_panorama', references: [source], aspectRatio: '9:1' })],
  ])('never leave out %s under a label that names only a value', (_, request) => {
    const listed = createCatalogue({ extra: ['os-2.0'] });
    for (const fix of fixesOf(request, listed).filter(({ uses }) => uses.length > 0))
      expect(picturesIn(fix.request)).toBe(picturesIn(request));
  });

  it('can drop a picture alone: the label says so', () => {
    const [fix] = fixesOf(clip({ model: 'hailuo-2.3', image: source, lastImage: source }), catalogue);
    expect(fix).toMatchObject({ uses: [], request: { image: source } });
    expect(fix?.request).not.toHaveProperty('lastImage');
  });

  it('are always accepted as they are', () => {
    const asked = fc.record(
      {
        duration: fc.constantFrom(1, 4, 5, 8, 10, 15, 40),
        resolution: fc.constantFrom('480P', '720P', '768P', '1080P', '4K'),
        aspectRatio: fc.constantFrom('16:9', '9:1', '4:5'),
        image: fc.constant(source),
        lastImage: fc.constant(source),
        references: fc.constantFrom([source], Array<typeof source>(8).fill(source)),
        audio: fc.boolean(),
        music: fc.boolean(),
        offPeak: fc.boolean(),
        watermark: fc.boolean(),
        scene: fc.constant('nowhere'),
      },
      { requiredKeys: [] },
    );
    const models = fc.constantFrom(...catalogue.list('video').map(({ id }) => id));
    const images = fc.record(
      {
        size: fc.constantFrom('1024x1024', '1x1', 'large', '9000x9000'),
        resolution: fc.constantFrom('720P', '4K'),
        aspectRatio: fc.constantFrom('16:9', '9:1', '1:1'),
        references: fc.constantFrom([source], Array<typeof source>(12).fill(source)),
        scene: fc.constantFrom('3d_panorama', 'nowhere'),
      },
      { requiredKeys: [] },
    );
    const painters = fc.constantFrom(...catalogue.list('image').map(({ id }) => id), 'nobody');
    const areTaken = (request: GenerationRequest) => {
      for (const fix of fixesOf(request, catalogue)) {
        expect(toParameters(fix.request, catalogue).ok).toBe(true);
        expect(fix.request.prompt).toBe(request.prompt);
      }
    };
    fc.assert(
      fc.property(asked, models, (more, model) => areTaken(clip({ ...more, model }))),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(images, painters, (more, model) => areTaken(picture({ ...more, model }))),
      {
        numRuns: 300,
      },
    );
  });
});
