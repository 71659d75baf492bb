import { expect, it } from 'vitest';
import { createsOf, type ImageRequest } from '../../../src/mps/generation-request.js';

const fox: ImageRequest = {
  kind: 'image',
  model: 'hunyuan-3.0',
  prompt: 'a fox',
  enhance: false,
  aspectRatio: '16:9',
};

it('leaves an order of one result as it is', () => {
  expect(createsOf(fox)).toEqual([fox]);
});

it('repeats each compared model as often as wanted, and drops options that it does not support', () => {
  const compare = [
    { model: 'hunyuan-3.0' },
    { model: 'kling-3.0', without: ['aspectRatio'] as const, use: { resolution: '2K' } },
  ];
  const { aspectRatio: _left, ...square } = fox;
  expect(createsOf({ ...fox, set: { count: 2, compare } })).toEqual([
    fox,
    fox,
    { ...square, model: 'kling-3.0', resolution: '2K' },
    { ...square, model: 'kling-3.0', resolution: '2K' },
  ]);
});

it('never chains the same clip to each picture', () => {
  const thenAnimate = { kind: 'video', model: 'kling-3.0', prompt: 'it runs', enhance: false } as const;
  const creates = createsOf({ ...fox, thenAnimate, set: { count: 4 } });
  expect(creates).toEqual([fox, fox, fox, fox]);
});
