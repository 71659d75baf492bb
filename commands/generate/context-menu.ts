import type { MessageContextMenuCommandInteraction } from 'discord.js';
import { picturesAt } from '../../src/discord/input/message-images.js';
import { withNumbers } from '../../src/discord/input/numbered-results.js';
import type { MessageCommand } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { parseCustomId } from '../../src/discord/views/custom-ids.js';
import { UserError } from '../../src/errors.js';
import type { TextKey } from '../../src/locales/index.js';
import type { GenerationRequest, Kind } from '../../src/mps/generation-request.js';
import { formMenu } from '../shared/message-menu.js';
import { aboutPicture } from '../shared/order-form.js';
import { isVisible } from '../shared/task-visibility.js';

/** Apps › Animate, on a message with an image. */
export const animateMessage = pictureMenu('Animate', 'video', 'form.title.animate', 'menu.animate');
/** Apps › Remix: a new image from the one in the message. */
export const remixMessage = pictureMenu('Remix', 'image', 'form.title.remix', 'menu.remix');

function pictureMenu(name: string, kind: Kind, title: TextKey, label: TextKey): MessageCommand<Bot> {
  return formMenu({
    ...{ name, kind, label, title },
    async draftOf(interaction, ids, bot) {
      const pictures = withNumbers(picturesAt(interaction, interaction.targetMessage, bot.cdn), ids);
      if (pictures.length === 0) throw new UserError({ key: 'error.noPicture' });
      const made = kind === 'image' ? await requestBehind(ids, interaction, bot) : undefined;
      return aboutPicture(kind, pictures, made);
    },
  });
}

/** The request for the picture in one of Easel's own messages, found by its buttons. */
async function requestBehind(
  ids: readonly string[],
  interaction: MessageContextMenuCommandInteraction,
  bot: Uses<'tasks'>,
): Promise<GenerationRequest | undefined> {
  for (const id of ids) {
    const button = parseCustomId(id);
    const isOfResult = button?.verb === 'again' || button?.verb === 'pick';
    const task = isOfResult ? await bot.tasks.find(button.id) : undefined;
    if (task?.request.kind === 'image' && (await isVisible(task, interaction))) return task.request;
  }
  return undefined;
}
