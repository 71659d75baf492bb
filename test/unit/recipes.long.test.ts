import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkshop, readRecipe, type Step, type Workshop } from '../support/recipe.js';

const page = await readFile(join(import.meta.dirname, '../../docs/development.md'), 'utf8');
let workshop: Workshop;

beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop?.close());

const isCheck = (step: Step) => step.do === 'run' && step.script.includes('vitest run');

describe('the recipe in docs/development.md', () => {
  it('for a language adds an invented one, and touches nothing else', async () => {
    const steps = readRecipe(page, 'Add a language');
    const language = { tag: 'eo-x-fox', name: 'Foxish', discord: 'hr' };
    for (const step of steps.filter((one) => !isCheck(one))) await workshop.follow(step, language);
    await translate(join(workshop.folder, 'src/locales/eo-x-fox'));
    await writeFile(join(workshop.folder, 'test/unit/foxish.test.ts'), foxishTest);
    for (const step of steps.filter(isCheck)) await workshop.follow(step, language);
    await workshop.follow({
      do: 'run',
      script: 'npx vitest run test/unit/foxish.test.ts test/unit/commands',
    });
    const changed = await workshop.changed();
    expect(changed).toContain('src/locales/eo-x-fox/cards.json');
    expect(changed.filter((file) => !file.startsWith('src/locales/eo-x-fox/'))).toEqual([
      'docs/glossary/eo-x-fox.md',
      'test/unit/foxish.test.ts',
    ]);
  });

  it('for a language leads to a failed check if a text is missing', async () => {
    const steps = readRecipe(page, 'Add a language');
    const language = { tag: 'eo-x-fox', name: 'Foxish', discord: 'hr' };
    for (const step of steps.filter((one) => !isCheck(one))) await workshop.follow(step, language);
    const file = join(workshop.folder, 'src/locales/eo-x-fox/buttons.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^ *"button\.again":.*$/m, ''));
    const check = steps.find(isCheck);
    if (!check) throw new Error('the recipe checks nothing');
    await expect(workshop.follow(check)).rejects.toThrow('button.again');
  });

  it.each(['Add a command', 'Add a model', 'Add a store'])('"%s" leads to green checks', async (title) => {
    const steps = readRecipe(page, title);
    expect(steps.some(isCheck)).toBe(true);
    for (const step of steps) await workshop.follow(step);
    expect((await workshop.changed()).length).toBeGreaterThan(1);
  });
});

/** Puts every text into the invented language: letters outside of placeholders, commands and options get dots. */
async function translate(folder: string): Promise<void> {
  const { readdir } = await import('node:fs/promises');
  for (const name of await readdir(folder)) {
    if (name === 'language.json') continue;
    const texts: Readonly<Record<string, string>> = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const foxish = Object.entries(texts).map(([key, words]) => [key, dotted(words)]);
    await writeFile(join(folder, name), JSON.stringify(Object.fromEntries(foxish), null, 2));
  }
}

function dotted(words: string): string {
  const dots: Readonly<Record<string, string>> = { a: 'ä', e: 'ë', i: 'ï', o: 'ö', u: 'ü' };
  const dot = (word: string) => word.replaceAll(/[aeiou]/g, (letter) => dots[letter] ?? letter);
  const parts = words.split(/(\s+)/);
  return parts.map((word) => (/[{}/@<`_-]|--/.test(word) ? word : dot(word))).join('');
}

const foxishTest = `import { expect, it } from 'vitest';
import { slashCommandsOf } from '../../src/app/app.js';
import { languageName, locales, nearestLocale, text } from '../../src/locales/index.js';
import { offer } from './commands/offer.js';

it('Foxish is spoken everywhere', () => {
  expect(locales).toContain('eo-x-fox');
  expect(languageName('eo-x-fox')).toBe('Foxish');
  expect(nearestLocale('hr')).toBe('eo-x-fox');
  expect(text('eo-x-fox', 'button.remix')).toBe('Rëmïx');
  for (const { description_localizations: others } of slashCommandsOf(offer)) expect(others?.hr).toMatch(/./);
});
`;
