import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Chosen,
  chosenIn,
  formatChosen,
  kindsMeant,
  parseWritten,
} from '../../../../src/discord/input/inline-options.js';
import { optionNames } from '../../../../src/discord/input/option-table.js';
import { aVideoRequest } from '../../../support/tasks.js';

describe('options within a line', () => {
  it.each<[string, string, Chosen]>([
    ['she turns and smiles', 'she turns and smiles', {}],
    ['she turns --model kling-3.0', 'she turns', { model: 'kling-3.0' }],
    ['--duration 10 she turns --audio', 'she turns', { duration: 10, audio: true }],
    ['a fox --ar 9:16 --size=1024x1024', 'a fox', { aspectRatio: '9:16', size: '1024x1024' }],
    ['a fox —ar 9:16 —audio', 'a fox', { aspectRatio: '9:16', audio: true }],
    ['a fox --no-audio --no-enhance', 'a fox', { audio: false, enhance: false }],
    ['a fox --negative "rain, no people" --music', 'a fox', { negative: 'rain, no people', music: true }],
    ['a fox --no rain and snow --d 5s', 'a fox', { negative: 'rain and snow', duration: 5 }],
    ['a fox --model “Kling 3.0” runs', 'a fox runs', { model: 'Kling 3.0' }],
    ['a fox --negative „Regen, Menschen“ --music', 'a fox', { negative: 'Regen, Menschen', music: true }],
    ['a fox --negative „ludzie, deszcz” runs', 'a fox runs', { negative: 'ludzie, deszcz' }],
    ['un renard --negative «\u202fla pluie\u202f» court', 'un renard court', { negative: 'la pluie' }],
    ['狐 --negative 「雨、人」 が走る', '狐 が走る', { negative: '雨、人' }],
    ['a fox --negative ‘people’s hats’ --music', 'a fox', { negative: '‘people’s hats’', music: true }],
    ["it's late --model 'Kling 3.0'", "it's late", { model: 'Kling 3.0' }],
    [
      'A FOX --OFF_PEAK --Res 1080p --format JPG',
      'A FOX',
      {
        offPeak: true,
        resolution: '1080P',
        format: 'jpeg',
      },
    ],
    ['雪地里的红狐狸 --ar 16:9', '雪地里的红狐狸', { aspectRatio: '16:9' }],
    ['狐狸 --比例 16:9 --模型 可灵3.0', '狐狸', { aspectRatio: '16:9', model: '可灵3.0' }],
    ['in winter --image', 'in winter', { as: 'image' }],
    ['a fox --count 4 --then it runs --pick 2', 'a fox', { count: 4, thenAnimate: 'it runs', pick: 2 }],
    ['雪地里的红狐狸 --张数 3', '雪地里的红狐狸', { count: 3 }],
    ['a fox --compare a-1,b-2', 'a fox', { compare: ['a-1', 'b-2'] }],
    ['--compare a-1, b-2， c-3 a fox', 'b-2， c-3 a fox', { compare: ['a-1'] }],
    ['--compare "A 1, b-2" a fox', 'a fox', { compare: ['A 1', 'b-2'] }],
  ])('%s', (line, words, chosen) => {
    expect(parseWritten(line)).toEqual({ words, chosen, faults: [] });
  });

  it.each<[string, string, readonly string[]]>([
    ['--compare Kling 3.0, hunyuan-3.0 a fox, in snow', 'a fox, in snow', ['Kling 3.0', 'hunyuan-3.0']],
    ['a fox --compare hunyuan-3.0,Kling 3.0', 'a fox', ['hunyuan-3.0', 'Kling 3.0']],
    ['--compare hunyuan-3.0, a fox', 'a fox', ['hunyuan-3.0']],
    ['--compare hunyuan-3.0,klingg a fox', 'a fox', ['hunyuan-3.0', 'klingg']],
    ['--compare 可灵 Kling 3.0、hunyuan-3.0 --count 2 狐狸', '狐狸', ['可灵 Kling 3.0', 'hunyuan-3.0']],
  ])('know models that are compared, also with blanks in their names: %s', (line, words, compare) => {
    const models = ['hunyuan-3.0', 'Kling 3.0', '可灵 Kling 3.0'];
    const read = parseWritten(line, (text) => models.includes(text));
    expect(read).toMatchObject({ words, chosen: { compare }, faults: [] });
  });

  it.each(['a fox -- running', 'a fox — running —fast', 'semi-final', 'x--ar', '-ar 16:9', '--'])(
    'are not recognised in %s',
    (line) => {
      expect(parseWritten(line)).toEqual({ words: line, chosen: {}, faults: [] });
    },
  );

  it('that are unknown are answered with the known ones', () => {
    expect(parseWritten('a fox --sparkle high').faults).toEqual([
      { key: 'grammar.unknown', params: { asked: '--sparkle', options: optionNames } },
    ]);
    expect(optionNames).toContain('--duration');
  });

  it.each([
    ['a fox --duration long', { option: '--duration', asked: 'long', example: '10' }],
    ['a fox --ar wide', { option: '--ar', asked: 'wide', example: '9:16' }],
    ['a fox --count 0', { option: '--count', asked: '0', example: '4' }],
    ['a fox --count many', { option: '--count', asked: 'many', example: '4' }],
    ['a fox --format gif', { option: '--format', asked: 'gif', example: 'png' }],
  ])('whose value is none are answered with one that is: %s', (line, params) => {
    expect(parseWritten(line).faults).toEqual([{ key: 'grammar.value', params }]);
  });

  it.each(['a fox --model', 'a fox --model --audio', 'a fox --model ""'])('need a value: %s', (line) => {
    expect(parseWritten(line).faults).toMatchObject([{ key: 'grammar.missing' }]);
  });

  it('name their kind', () => {
    expect([...kindsMeant({ duration: 5 })]).toEqual(['video']);
    expect([...kindsMeant({ size: '1024x1024' })]).toEqual(['image']);
    expect([...kindsMeant({ model: 'kling-3.0', aspectRatio: '1:1' })]).toEqual([]);
  });
});

describe('options written as a line', () => {
  it('are those of a request', () => {
    const request = aVideoRequest({ audio: true, aspectRatio: '16:9', negative: 'heavy rain' });
    expect(formatChosen(chosenIn(request))).toBe(
      '--model kling-3.0 --duration 5 --ar 16:9 --audio --negative "heavy rain" --no-enhance',
    );
  });

  it('parse back to the same, whatever was chosen', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9. -]{0,12}$/).map((text) => text.trim());
    const chosen = fc.record(
      {
        model: word,
        negative: fc
          .oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[„«»「」『』‘’"' a]{1,6}$/u))
          .map((text) => text.replace(/[”“]/g, '').trim())
          .filter(Boolean),
        aspectRatio: fc.constantFrom('16:9', '1:1'),
        size: fc.constantFrom('1024x768'),
        resolution: fc.constantFrom('720P', '4K'),
        duration: fc.integer({ min: 1, max: 60 }),
        audio: fc.boolean(),
        music: fc.boolean(),
        offPeak: fc.boolean(),
        enhance: fc.boolean(),
        format: fc.constantFrom('png' as const, 'jpeg' as const),
        scene: word,
        count: fc.integer({ min: 1, max: 99 }),
        pick: fc.integer({ min: 1, max: 99 }),
        compare: fc.array(word, { minLength: 1, maxLength: 4 }),
        watermark: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(chosen, (one) => {
        const read = parseWritten(formatChosen(one));
        expect(read).toEqual({ words: '', chosen: one, faults: [] });
      }),
    );
  });
});
