import { describe, expect, it } from 'vitest';
import { unlistedIds } from '../../../../src/mps/catalogue/catalogue.js';
import type { VideoRequest } from '../../../../src/mps/generation-request.js';
import { problemsOf } from '../../../../src/mps/parameters/validation.js';
import { catalogue, count, modesAreAsInTheFacts, picture, requestFor } from './modes-grid.js';

// modes.long.test.ts tries all of them at once.
describe('every combination of beginning and two of length, resolution, sound and ratio', () => {
  modesAreAsInTheFacts(2);
});

it('off-peak and a watermark are accepted by the models that the facts name', () => {
  for (const model of catalogue.list('video')) {
    const request = requestFor(model.id, {
      beginning: model.text ? 'text' : model.firstFrame ? 'first' : 'one',
    });
    const takesIt = (more: Partial<VideoRequest>) => problemsOf({ ...request, ...more }, model).length === 0;
    expect(takesIt({ offPeak: true }), model.label).toBe(model.name === 'Vidu');
    const marked = ['Hailuo', 'Kling', 'Vidu', 'H2'];
    expect(takesIt({ watermark: true }), model.label).toBe(marked.includes(model.name));
  }
});

it('subjects are accepted by Vidu alone, and not by q3-mix', () => {
  for (const model of catalogue.list('video').filter(({ references }) => references > 0)) {
    const references = [{ ...picture, subject: 'fox' }];
    const problems = problemsOf({ ...requestFor(model.id, { beginning: 'text' }), references }, model);
    expect(problems.length === 0, model.label).toBe(model.name === 'Vidu' && model.version !== 'q3-mix');
  }
});

describe('pictures', () => {
  it.each([
    ['hunyuan-3.0', 3],
    ['qwen-0925', 9],
    ['vidu-q2', 7],
    ['kling-2.1', 4],
    ['kling-3.0', 4],
    ['kling-o1', 10],
    ['kling-3.0-omni', 10],
    ['og-image2-high', 20],
    ['gem-3.1', 20],
    ['seedream-5.0-lite', 20],
    ['mj-v7', 3],
  ])('%s takes %i references and not one more', (id, most) => {
    const model = catalogue.find('image', id);
    const codes = (references: number) =>
      model &&
      problemsOf(
        { kind: 'image', model: id, prompt: 'a fox', enhance: true, ...count(references) },
        model,
      ).map(({ code }) => code);
    expect(codes(most)).toEqual([]);
    expect(codes(most + 1)).toEqual(['references.tooMany']);
  });
});

it('Wan is offered nowhere, not even unlisted', () => {
  expect(unlistedIds.filter((id) => id.startsWith('wan'))).toEqual([]);
  for (const kind of ['image', 'video'] as const)
    expect(catalogue.list(kind).filter(({ name }) => name === 'Wan')).toEqual([]);
});
