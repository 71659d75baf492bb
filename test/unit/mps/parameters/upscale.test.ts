import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { toParameters } from '../../../../src/mps/parameters/parameters.js';
import { nameOf, sharpened, sharperThan } from '../../../../src/mps/parameters/upscale.js';
import { anImageRequest, aVideoRequest } from '../../../support/tasks.js';

const catalogue = createCatalogue();
const picture = { url: 'https://cdn.discordapp.com/fox.png', name: 'fox.png' };
const stepFrom = (request: Parameters<typeof sharperThan>[0]) => {
  const sharper = sharperThan(request, catalogue);
  return sharper && nameOf(sharper);
};

describe('an upscale of a clip', () => {
  it.each([
    ['kling-3.0', undefined, '1080P'],
    ['kling-3.0', '720P', '1080P'],
    ['kling-3.0', '1080P', '4K'],
    ['kling-3.0', '4K', undefined],
    ['kling-2.5', '1080P', undefined],
    ['vidu-q2', '540P', '720P'],
    // Its own is the highest it has.
    ['h2-1.0', undefined, undefined],
    ['hunyuan-1.5', undefined, undefined],
    ['gone-1.0', '720P', undefined],
  ])('of %s at %s is %s', (model, resolution, expected) => {
    expect(stepFrom(aVideoRequest({ model, ...(resolution && { resolution }) }))).toBe(expected);
  });

  it('is unavailable if the model lacks the resolution at that length', () => {
    expect(stepFrom(aVideoRequest({ model: 'hailuo-02', duration: 6 }))).toBe('1080P');
    expect(stepFrom(aVideoRequest({ model: 'hailuo-02', duration: 10 }))).toBeUndefined();
  });

  it('skips a resolution that does not go with the rest', () => {
    const order = aVideoRequest({ model: 'pixverse-v5.6', duration: 10, resolution: '540P' });
    expect(stepFrom(order)).toBe('720P');
    expect(stepFrom({ ...order, resolution: '720P' })).toBeUndefined();
  });

  it('is the same order at that resolution', () => {
    const request = aVideoRequest({ image: picture, audio: true, duration: 7 });
    const sharper = sharperThan(request, catalogue);
    expect(sharper && sharpened(request, sharper)).toEqual({ ...request, resolution: '1080P' });
  });
});

describe('an upscale of a picture', () => {
  it.each([
    // Its own default is undocumented: only what is surely more counts.
    ['kling-3.0', {}, '2K'],
    ['kling-3.0', { resolution: '720P' }, '1080P'],
    ['kling-3.0', { resolution: '2K' }, '4K'],
    ['kling-3.0', { resolution: '4K' }, undefined],
    ['vidu-q2', { resolution: '1080P' }, '2K'],
    ['hunyuan-3.0', {}, undefined],
    ['hunyuan-3.0', { size: '512x512' }, '1024x1024'],
    ['hunyuan-3.0', { size: '1024x1024' }, undefined],
    ['hunyuan-3.0', { size: '1024x768' }, undefined],
    ['qwen-0925', { size: '1024x1024' }, '2048x2048'],
    ['hunyuan-3.0', { size: '512x512', scene: '3d_panorama' }, undefined],
    ['gone-1.0', { resolution: '720P' }, undefined],
  ])('of %s with %j is %s', (model, changes, expected) => {
    expect(stepFrom(anImageRequest({ model, ...changes }))).toBe(expected);
  });

  it('is made from the picture itself, with the same prompt and nothing added', () => {
    const request = anImageRequest({ model: 'kling-3.0', references: [{ ...picture, name: 'old.png' }] });
    const sharper = sharperThan(request, catalogue);
    expect(sharper && sharpened(request, sharper, picture)).toEqual({
      ...request,
      resolution: '2K',
      enhance: false,
      references: [picture],
    });
  });

  it('requires a model that takes a reference', () => {
    const own = createCatalogue({
      models: [
        {
          kind: 'image',
          name: 'Own',
          version: '1',
          references: 0,
          watermark: false,
          aspectRatios: [],
          resolutions: ['720P', '4K'],
        },
      ],
    });
    expect(sharperThan(anImageRequest({ model: 'own-1', resolution: '720P' }), own)).toBeUndefined();
  });
});

it('is always accepted by MPS', () => {
  const kinds = ['image', 'video'] as const;
  const requests = kinds.flatMap((kind) =>
    catalogue.list(kind).flatMap(({ id: model, resolutions }) =>
      [undefined, ...resolutions].map((resolution) => {
        const changes = { model, ...(resolution && { resolution }) };
        if (kind === 'image') return anImageRequest(changes);
        const { duration: _none, ...request } = aVideoRequest(changes);
        return request;
      }),
    ),
  );
  for (const request of requests) {
    const sharper = sharperThan(request, catalogue);
    const order = sharper && sharpened(request, sharper, picture);
    if (order) expect(toParameters(order, catalogue), nameOf(sharper)).toMatchObject({ ok: true });
  }
});
