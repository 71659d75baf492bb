import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { clipsAt } from '../../src/discord/input/message-images.js';
import type { MessageCommand } from '../../src/discord/interactions/command.js';
import type { Draft } from '../../src/discord/interactions/modal-drafts.js';
import type { Bot } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import type { TextKey } from '../../src/locales/index.js';
import { formMenu } from '../shared/message-menu.js';
import { isVisible } from '../shared/task-visibility.js';
import { clipBehind } from './clip-results.js';
import { type ClipTarget, changeDraft, extendDraft } from './clip-target.js';

/** Apps › Edit clip, on a message with a clip. */
export const changeClipMessage = clipMenu('Edit clip', 'form.title.changeclip', 'menu.editClip', changeDraft);
/** Apps › Extend, on a message with a clip. */
export const extendMessage = clipMenu('Extend', 'form.title.extend', 'menu.extend', extendDraft);

function clipMenu(
  name: string,
  title: TextKey,
  label: TextKey,
  draftFor: (target: ClipTarget, offer: Offer) => Draft,
): MessageCommand<Bot> {
  return formMenu({
    ...{ name, kind: 'video', label, title },
    async draftOf(interaction, ids, bot) {
      const [file] = clipsAt(interaction, interaction.targetMessage, bot.cdn);
      const task = await clipBehind(ids, file?.name, bot);
      if (!file && !task) throw new UserError({ key: 'error.noClip' });
      const seen = task && (await isVisible(task, interaction)) ? task : undefined;
      return draftFor({ file, task: seen }, await bot.guilds.offer(interaction));
    },
  });
}
