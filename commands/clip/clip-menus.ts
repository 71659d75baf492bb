import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
} from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { customIdsIn } from '../../src/discord/input/message-components.js';
import { clipsAt } from '../../src/discord/input/message-images.js';
import type { MessageCommand } from '../../src/discord/interactions/command.js';
import type { Draft } from '../../src/discord/interactions/modal-drafts.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import { localizations, type TextKey } from '../../src/locales/index.js';
import { asPrivateAs, type FormNeeds, openForm } from '../shared/order-form.js';
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
  draftOf: (target: ClipTarget, offer: Offer) => Draft,
): MessageCommand<Bot> {
  return {
    name,
    kind: 'video',
    data: () => ({
      type: ApplicationCommandType.Message,
      name,
      name_localizations: localizations(label),
      contexts: [
        InteractionContextType.Guild,
        InteractionContextType.BotDM,
        InteractionContextType.PrivateChannel,
      ],
      integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    }),
    async run(interaction, bot: Uses<'cdn' | 'tasks' | FormNeeds>) {
      const { targetMessage: message } = interaction;
      const [file] = clipsAt(interaction, message, bot.cdn);
      const task = isOwn(interaction)
        ? await clipBehind(customIdsIn(message.components), file?.name, bot)
        : undefined;
      if (!file && !task) throw new UserError({ key: 'error.noClip' });
      const seen = task && (await isVisible(task, interaction)) ? task : undefined;
      const draft = draftOf({ file, task: seen }, await bot.guilds.offer(interaction));
      await openForm(interaction, { ...draft, ...asPrivateAs(message) }, title, bot);
    },
  };
}

function isOwn({ targetMessage, applicationId, client }: MessageContextMenuCommandInteraction): boolean {
  return [applicationId, client.user.id].includes(targetMessage.author.id);
}
