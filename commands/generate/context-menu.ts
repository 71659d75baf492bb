import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
} from 'discord.js';
import { customIdsIn } from '../../src/discord/input/message-components.js';
import { picturesAt } from '../../src/discord/input/message-images.js';
import { withNumbers } from '../../src/discord/input/numbered-results.js';
import type { MessageCommand } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { parseCustomId } from '../../src/discord/views/custom-ids.js';
import { UserError } from '../../src/errors.js';
import { localizations, type TextKey } from '../../src/locales/index.js';
import type { GenerationRequest, Kind } from '../../src/mps/generation-request.js';
import { aboutPicture, asPrivateAs, type FormNeeds, openForm } from '../shared/order-form.js';
import { isVisible } from '../shared/task-visibility.js';

/** Apps › Animate, on a message with an image: Discord sends the whole message, whatever the bot's intents. */
export const animateMessage = messageCommand('Animate', 'video', 'form.title.animate', 'menu.animate');
/** Apps › Remix: a new image from the one in the message. */
export const remixMessage = messageCommand('Remix', 'image', 'form.title.remix', 'menu.remix');

/** The request for the picture in one of Easel's own messages, found by its buttons. */
async function requestBehind(
  interaction: MessageContextMenuCommandInteraction,
  bot: Uses<'tasks'>,
): Promise<GenerationRequest | undefined> {
  if (!isOwn(interaction)) return undefined;
  for (const id of customIdsIn(interaction.targetMessage.components)) {
    const button = parseCustomId(id);
    const isOfResult = button?.verb === 'again' || button?.verb === 'pick';
    const task = isOfResult ? await bot.tasks.find(button.id) : undefined;
    if (task?.request.kind === 'image' && (await isVisible(task, interaction))) return task.request;
  }
  return undefined;
}

function isOwn({ targetMessage, applicationId, client }: MessageContextMenuCommandInteraction): boolean {
  return [applicationId, client.user.id].includes(targetMessage.author.id);
}

function messageCommand(name: string, kind: Kind, title: TextKey, label: TextKey): MessageCommand<Bot> {
  return {
    name,
    kind,
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
      const { targetMessage: target } = interaction;
      const ids = isOwn(interaction) ? customIdsIn(target.components) : [];
      const pictures = withNumbers(picturesAt(interaction, target, bot.cdn), ids);
      if (pictures.length === 0) throw new UserError({ key: 'error.noPicture' });
      const made = kind === 'image' ? await requestBehind(interaction, bot) : undefined;
      const draft = { ...aboutPicture(kind, pictures, made), ...asPrivateAs(target) };
      await openForm(interaction, draft, title, bot);
    },
  };
}
