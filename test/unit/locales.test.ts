import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enUS, type TextKey } from '../../src/locales/en-US.js';
import { locales, nearestLocale, text } from '../../src/locales/index.js';
import { zhCN } from '../../src/locales/zh-CN.js';
import { problemCodes, problemParams } from '../../src/mps/problems.js';
import { failureReasons } from '../../src/tasks/task.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const keys = Object.keys(enUS) as TextKey[];
const places = (words: string) => [...new Set(words.match(/\{\{\w+\}\}/g))].sort();

/** Keys that are put together from parts, by what they begin with, and all the ends that part can have. */
const families = /`([a-z]+(?:\.[a-zA-Z]+)*\.)\$\{/g;

async function sources(folder: string): Promise<string> {
  const files = await readdir(join(root, folder), { recursive: true });
  const code = files.filter((file) => file.endsWith('.ts') && !/^(locales|playground)\//.test(file));
  return (await Promise.all(code.map((file) => readFile(join(root, folder, file), 'utf8')))).join('\n');
}

describe('the texts', () => {
  it('are the same in every language, key by key and place by place', () => {
    expect(Object.keys(zhCN).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(places(zhCN[key]), key).toEqual(places(enUS[key]));
  });

  it('are there in every language, and each in its own', () => {
    for (const key of keys) {
      for (const words of [enUS[key], zhCN[key]]) expect(words.trim(), key).not.toBe('');
      expect(enUS[key], key).not.toMatch(/\p{Script=Han}/u);
      if (/[a-z]{3}/i.test(enUS[key].replace(/\{\{\w+\}\}/g, '')))
        expect(zhCN[key], key).toMatch(/\p{Script=Han}/u);
    }
  });

  it('hold no markdown, no mention and no link of their own', () => {
    for (const words of keys.flatMap((key) => [enUS[key], zhCN[key]]))
      expect(words.replace(/\{"key": "value"\}/g, '')).not.toMatch(/\*\*|__|~~|`|<[@#:]|@everyone|https?:/);
  });

  it('of commands and options have at most 100 characters', () => {
    const described = keys.filter((key) =>
      /^(imagine|animate|option|tasks|gallery|models|quota|settings)\./.test(key),
    );
    expect(described.length).toBeGreaterThan(10);
    for (const key of described)
      for (const words of [enUS[key], zhCN[key]]) expect(words.length, key).toBeLessThanOrEqual(100);
  });

  it('of buttons have at most 80 characters', () => {
    for (const key of keys.filter((one) => one.startsWith('button.')))
      for (const words of [enUS[key], zhCN[key]]) expect(words.length, key).toBeLessThanOrEqual(70);
  });

  it('name every failure and every problem', () => {
    for (const reason of failureReasons) expect(keys, reason).toContain(`failure.${reason}`);
    for (const code of problemCodes) expect(keys, code).toContain(`problem.${code}`);
  });

  it('fill in only what a problem knows of itself', () => {
    for (const [code, params] of Object.entries(problemParams)) {
      const given: readonly string[] = params;
      const key = keys.find((one) => one === `problem.${code}`);
      for (const place of places(key ? enUS[key] : '')) expect(given, code).toContain(place.slice(2, -2));
    }
  });

  it('are all in use', async () => {
    const code = `${await sources('src')}\n${await sources('commands')}`;
    const prefixes = [...code.matchAll(families)].map(([, prefix]) => prefix ?? '');
    const isUsed = (key: string) =>
      code.includes(`'${key}'`) ||
      prefixes.some((prefix) => key.startsWith(prefix)) ||
      // commands/options.ts puts these together from the command's and the option's name.
      (/^(imagine|animate|tasks|gallery|models|option|quota|settings|privacy|action)\.\w+$/.test(key) &&
        code.includes(`'${key.slice(key.indexOf('.') + 1)}'`)) ||
      /\.description$/.test(key);
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });
});

describe('a text', () => {
  it('is filled in as it is, whatever the words', () => {
    fc.assert(
      fc.property(fc.constantFrom(...locales), fc.string(), (locale, name) => {
        const [before = '', after = ''] = (locale === 'en-US' ? enUS : zhCN)[
          'failure.source.unreachable'
        ].split('{{name}}');
        expect(text(locale, 'failure.source.unreachable', { name })).toBe(before + name + after);
      }),
    );
  });

  it.each([
    '{{use}}',
    '{{asked}}',
    '$t(button.again)',
    '$&',
    "$'",
    '&amp; <b>',
    '{{- use}}',
    '$t(a, {"b": 1})',
  ])('takes %s for words like any other', (asked) => {
    const expected = enUS['problem.model.unknown']
      .replace('{{asked}}', () => asked)
      .replace(/\{\{use\}\}(?!.*\{\{use\}\})/, 'X');
    expect(text('en-US', 'problem.model.unknown', { asked, use: 'X' })).toBe(expected);
  });

  it('says lists as each language does', () => {
    const params = { model: 'M', asked: 7, allowed: ['3', '5', '10'], use: 5 };
    expect(text('en-US', 'problem.duration.unsupported', params)).toContain('3, 5, or 10');
    expect(text('zh-CN', 'problem.duration.unsupported', params)).toContain('3、5或10');
  });

  it('is in the language nearest to Discord’s', () => {
    for (const locale of ['zh-CN', 'zh-TW', 'zh-HK']) expect(nearestLocale(locale)).toBe('zh-CN');
    for (const locale of ['en-US', 'en-GB', 'de', 'ja', '', undefined])
      expect(nearestLocale(locale)).toBe('en-US');
  });
});
