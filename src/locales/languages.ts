import type { Language } from './language.js';

/** The languages Easel speaks: a folder of texts and a line each. docs/development.md tells how to add one. */
export const languages: readonly Language[] = [
  { tag: 'en-US', name: 'English', discordLocales: ['en-US', 'en-GB'] },
  // Han characters without kana: with kana it is Japanese.
  {
    tag: 'zh-CN',
    name: '简体中文',
    discordLocales: ['zh-CN'],
    script: /^(?!.*[\p{Script=Hiragana}\p{Script=Katakana}]).*\p{Script=Han}/su,
  },
];
