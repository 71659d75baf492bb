import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
} from 'discord.js';
import { customIdsIn } from '../../src/discord/input/message-components.js';
import type { MessageCommand } from '../../src/discord/interactions/command.js';
import type { Draft } from '../../src/discord/interactions/modal-drafts.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { localizations, type TextKey } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { asPrivateAs, type FormNeeds, openForm } from './order-form.js';

export type MenuNeeds = Uses<'cdn' | 'tasks' | FormNeeds>;

interface Menu {
  readonly name: string;
  readonly kind: Kind;
  readonly label: TextKey;
  /** Title of the form. */
  readonly title: TextKey;
  /**
   * The form that it opens.
   * @param ids customIds of the message's buttons and selects, if it is one of Easel's own
   * @throws UserError if there is nothing to order from
   */
  readonly draftOf: (
    interaction: MessageContextMenuCommandInteraction,
    ids: readonly string[],
    bot: MenuNeeds,
  ) => Promise<Draft>;
}

/** Opens a form about a message: Discord sends the whole message, whatever the bot's intents. */
export function formMenu({ name, kind, label, title, draftOf }: Menu): MessageCommand<Bot> {
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
    async run(interaction, bot: MenuNeeds) {
      const { targetMessage } = interaction;
      const ids = isOwn(interaction) ? customIdsIn(targetMessage.components) : [];
      const draft = await draftOf(interaction, ids, bot);
      await openForm(interaction, { ...draft, ...asPrivateAs(targetMessage) }, title, bot);
    },
  };
}

function isOwn({ targetMessage, applicationId, client }: MessageContextMenuCommandInteraction): boolean {
  return [applicationId, client.user.id].includes(targetMessage.author.id);
}
