import { randomUUID } from 'node:crypto';
import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  Interaction,
} from 'discord.js';
import { UserError } from '../errors.js';
import { nearestLocale } from '../locales/index.js';
import type { Log } from '../log.js';
import { drawUserError } from './cards.js';
import type { Commands, Easel } from './command.js';
import { parseCustomId } from './custom-id.js';
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
export function createDispatch({ commands, buttons, easel, responder, log }: Deps) {
  async function run(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = commands.find(({ name }) => name === interaction.commandName);
    if (!command) throw new UserError({ key: 'error.command.unknown' });
    await command.run(interaction, easel);
  }

  async function press(interaction: ButtonInteraction): Promise<void> {
    const pressed = parseCustomId(interaction.customId);
    const button = pressed && buttons.find(({ verb }) => verb === pressed.verb);
    if (!button) throw new UserError({ key: 'error.button.unknown' });
    await button.press(interaction, pressed.id, easel);
  }

  async function complete(interaction: AutocompleteInteraction): Promise<void> {
    const command = commands.find(({ name }) => name === interaction.commandName);
    const rows = command?.complete?.(interaction, easel) ?? [];
    await responder.suggest(interaction, rows.slice(0, maxRows));
  }

  async function answer(
    interaction: ChatInputCommandInteraction | ButtonInteraction,
    error: unknown,
  ): Promise<void> {
    const known = error instanceof UserError ? error : toIncident(interaction, error);
    await responder.whisper(interaction, drawUserError(known, nearestLocale(interaction.locale)));
  }

  function toIncident(interaction: Interaction, error: unknown): UserError {
    const incident = randomUUID().slice(0, 8);
    log.error({ incident, event: interaction.id, err: error }, 'an interaction failed unexpectedly');
    return new UserError({ key: 'error.internal', params: { incident } }, { cause: error });
  }

  return async function dispatch(interaction: Interaction): Promise<void> {
    try {
      if (interaction.isAutocomplete()) return await complete(interaction);
      if (!interaction.isChatInputCommand() && !interaction.isButton()) return;
      try {
        await (interaction.isButton() ? press(interaction) : run(interaction));
      } catch (error) {
        await answer(interaction, error);
      }
    } catch (error) {
      const level = codeOf(error) === alreadyAcknowledged ? 'debug' : 'warn';
      log[level]({ event: interaction.id, err: error }, 'an interaction could not be answered');
    }
  };
}
