import { buttons } from './buttons.js';
import { cards } from './cards.js';
import { commands } from './commands.js';
import { errors } from './errors.js';
import { failures } from './failures.js';
import { forms } from './forms.js';
import { help } from './help.js';
import { lists } from './lists.js';
import { names } from './names.js';
import { operator } from './operator.js';
import { privacy } from './privacy.js';
import { problems } from './problems.js';
import { quota } from './quota.js';
import { settings } from './settings.js';

/** Simplified Chinese. */
export const zhCN = {
  tag: 'zh-CN',
  name: '简体中文',
  discordLocales: ['zh-CN'],
  // Han characters without kana: with kana it is Japanese.
  script: /^(?!.*[\p{Script=Hiragana}\p{Script=Katakana}]).*\p{Script=Han}/su,
  texts: {
    ...buttons,
    ...cards,
    ...commands,
    ...errors,
    ...failures,
    ...forms,
    ...help,
    ...lists,
    ...names,
    ...operator,
    ...privacy,
    ...problems,
    ...quota,
    ...settings,
  },
} as const;
