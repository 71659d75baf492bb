import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandBody } from '@easel/discord-stand-in';
import { ClientRefusal } from '@easel/discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CompletionDeps, complete } from '../../src/terminal/completion.js';

const commands: CommandBody[] = [
  {
    name: 'animate',
    description: 'Make a clip',
    description_localizations: { 'zh-CN': '制作短片' },
    options: [
      { type: 3, name: 'prompt', description: 'What happens' },
      { type: 11, name: 'image', description: 'The first picture' },
      { type: 3, name: 'model', description: 'Which model', autocomplete: true },
      { type: 4, name: 'duration', description: 'Seconds', autocomplete: true },
      { type: 5, name: 'audio', description: 'Sound' },
      {
        type: 3,
        name: 'format',
        description: 'File',
        choices: [
          { name: 'PNG', value: 'png' },
          { name: 'jpeg', value: 'jpeg' },
        ],
      },
    ],
  },
  {
    name: 'settings',
    description: 'Settings',
    options: [
      {
        type: 2,
        name: 'quota',
        description: 'Quotas',
        options: [
          {
            type: 1,
            name: 'set',
            description: 'Sets one',
            options: [{ type: 5, name: 'on', description: 'On' }],
          },
        ],
      },
    ],
  },
];

let asked: unknown[];
const deps: CompletionDeps = {
  commands: () => commands,
  buttons: () => ['Again', 'Try again'],
  apps: () => ['Animate'],
  locale: 'en-US',
  async choices(command, options, focused) {
    asked.push([command, options, focused]);
    if (focused === 'duration') throw new ClientRefusal('duration takes a whole number');
    return [
      { name: 'Kling 3.0: 4K', value: 'kling-3.0' },
      { name: 'kling-o1', value: 'kling-o1' },
    ];
  },
};
beforeEach(() => {
  asked = [];
});

async function texts(line: string, more: Partial<CompletionDeps> = {}): Promise<string[]> {
  return (await complete(line, { ...deps, ...more })).candidates.map(({ text }) => text);
}

describe('completion', () => {
  it.each([
    [
      '',
      [
        '/animate ',
        '/settings ',
        'press:Again',
        'press:Try again',
        'apps:Animate prompt:',
        'reply:last @Easel ',
        'help',
        'exit',
      ],
    ],
    ['/a', ['/animate ']],
    ['/x', []],
    ['/nope ', []],
    ['press:t', ['press:Try again']],
    ['ex', ['exit']],
    ['/animate ', ['prompt:', 'image:', 'model:', 'duration:', 'audio:', 'format:']],
    ['/animate prompt:it runs ', ['image:', 'model:', 'duration:', 'audio:', 'format:']],
    ['/animate prompt:it runs mo', ['model:']],
    ['/animate prompt:it', []],
    ['/animate audio:', ['true ', 'false ']],
    ['/animate audio:t', ['true ']],
    ['/animate audio:true p', ['prompt:']],
    ['/animate format:p', ['png ']],
    ['/animate model:kling-3.0 ', ['prompt:', 'image:', 'duration:', 'audio:', 'format:']],
    ['/settings ', ['quota ']],
    ['/settings quota ', ['set ']],
    ['/settings quota set ', ['on:']],
    ['/settings quota set on:f', ['false ']],
  ])('offers after %j: %j', async (line, expected) => {
    expect(await texts(line)).toEqual(expected);
  });

  it('asks the bot for options that it autocompletes, with the other options but no files', async () => {
    const line = '/animate image:./cat.png prompt:it runs model:Kling 3';
    expect(await complete(line, deps)).toEqual({
      candidates: [
        { text: 'kling-3.0 ', hint: 'Kling 3.0: 4K' },
        { text: 'kling-o1 ', hint: '' },
      ],
      typed: 'Kling 3',
    });
    expect(asked).toEqual([['animate', { prompt: 'it runs', model: 'Kling 3' }, 'model']]);
  });

  it('offers nothing when Discord would not ask', async () => {
    expect(await texts('/animate duration:x')).toEqual([]);
  });

  it("is in the user's language", async () => {
    expect(await complete('/an', { ...deps, locale: 'zh-CN' })).toMatchObject({
      candidates: [{ hint: '制作短片' }],
    });
  });
});

describe('completion of a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'easel-completion-'));
    await mkdir(join(folder, 'cats'));
    await Promise.all(['cat one.png', '.cat', 'dog.png'].map((name) => writeFile(join(folder, name), '')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lists existing files', async () => {
    const line = (typed: string) => `/animate prompt:it runs image:${typed}`;
    expect((await texts(line(`${folder}/c`))).sort()).toEqual([`${folder}/cat one.png `, `${folder}/cats/`]);
    expect(await texts(line(`${folder}/cat o`))).toEqual([`${folder}/cat one.png `]);
    expect(await texts(line(`${folder}/.`))).toEqual([`${folder}/.cat `]);
    expect(await texts(line(`${folder}/none/`))).toEqual([]);
  });

  it('knows the last picture', async () => {
    expect(await texts('/animate image:la')).toEqual(['last ']);
  });
});
