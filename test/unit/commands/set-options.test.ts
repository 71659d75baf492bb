import { describe, expect, it } from 'vitest';
import { completeCompare } from '../../../commands/shared/compare-autocomplete.js';
import { requestOf } from '../../../commands/shared/request-builder.js';
import { setOf } from '../../../commands/shared/set-options.js';
import type { Chosen } from '../../../src/discord/input/inline-options.js';
import { createsOf } from '../../../src/mps/generation-request.js';
import { offer } from './offer.js';

const written = (chosen: Chosen, kind: 'image' | 'video' = 'image') =>
  requestOf(kind, { words: 'a fox', chosen, pictures: [] }, offer);

describe('several results of one order', () => {
  it('are a set; one is an order as ever', () => {
    expect(written({ count: 4 })).toMatchObject({ model: 'hunyuan-3.0', set: { count: 4 } });
    expect(written({ count: 1 })).not.toHaveProperty('set');
    expect(written({ count: 1, pick: 1 })).not.toHaveProperty('set');
  });

  it('of several models are named by the first, a model of its own before all, and each once', () => {
    const set = (chosen: Chosen) => setOf('image', chosen, offer);
    expect(set({ compare: ['Kling 3.0', 'hunyuan-3.0', '可灵3.0'], count: 2 })).toEqual({
      model: 'kling-3.0',
      set: { count: 2, compare: [{ model: 'kling-3.0' }, { model: 'hunyuan-3.0' }] },
    });
    expect(set({ model: 'qwen-0925', compare: ['kling-3.0'] })).toMatchObject({
      model: 'qwen-0925',
      set: { compare: [{ model: 'qwen-0925' }, { model: 'kling-3.0' }] },
    });
  });

  it.each([[['kling-3.0']], [['kling-3.0', 'Kling 3.0']], [['a', 'b', 'c', 'd', 'e']]])(
    'need two to four models: %j',
    (compare) => {
      expect(() => setOf('image', { compare }, offer)).toThrow('problem.set.compare');
    },
  );

  it('of models that make clips of other lengths have the usual length of each', () => {
    const request = written({ compare: ['kling-3.0', 'hailuo-2.3'] }, 'video');
    expect(request).not.toHaveProperty('duration');
    expect(createsOf(request)).toMatchObject([
      { model: 'kling-3.0', duration: 5 },
      { model: 'hailuo-2.3', duration: 6 },
    ]);
    const asked = written({ compare: ['kling-3.0', 'hailuo-2.3'], duration: 10 }, 'video');
    expect(createsOf(asked)).toMatchObject([{ duration: 10 }, { duration: 10 }]);
  });

  it('are pictures; the clip that follows is one', () => {
    expect(() => written({ count: 2 }, 'video')).toThrow('grammar.mixed');
    expect(() => written({ thenAnimate: 'it runs --compare kling-3.0,kling-2.1' })).toThrow(
      'problem.set.clip',
    );
    expect(written({ count: 3, thenAnimate: 'it runs', pick: 2 })).toMatchObject({
      set: { count: 3, pick: 2 },
      thenAnimate: { prompt: 'it runs' },
    });
  });
});

describe('the list of models to compare', () => {
  const all = offer.catalogue.list('image');
  const rows = (typed: string) => completeCompare(all, typed).map(({ value }) => value);

  it('grows by one at a time', () => {
    expect(rows('').slice(0, 2)).toEqual(all.slice(0, 2).map(({ id }) => id));
    expect(rows('hunyuan-3.0, kling')).toContain('hunyuan-3.0, kling-3.0');
    expect(rows('hunyuan-3.0')).toContain('hunyuan-3.0, kling-3.0');
    expect(rows('可灵3.0, hunyuan-3.0')[0]).toBe('kling-3.0, hunyuan-3.0');
  });

  it('names a model once, and four at most', () => {
    for (const row of rows('hunyuan-3.0, ')) expect(row).not.toBe('hunyuan-3.0, hunyuan-3.0');
    const four = all
      .slice(0, 4)
      .map(({ id }) => id)
      .join(', ');
    expect(rows(four)).toEqual([four]);
    expect(rows(`${four}, k`)).toEqual([]);
  });

  it('is put into the field by its name, where the user goes on typing', () => {
    for (const typed of ['', 'hunyuan-3.0, ', 'k'])
      for (const { name, value } of completeCompare(all, typed)) expect(name).toBe(value);
  });
});
