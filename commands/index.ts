import type { Commands } from '../src/discord/command.js';
import { animate } from './animate.js';
import { imagine } from './imagine.js';
import { models } from './models.js';
import { again, cancel } from './result.js';
import { collect, tasks } from './tasks.js';

/** What a person can do in Discord. Dispatch, registration and tests read this list. */
export const everything: Commands = {
  commands: [imagine, animate, tasks, models],
  buttons: [again, collect, cancel],
  panels: [],
};
