import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type { AppliedPreset, GenerationRequest } from '../../../../src/mps/generation-request.js';
import { wordsFor } from '../../../../src/mps/parameters/final-words.js';
import { toParameters } from '../../../../src/mps/parameters/parameters.js';

const ink: AppliedPreset = { name: 'ink', of: 'server', before: 'Ink painting of', after: 'on rice paper' };
const fox = { kind: 'image', model: 'kling-3.0', prompt: 'a red fox', enhance: true } as const;
const reading = (negative: boolean, ratioInPrompt = false) => ({ negative, ratioInPrompt });

describe('the words that a model is told', () => {
  it.each<[string, Partial<GenerationRequest>, boolean, string, string]>([
    ['the user’s alone', {}, true, 'a red fox', ''],
    ['with a style', { preset: ink }, true, 'Ink painting of a red fox, on rice paper', ''],
    ['of a sentence', { prompt: 'A fox.', preset: ink }, true, 'Ink painting of A fox. on rice paper', ''],
    [
      'in Chinese',
      { prompt: '一只狐狸', preset: { ...ink, before: '水墨画：', after: '宣纸' } },
      true,
      '水墨画： 一只狐狸，宣纸',
      '',
    ],
    ['with what the server excludes', { house: 'blood', negative: 'rain' }, true, 'a red fox', 'rain, blood'],
    [
      'where there is no negative prompt',
      { house: 'blood', negative: 'rain' },
      false,
      'a red fox. Without blood',
      'rain',
    ],
    [
      'in Chinese, where there is none',
      { prompt: '狐狸', house: '血腥' },
      false,
      '狐狸。 不要出现：血腥',
      '',
    ],
    ['without any of the user’s', { prompt: ' ', house: 'blood' }, false, 'Without blood', ''],
    [
      'all of it',
      { preset: ink, house: 'blood' },
      false,
      'Ink painting of a red fox, on rice paper. Without blood',
      '',
    ],
  ])('are %s', (_, more, heeds, prompt, negative) => {
    const request = { ...fox, ...more } as GenerationRequest;
    expect(wordsFor(request, reading(heeds))).toEqual({ prompt, negative });
  });

  it('stand before the options that a model reads in its prompt', () => {
    const request = { ...fox, prompt: 'a fox --stylize 50', preset: ink, house: 'blood' };
    expect(wordsFor(request, reading(false, true)).prompt).toBe(
      'Ink painting of a fox, on rice paper. Without blood --stylize 50',
    );
  });
});

describe('an order with a style, or where something is excluded', () => {
  const catalogue = createCatalogue();
  const codes = (request: GenerationRequest) => {
    const outcome = toParameters(request, catalogue);
    return outcome.ok ? [] : outcome.problems.map(({ code, params }) => [code, params]);
  };

  it('tells the model all of it', () => {
    expect(toParameters({ ...fox, preset: ink, house: 'blood' }, catalogue)).toMatchObject({
      parameters: { body: { Prompt: 'Ink painting of a red fox, on rice paper', NegativePrompt: 'blood' } },
    });
  });

  it('is as long as it is in the end, and its refusal says what to shorten', () => {
    const prompt = 'x'.repeat(980);
    expect(codes({ ...fox, prompt })).toEqual([]);
    expect(codes({ ...fox, prompt, preset: ink })).toEqual([
      ['prompt.styled.tooLong', { length: 1011, max: 1000, own: 980, over: 11, style: 'ink' }],
    ]);
    expect(codes({ ...fox, model: 'vidu-q2', prompt, house: 'blood and gore' })).toEqual([
      ['prompt.house.tooLong', { length: 1004, max: 1000, own: 980, over: 4 }],
    ]);
    expect(codes({ ...fox, negative: prompt, house: 'y'.repeat(30) })).toEqual([
      ['negative.house.tooLong', { length: 1012, max: 1000, house: 30, over: 12 }],
    ]);
    expect(codes({ ...fox, prompt: 'x'.repeat(1001), preset: ink })).toEqual([
      ['prompt.tooLong', { length: 1001, max: 1000 }],
    ]);
  });
});
