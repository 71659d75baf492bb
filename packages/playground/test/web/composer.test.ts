import { describe, expect, it } from 'vitest';
import type { Command, CommandOption, Surroundings } from '../../src/page/wire.js';
import { called, entriesOf, matching, optionTypes, valuesIn } from '../../web/compose/command-entries.js';
import { check, empty, rowsOf } from '../../web/compose/option-validation.js';
import { wordsFor } from '../../web/texts.js';

const words = wordsFor('en-US');

function option(name: string, type: number, more: Partial<CommandOption> = {}): CommandOption {
  return { name, type, description: `${name} of it`, ...more };
}

const imagine: Command = {
  type: 1,
  name: 'imagine',
  description: 'Paint',
  description_localizations: { 'zh-CN': '画' },
  options: [
    option('prompt', optionTypes.string, { required: true, max_length: 10 }),
    option('aspect_ratio', optionTypes.string, { name_localizations: { 'zh-CN': '比例' } }),
  ],
};
const quota: Command = {
  type: 1,
  name: 'quota',
  description: 'Quotas',
  options: [option('show', 1), option('set', 1, { options: [option('amount', optionTypes.integer)] })],
};
const animate: Command = { type: 3, name: 'Animate', description: '', options: [] };
const entries = entriesOf([imagine, quota, animate], 'en-US');

describe('the list of commands', () => {
  it('has an entry for each sub-command, and none for message commands', () => {
    expect(entries.map(({ name }) => name)).toEqual(['imagine', 'quota show', 'quota set']);
  });

  it("is in the user's language", () => {
    expect(entriesOf([imagine], 'zh-CN')[0]?.description).toBe('画');
  });

  it('shows matches at the start before matches inside', () => {
    expect(matching(entries, 's').map(({ name }) => name)).toEqual(['quota show', 'quota set']);
    expect(matching(entries, 'quota se').map(({ name }) => name)).toEqual(['quota set']);
  });

  it('closes once a name is complete, and what follows goes to its options', () => {
    expect(called(entries, '/imagine')).toBeUndefined();
    expect(called(entries, '/quota ')).toBeUndefined();
    const found = called(entries, '/imagine a fox aspect_ratio:16:9');
    expect(found && valuesIn(found.entry, found.rest)).toEqual({ prompt: 'a fox', aspect_ratio: '16:9' });
    expect(called(entries, '/quota show\n')?.entry.name).toBe('quota show');
  });

  it.each([
    ['aspect_ratio:16:9 prompt:a fox', { prompt: 'a fox', aspect_ratio: '16:9' }],
    ['a fox: red 比例：16:9', { prompt: 'a fox: red', aspect_ratio: '16:9' }],
    ['prompt:"a fox" ', { prompt: 'a fox' }],
    ['"a fox"', { prompt: 'a fox' }],
    ['a colour:red fox', { prompt: 'a colour:red fox' }],
  ])('options are written in any order and language: %s', (line, values) => {
    const found = called(entries, `/imagine ${line}`);
    expect(found && valuesIn(found.entry, found.rest)).toEqual(values);
  });
});

describe("an option's value", () => {
  it.each([
    [option('n', optionTypes.integer, { min_value: 1, max_value: 5 }), '0', 'Must be 1 or more.'],
    [option('n', optionTypes.integer, { min_value: 1, max_value: 5 }), '6', 'Must be 5 or less.'],
    [option('n', optionTypes.integer), '1.5', 'Enter a whole number.'],
    [option('n', optionTypes.number), 'many', 'Enter a number.'],
    [option('s', optionTypes.string, { max_length: 3 }), 'four', 'Must be 3 characters or fewer.'],
    [option('s', optionTypes.string, { min_length: 3 }), 'no', 'Must be 3 characters or more.'],
    [option('s', optionTypes.string, { required: true }), ' ', 'This option is required. Specify a value.'],
    [
      option('f', optionTypes.attachment, { required: true }),
      '',
      'This option is required. Specify a value.',
    ],
  ])('%j refuses %j', (which, text, problem) => {
    expect(check(which, { text }, undefined, words)).toEqual({ problem });
  });

  it('is measured in characters as users count them', () => {
    expect(
      check(option('s', optionTypes.string, { max_length: 2 }), { text: '🦊🦊' }, undefined, words),
    ).toEqual({
      value: '🦊🦊',
    });
  });

  it('is one of the choices if there are some, by name or value, and free text otherwise', () => {
    const rows = [{ label: 'Wide', value: '16:9' }];
    const ratio = option('r', optionTypes.string);
    expect(check(ratio, { text: 'wide' }, rows, words)).toEqual({ value: '16:9' });
    expect(check(ratio, { text: '16:9' }, rows, words)).toEqual({ value: '16:9' });
    expect(check(ratio, { text: 'round' }, rows, words)).toEqual({ problem: 'Pick one from the list.' });
    expect(check(ratio, { text: 'x', value: 7 }, undefined, words)).toEqual({ value: 7 });
  });

  it('can be empty if the option is not required', () => {
    expect(check(option('s', optionTypes.string), empty, undefined, words)).toEqual({});
  });

  it('offers users, channels and roles of the guild, and yes and no', () => {
    const me = { id: '1', username: 'ada', name: 'Ada', bot: false, locale: 'en-US' };
    const world: Surroundings = {
      me,
      botId: '2',
      users: [me],
      servers: [
        { id: '5', name: 'Foxglove', isAdmin: true, places: [], roles: [{ id: '6', name: 'Keepers' }] },
      ],
      direct: {
        id: '3',
        guildId: undefined,
        type: 1,
        name: '',
        nsfw: false,
        botMayAttach: true,
        mayWrite: true,
        mayAttach: true,
        mayManage: false,
        uploadLimit: 1,
      },
    };
    const rows = (type: number) => rowsOf(option('o', type), world, '5', words)?.map(({ label }) => label);
    expect(rows(optionTypes.user)).toEqual(['@Ada']);
    expect(rows(optionTypes.role)).toEqual(['@Keepers']);
    expect(rows(optionTypes.mentionable)).toEqual(['@Ada', '@Keepers']);
    expect(rows(optionTypes.boolean)).toEqual(['True', 'False']);
    expect(rows(optionTypes.string)).toBeUndefined();
  });
});
