import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { commandsOf, requireFittingCommands } from '../../../src/app/app.js';
import { ConfigError, loadConfig } from '../../../src/config/config.js';
import {
  isTextKey,
  languageName,
  locales,
  nearestLocale,
  openLocales,
  text,
  textsDigest,
} from '../../../src/locales/index.js';
import { openCatalogue } from '../../../src/mps/catalogue/models-file.js';
import { offer } from '../commands/offer.js';

const folder = mkdtempSync(join(tmpdir(), 'easel-locales-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  // Files share workers: the next one is to read Easel's own texts.
  openLocales(undefined);
});

/** Puts files into LOCALES_DIR: objects as JSON, strings as they are. */
function drop(files: Readonly<Record<string, object | string>>) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    );
  }
  return openLocales(folder);
}

const about = { name: 'Norsk', discordLocales: ['no'] };
const keys = { DISCORD_TOKEN: 'x.y.z', TENCENTCLOUD_SECRET_ID: 'id', TENCENTCLOUD_SECRET_KEY: 'key' };

describe('LOCALES_DIR', () => {
  it('adds a language, whose missing texts are English', () => {
    const before = textsDigest();
    const { problems, warnings } = drop({
      'no/language.json': about,
      'no/all.json': { 'offer.accepted': 'Bestilt.', 'help.description': 'Hva du kan gjøre' },
    });
    expect(problems).toEqual([]);
    expect(warnings.join()).toMatch(/no lacks \d+ texts/);
    expect(locales).toContain('no');
    expect([languageName('no'), nearestLocale('no')]).toEqual(['Norsk', 'no']);
    expect(text('no', 'offer.accepted')).toBe('Bestilt.');
    expect(text('no', 'offer.gone')).toBe(text('en-US', 'offer.gone'));
    const help = commandsOf(offer).find(({ name }) => name === 'help');
    expect(help).toMatchObject({ description_localizations: { no: 'Hva du kan gjøre' } });
    expect(textsDigest()).not.toBe(before);
  });

  it('corrects single texts of a language that Easel has', () => {
    expect(drop({ 'en-US/mine.json': { 'offer.accepted': 'On its way.' } }).problems).toEqual([]);
    expect(text('en-US', 'offer.accepted')).toBe('On its way.');
    expect(isTextKey('offer.gone')).toBe(true);
    expect(openLocales(undefined)).toEqual({ problems: [], warnings: [] });
    expect(text('en-US', 'offer.accepted')).not.toBe('On its way.');
  });

  it.each([
    ['a file that is no JSON', { 'zh-CN/a.json': '{ "offer.gone": }' }, 'no JSON', 'a.json:1:17'],
    ['a list', { 'zh-CN/a.json': '[]' }, 'no JSON object', 'a.json:1:1'],
    ['an unknown key', { 'zh-CN/a.json': { 'ofer.gone': '没有' } }, 'did you mean offer.gone?', 'a.json:2:3'],
    ['a key twice', { 'zh-CN/a.json': '{"offer.gone":"a","offer.gone":"b"}' }, 'again', '(offer.gone)'],
    [
      'a key in two files',
      { 'zh-CN/a.json': { 'offer.gone': 'a' }, 'zh-CN/b.json': { 'offer.gone': 'b' } },
      'again',
      'b.json',
    ],
    ['a lost placeholder', { 'zh-CN/a.json': { 'card.for': '给你' } }, '(none)', 'card.for'],
    ['a number', { 'zh-CN/a.json': { 'offer.gone': 4 } }, 'no text', 'offer.gone'],
    [
      'a form that the language lacks',
      { 'zh-CN/a.json': { 'tasks.cost.image_few': '{{count}}' } },
      '_few',
      '_other',
    ],
    ['a new language without a name', { 'no/a.json': {} }, 'no language.json', 'no'],
    [
      'an unknown locale',
      { 'no/language.json': { ...about, discordLocales: ['xx'] } },
      'discordLocales',
      'language.json',
    ],
    [
      'a locale that is taken',
      { 'no/language.json': { ...about, discordLocales: ['en-GB'] } },
      'en-GB',
      'each locale once',
    ],
    ['a wrong script', { 'no/language.json': { ...about, script: '(' } }, 'script', 'language.json'],
    ['no tag', { 'norsk_bokmål/language.json': about }, 'norsk_bokmål', 'BCP 47'],
    ['a file beside the folders', { 'no.json': {} }, 'beside', 'no.json'],
  ])('names %s, and changes nothing', (_, files: Readonly<Record<string, object | string>>, ...said) => {
    const before = textsDigest();
    const { problems } = drop(files);
    const { catalogue, rules } = openCatalogue();
    const start = () => loadConfig(keys, { ...rules, problems });
    expect(start).toThrow(ConfigError);
    for (const part of said) expect(start).toThrow(part);
    expect(start).toThrow('LOCALES_DIR');
    expect(catalogue).toBeDefined();
    expect(textsDigest()).toBe(before);
  });

  it('names a folder that is not there', () => {
    expect(openLocales(join(folder, 'none')).problems).toMatchObject([
      { found: 'a folder that cannot be read' },
    ]);
  });

  it('names the key of a text that Discord would refuse', () => {
    drop({ 'zh-CN/a.json': { 'imagine.prompt': '长'.repeat(101), 'name.help': '两 个' } });
    for (const part of ['imagine.prompt', '/imagine prompt', 'name.help'])
      expect(() => requireFittingCommands(offer)).toThrow(part);
  });
});
