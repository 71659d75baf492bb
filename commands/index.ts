import type { Commands } from '../src/discord/interactions/command.js';
import type { Bot } from '../src/discord/services/bot.js';
import { clipCommand } from './clip/clip.js';
import { changeClip, cutClip, extendClip, newPart } from './clip/clip-buttons.js';
import { changeClipMessage, extendMessage } from './clip/clip-menus.js';
import { accept } from './generate/accept-button.js';
import { animate } from './generate/animate.js';
import { animateMessage, remixMessage } from './generate/context-menu.js';
import { imagine } from './generate/imagine.js';
import { about } from './info/about.js';
import { greetingPanel } from './info/greeting.js';
import { help } from './info/help.js';
import { models } from './info/models.js';
import { privacy, privacyPanel } from './info/privacy.js';
import { blockAuthor, blockForm, blockUser } from './moderate/block-menus.js';
import { moderate } from './moderate/moderate.js';
import { wordsForm } from './moderate/words.js';
import { preferences } from './preferences/preferences.js';
import { presets } from './presets/presets.js';
import { houseForm, ownStyleForm, styleForm } from './presets/style-forms.js';
import { quota } from './quota/quota.js';
import { discard, quiet, release, releaseOne } from './results/dismiss-buttons.js';
import { gallery, galleryPanel } from './results/gallery.js';
import {
  again,
  animatePicture,
  cancel,
  details,
  edit,
  original,
  remixPicture,
  remove,
  repaint,
  upscale,
} from './results/result-buttons.js';
import { erase, retry } from './results/set-buttons.js';
import { move, pick } from './results/set-selects.js';
import { starButton } from './results/star-button.js';
import { collect, repeatPanel, tasks, tasksPanel } from './results/tasks.js';
import { reportMessage } from './review/report.js';
import { reportButtons } from './review/report-buttons.js';
import { reviewButtons } from './review/review-buttons.js';
import { settings } from './settings/settings.js';
import { settingsPanel } from './settings/settings-panel.js';
import { form } from './shared/order-form.js';

/** Everything a user can do in Discord. Dispatch, registration and tests read this list. */
export const everything: Commands<Bot> = {
  commands: [
    imagine,
    animate,
    clipCommand,
    help,
    tasks,
    gallery,
    models,
    quota,
    settings,
    moderate,
    presets,
    preferences,
    privacy,
    about,
  ],
  buttons: [
    ...[again, edit, animatePicture, remixPicture, repaint, upscale, original, details, remove],
    ...reviewButtons,
    ...reportButtons,
    ...[changeClip, cutClip, extendClip, newPart],
    ...[accept, collect, cancel, release, quiet, discard, retry, erase, starButton],
  ],
  selects: [pick, move, releaseOne],
  messageCommands: [
    animateMessage,
    remixMessage,
    changeClipMessage,
    extendMessage,
    reportMessage,
    blockAuthor,
  ],
  forms: [styleForm, ownStyleForm, houseForm, form, wordsForm, blockForm],
  userCommands: [blockUser],
  panels: [settingsPanel, privacyPanel, tasksPanel, repeatPanel, galleryPanel, greetingPanel],
};
