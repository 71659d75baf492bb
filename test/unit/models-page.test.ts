import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withModels } from '../support/models-page.js';

it.each([
  ['docs/models-and-prices.md', 'en'],
  ['docs/zh-CN/models-and-prices.md', 'zh-CN'],
] as const)(
  '%s has the models of the catalogue and the prices of models.example.jsonc: `npm run docs:models` writes it',
  async (name, language) => {
    const page = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
    await expect(withModels(page, language)).toMatchFileSnapshot(`../../${name}`);
  },
);
