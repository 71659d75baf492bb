import { expect, it } from 'vitest';
import { slashCommandsOf } from '../../src/app/app.js';
import { optionsPage } from '../support/options-page.js';
import { offer } from './commands/offer.js';

it.each([
  ['docs/options.md', 'en'],
  ['docs/zh-CN/options.md', 'zh-CN'],
] as const)(
  '%s has every option of every command: `npm run docs:options` writes it',
  async (name, language) => {
    await expect(optionsPage(slashCommandsOf(offer), language)).toMatchFileSnapshot(`../../${name}`);
  },
);
