import { expect, test } from 'vitest';
import type { CommandOption } from '../src/body-schemas.js';
import { parseCommandName, parseOptions, takeSubcommands } from '../src/client/typed-command.js';

const option = (name: string, type = 3, options?: CommandOption[]): CommandOption => ({
  name,
  type,
  description: name,
  ...(options ? { options } : {}),
});
const imagine = [option('prompt'), option('model'), option('image', 11), option('then_animate')];

test.each([
  ['prompt:a red fox image:./x.png', { prompt: 'a red fox', image: './x.png' }],
  ['prompt:at 10:30: a fox', { prompt: 'at 10:30: a fox' }],
  [
    'prompt:a photo of a supermodel:x model:kling-3.0',
    { prompt: 'a photo of a supermodel:x', model: 'kling-3.0' },
  ],
  ['a red fox model:kling-3.0', { prompt: 'a red fox', model: 'kling-3.0' }],
  ['prompt:a\nb then_animate:"the camera circles"', { prompt: 'a\nb', then_animate: 'the camera circles' }],
  ['prompt:"one" and "two"', { prompt: '"one" and "two"' }],
  ['prompt: 一只红狐狸 ', { prompt: '一只红狐狸' }],
  ['', {}],
  ['colour:red', { colour: 'red' }],
])('reads the options of %j', (rest, values) => {
  expect(parseOptions(imagine, rest)).toEqual(values);
});

test('a line without a slash is not a command', () => {
  expect(parseCommandName('hello /imagine')).toBeUndefined();
  expect(parseCommandName('/imagine prompt:x')).toEqual({ words: ['imagine'], rest: 'prompt:x' });
});

test('sub-commands and groups are stripped', () => {
  const options = [option('image', 2, [option('model', 1, [option('name')])]), option('show', 1)];
  expect(takeSubcommands(options, 'image model name:x')).toEqual({
    path: ['image', 'model'],
    rest: 'name:x',
  });
  expect(takeSubcommands(options, 'show')).toEqual({ path: ['show'], rest: '' });
  expect(takeSubcommands(options, 'other')).toEqual({ path: [], rest: 'other' });
});
