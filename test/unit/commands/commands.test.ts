import {
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { everything } from '../../../commands/index.js';
import { modelLine } from '../../../commands/shared/autocomplete.js';
import { refusedTexts, weightOf } from '../../../commands/shared/command-texts.js';
import { onlyIf, optionsOf } from '../../../commands/shared/option-builders.js';
import { given, toSource } from '../../../commands/shared/option-readers.js';
import { commandsOf, slashCommandsOf } from '../../../src/app/app.js';
import { verbs } from '../../../src/discord/views/custom-ids.js';
import { keyOfText, locales } from '../../../src/locales/index.js';

import { offer } from './offer.js';

const kinds = ['image', 'video'] as const;
const commands = slashCommandsOf(offer);
const described = commands.flatMap((command) => [command, ...(command.options ?? [])]);

interface Named {
  readonly name: string;
  readonly description?: string;
  readonly name_localizations?: Readonly<Record<string, string | null | undefined>> | null | undefined;
  readonly options?: readonly Named[] | undefined;
}

describe('the commands, as Discord registers them', () => {
  it('have names that Discord accepts, each once', () => {
    for (const { name } of described) expect(name).toMatch(/^[a-z0-9_-]{1,32}$/);
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const { options = [] } of commands)
      expect(new Set(options.map(({ name }) => name)).size).toBe(options.length);
  });

  it('have Chinese names that Discord accepts, each once among its siblings', () => {
    const check = (siblings: readonly Named[], path: string) => {
      const names = siblings.map((one) => one.name_localizations?.['zh-CN'] ?? '');
      for (const name of names) expect(name, path).toMatch(/^[\p{L}\p{N}_-]{1,32}$/u);
      expect(new Set(names).size, `${path}: ${names.join(' ')}`).toBe(names.length);
      for (const one of siblings) if (one.options) check(one.options, `${path} ${one.name}`);
    };
    check(commands, '/');
  });

  it("that members can't use at all are shown to managers alone, and only in servers", () => {
    const { ManageGuild, ModerateMembers } = PermissionFlagsBits;
    const wanted = new Map([
      ['settings', String(ManageGuild)],
      ['presets', String(ManageGuild)],
      ['moderate', String(ModerateMembers)],
    ]);
    for (const { name, default_member_permissions: needed, contexts, integration_types: types } of commands) {
      expect(needed ?? undefined, name).toBe(wanted.get(name));
      if (wanted.has(name)) expect([contexts, types]).toEqual([[InteractionContextType.Guild], [0]]);
    }
  });

  it('say of an option what it is, not what another subcommand of its name does', () => {
    const borrowed = commands.flatMap((command) => {
      const parts = (command.options ?? []).filter(
        ({ type }) => type === ApplicationCommandOptionType.Subcommand,
      );
      return parts.flatMap(
        (part) =>
          (part as Named).options?.flatMap((option) => {
            const other = parts.find(
              ({ name, description }) => name !== part.name && description === option.description,
            );
            return other ? [`/${command.name} ${part.name} ${option.name}: as ${other.name}`] : [];
          }) ?? [],
      );
    });
    expect(borrowed).toEqual([]);
  });

  it('are described in both languages in at most 100 characters', () => {
    for (const { name, description, description_localizations: others } of described) {
      expect(description, name).toMatch(/^.{1,100}$/);
      expect(others?.['zh-CN'], name).toMatch(/^.{1,100}$/);
      expect(others?.['zh-CN'], name).not.toBe(description);
    }
  });

  it('have at most 25 options, required ones first', () => {
    for (const { name, options = [] } of commands) {
      expect(options.length, name).toBeLessThanOrEqual(25);
      const required = options.map((option) => option.required === true);
      expect(
        [...required].sort((a, b) => Number(b) - Number(a)),
        name,
      ).toEqual(required);
    }
  });

  it('have choices or autocomplete, never both, and at most 25', () => {
    const options: readonly APIApplicationCommandOption[] = commands.flatMap(({ options = [] }) => options);
    for (const option of options) {
      const choices = 'choices' in option ? (option.choices ?? []) : [];
      expect(choices.length).toBeLessThanOrEqual(25);
      if (choices.length > 0) expect('autocomplete' in option && option.autocomplete).toBeFalsy();
    }
  });

  it('let clients offer pictures alone for every attachment', () => {
    const options: readonly APIApplicationCommandOption[] = commands.flatMap(
      (command) => command.options ?? [],
    );
    const attachments = options.filter(({ type }) => type === ApplicationCommandOptionType.Attachment);
    expect(attachments.length).toBeGreaterThan(4);
    for (const option of attachments) expect(option, option.name).toMatchObject({ file_types: ['image'] });
  });

  it('have no text that Discord refuses, in any language, and under 8000 characters each', () => {
    const refused = refusedTexts(commandsOf(offer));
    expect(refused.map((one) => ({ ...one, key: keyOfText(one.words) }))).toEqual([]);
    for (const command of commands) expect(weightOf(command), command.name).toBeLessThan(8000);
  });

  it('omit disabled kinds, and options that nothing supports', () => {
    const { config } = offer;
    const pictures = commandsOf({
      ...offer,
      config: { ...config, video: { ...config.video, enabled: false } },
    });
    expect(pictures.map(({ name }) => name)).toContain('imagine');
    expect(pictures.map(({ name }) => name)).not.toContain('animate');
    const plain = slashCommandsOf({ ...offer, config: { ...config, additionalParameters: false } });
    const names = (list: typeof commands) =>
      list.flatMap(({ options = [] }) => options.map(({ name }) => name));
    expect(names(commands)).toContain('additional');
    expect(names(plain)).not.toContain('additional');
  });

  it('are dispatched by name, and every button and select has a handler', () => {
    for (const command of everything.commands) expect(command.data(offer).name).toBe(command.name);
    const handled = [...everything.buttons, ...everything.selects, ...everything.forms].map(
      ({ verb }) => verb,
    );
    expect([...new Set(handled)].sort()).toEqual([...verbs].sort());
  });
});

describe('a model’s line', () => {
  it('fits into an autocomplete row in both languages and is distinguishable from the others', () => {
    for (const locale of locales)
      for (const kind of kinds) {
        const lines = offer.catalogue.list(kind).map((model) => modelLine(model, locale));
        for (const line of lines) expect(line).toMatch(/^[^{}]{1,100}$/);
        expect(new Set(lines).size).toBe(lines.length);
      }
  });

  it('says what sets the model apart', () => {
    const model = offer.catalogue.find('video', 'kling-3.0');
    expect(model && modelLine(model, 'en-US')).toMatch(/^Kling 3\.0: 3–15 s, sound, up to 4K/);
  });
});

describe('options', () => {
  it('without a text are a defect, found at the start', () => {
    expect(() => optionsOf('imagine').words('nonsense')).toThrow(RangeError);
  });

  it('are described by the command’s own text if there is one, numbered ones by their name', () => {
    const of = (command: string, name: string) => optionsOf(command).words(name).description;
    expect(of('imagine', 'prompt')).not.toBe(of('animate', 'prompt'));
    expect(of('imagine', 'model')).toBe(of('animate', 'model'));
    expect(of('imagine', 'reference1')).toBe(of('imagine', 'reference4'));
  });

  it('that were omitted leave no trace', () => {
    expect(given({ a: null, b: undefined, c: false, d: 0, e: '' })).toEqual({ c: false, d: 0, e: '' });
    expect(onlyIf(false, 1, 2)).toEqual([]);
    expect(onlyIf(true, 1, 2)).toEqual([1, 2]);
  });

  it('keep the link, the name and the length of an upload', () => {
    const upload = {
      url: 'https://cdn.discordapp.com/fox.png',
      name: 'fox.png',
      size: 9,
      id: '1',
      ephemeral: true,
    };
    expect(toSource(upload as unknown as Parameters<typeof toSource>[0])).toEqual({
      url: upload.url,
      name: 'fox.png',
      bytes: 9,
    });
  });
});
