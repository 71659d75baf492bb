import { ApplicationCommandType, ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { picturesAt } from '../../src/discord/input/message-images.js';
import type { MessageCommand } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import { localizations, type TextKey } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { asPrivateAs, type FormNeeds, openForm } from '../shared/order-form.js';

/** Apps › Animate, on a message with an image: Discord sends the whole message, whatever the bot's intents. */
export const animateMessage = messageCommand('Animate', 'video', 'form.title.animate', 'menu.animate');
/** Apps › Remix: a new image from the one in the message. */
export const remixMessage = messageCommand('Remix', 'image', 'form.title.remix', 'menu.remix');

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
    async run(interaction, bot: Uses<'cdn' | FormNeeds>) {
      const pictures = picturesAt(interaction, interaction.targetMessage, bot.cdn);
      if (pictures.length === 0) throw new UserError({ key: 'error.noPicture' });
      const draft = { kind, pictures, ...asPrivateAs(interaction.targetMessage) };
      await openForm(interaction, draft, title, bot);
    },
  };
}
