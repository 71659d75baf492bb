import type { Commands } from '../src/discord/interactions/command.js';
import { animate } from './animate.js';
import { form } from './form.js';
import { gallery, galleryPanel } from './gallery.js';
import { imagine } from './imagine.js';
import { animateMessage, remixMessage } from './message-commands.js';
import { models } from './models.js';
import { privacy, privacyPanel } from './privacy.js';
import { quota } from './quota.js';
import { discard, quiet, release } from './release.js';
import {
  again,
  animatePicture,
  cancel,
  details,
  edit,
  original,
  remixPicture,
  remove,
  upscale,
} from './result.js';
import { settingsPanel } from './settings/use.js';
import { settings } from './settings.js';
import { collect, tasks, tasksPanel } from './tasks.js';

/** What a person can do in Discord. Dispatch, registration and tests read this list. */
export const everything: Commands = {
  commands: [imagine, animate, tasks, gallery, models, quota, settings, privacy],
  buttons: [
    ...[again, edit, animatePicture, remixPicture, upscale, original, details, remove],
    ...[collect, cancel, release, quiet, discard],
  ],
  messageCommands: [animateMessage, remixMessage],
  forms: [form],
  panels: [settingsPanel, privacyPanel, tasksPanel, galleryPanel],
};
