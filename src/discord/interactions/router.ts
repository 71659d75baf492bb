import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  Interaction,
  MessageComponentInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  UserContextMenuCommandInteraction,
} from 'discord.js';
import { UserError } from '../../errors.js';
import { type Access, whyClosed } from '../../tasks/model/operator-access.js';
import { type AnswerableInteraction, placeOf } from '../access/request-origin.js';
import { parseControlId, parseCustomId } from '../views/custom-ids.js';
import type { Choice, Commands } from './command.js';

/** Interactions answered with a message or a form. */
export type Answered =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | UserContextMenuCommandInteraction
  | MessageComponentInteraction
  | ModalSubmitInteraction;

export function isAnswered(interaction: Interaction): interaction is Extract<Interaction, Answered> {
  if (interaction.isModalSubmit() || interaction.isMessageComponent()) return true;
  return interaction.isChatInputCommand() || interaction.isContextMenuCommand();
}

/** Finds the command, button, form or panel that an interaction is for. */
export interface Router {
  /** @throws what the command does; UserError if there is none, or Easel is not available there. */
  run(interaction: Answered): Promise<void>;
  /** Rows under the option that is being typed. */
  complete(interaction: AutocompleteInteraction): Promise<readonly Choice[]>;
}

interface Deps<Bot> extends Commands<Bot> {
  readonly bot: Bot;
  readonly access: Access;
}

export function createRouter<Bot>(deps: Deps<Bot>): Router {
  const { commands, messageCommands, userCommands, forms, bot, access } = deps;
  const used = createComponentRoutes(deps);

  return {
    async run(interaction) {
      if (interaction.isMessageComponent()) return used(interaction);
      if (interaction.isModalSubmit()) {
        const sent = parseCustomId(interaction.customId);
        const form = sent && forms.find(({ verb }) => verb === sent.verb);
        requireAccess(access, interaction, form);
        if (!form) throw new UserError({ key: 'error.form.gone' });
        return form.submit(interaction, sent.id, bot);
      }
      if (interaction.isChatInputCommand()) {
        const command = commands.find(({ name }) => name === interaction.commandName);
        requireAccess(access, interaction, command);
        if (!command) throw new UserError({ key: 'error.command.unknown' });
        return command.run(interaction, bot);
      }
      if (interaction.isUserContextMenuCommand()) {
        const command = userCommands.find(({ name }) => name === interaction.commandName);
        requireAccess(access, interaction, command);
        if (!command) throw new UserError({ key: 'error.command.unknown' });
        return command.run(interaction, bot);
      }
      const command = messageCommands.find(({ name }) => name === interaction.commandName);
      requireAccess(access, interaction, command);
      if (!command) throw new UserError({ key: 'error.command.unknown' });
      await command.run(interaction, bot);
    },
    async complete(interaction) {
      const command = commands.find(({ name }) => name === interaction.commandName);
      const isClosed = whyClosed(access, placeOf(interaction)) !== undefined && !command?.everywhere;
      return (isClosed ? [] : await command?.complete?.(interaction, bot)) ?? [];
    },
  };
}

/** Buttons and selects under tasks, and those of panels. */
function createComponentRoutes<Bot>({ buttons, selects, panels, bot, access }: Deps<Bot>) {
  return async (interaction: MessageComponentInteraction): Promise<void> => {
    const pressed = parseCustomId(interaction.customId);
    const button = pressed && buttons.find(({ verb }) => verb === pressed.verb);
    const select = pressed && selects.find(({ verb }) => verb === pressed.verb);
    if (button ?? select) requireAccess(access, interaction, button ?? select);
    if (button && interaction.isButton()) return button.press(interaction, pressed.id, bot);
    if (select && interaction.isStringSelectMenu()) return select.choose(interaction, pressed.id, bot);
    const used = parseControlId(interaction.customId);
    const panel = used && panels.find(({ id }) => id === used.panel);
    requireAccess(access, interaction, panel);
    if (!panel) throw new UserError({ key: 'error.button.unknown' });
    await panel.use(interaction, used.control, bot);
  };
}

/** @throws UserError if Easel is not available there, except for what works everywhere. */
function requireAccess(
  access: Access,
  interaction: AnswerableInteraction,
  used?: { readonly everywhere?: true },
): void {
  const closed = used?.everywhere ? undefined : whyClosed(access, placeOf(interaction));
  if (closed) throw new UserError(closed);
}
