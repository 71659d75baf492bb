import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  Interaction,
  MessageComponentInteraction,
} from 'discord.js';
import { UserError } from '../errors.js';
import type { Log } from '../log.js';
import { drawUserError } from './cards.js';
import type { Commands, Easel } from './command.js';
import { parseControlId, parseCustomId } from './custom-id.js';
import { toUserError } from './incident.js';
import type { Responder } from './respond.js';
import { codeOf } from './rest.js';

interface Deps extends Commands {
  readonly easel: Easel;
  readonly responder: Responder;
  readonly log: Log;
}

/** Most rows Discord shows under an option. */
const maxRows = 25;
/** Someone has answered this interaction already: the event came twice. */
const alreadyAcknowledged = 40_060;

/** Finds what an interaction asks for and does it; the one place where its errors end. Never throws. */
export function createDispatch({ commands, buttons, panels, easel, responder, log }: Deps) {
  async function run(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = commands.find(({ name }) => name === interaction.commandName);
    if (!command) throw new UserError({ key: 'error.command.unknown' });
    await command.run(interaction, easel);
  }

  async function use(interaction: MessageComponentInteraction): Promise<void> {
    const pressed = parseCustomId(interaction.customId);
    const button = pressed && buttons.find(({ verb }) => verb === pressed.verb);
    if (button && interaction.isButton()) return button.press(interaction, pressed.id, easel);
    const used = parseControlId(interaction.customId);
    const panel = used && panels.find(({ desk }) => desk === used.desk);
    if (!panel) throw new UserError({ key: 'error.button.unknown' });
    await panel.use(interaction, used.control, easel);
  }

  async function complete(interaction: AutocompleteInteraction): Promise<void> {
    const command = commands.find(({ name }) => name === interaction.commandName);
    const rows = (await command?.complete?.(interaction, easel)) ?? [];
    await responder.suggest(interaction, rows.slice(0, maxRows));
  }

  async function answer(
    interaction: ChatInputCommandInteraction | MessageComponentInteraction,
    error: unknown,
  ): Promise<void> {
    const known = toUserError(error, interaction.id, log);
    await responder.whisper(interaction, drawUserError(known, await easel.locale(interaction)));
  }

  return async function dispatch(interaction: Interaction): Promise<void> {
    try {
      if (interaction.isAutocomplete()) return await complete(interaction);
      if (!interaction.isChatInputCommand() && !interaction.isMessageComponent()) return;
      try {
        await (interaction.isMessageComponent() ? use(interaction) : run(interaction));
      } catch (error) {
        await answer(interaction, error);
      }
    } catch (error) {
      const level = codeOf(error) === alreadyAcknowledged ? 'debug' : 'warn';
      log[level]({ event: interaction.id, err: error }, 'an interaction could not be answered');
    }
  };
}
