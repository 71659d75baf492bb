import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  Interaction,
  MessageComponentInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
} from 'discord.js';
import { UserError } from '../../errors.js';
import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import { isFenced } from '../../store/store.js';
import { type Access, whyClosed } from '../../tasks/model/access.js';
import { type AnswerableInteraction, placeOf } from '../access/request-origin.js';
import { createDuplicateFilter } from '../gateway/duplicate-events.js';
import { codeOf, isThreadShut } from '../rest/errors.js';
import { parseControlId, parseCustomId } from '../views/custom-ids.js';
import { drawUserError } from '../views/message.js';
import type { Commands } from './command.js';
import type { InFlight } from './in-flight.js';
import type { Responder } from './responder.js';
import { toUserError } from './user-errors.js';

interface Deps<Bot> extends Commands<Bot> {
  readonly bot: Bot;
  /** The language to answer in. Never rejects. */
  readonly locale: (interaction: AnswerableInteraction) => Promise<Locale>;
  readonly responder: Responder;
  readonly access: Access;
  readonly inFlight: Pick<InFlight, 'enter' | 'requireOpen'>;
  readonly log: Log;
}

/** Interactions answered with a message or a form. */
type Answered =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | MessageComponentInteraction
  | ModalSubmitInteraction;

/** Most suggestions Discord shows for an option. */
const maxRows = 25;
/** The previous run of Easel already answered this interaction: Discord sent the event again. */
const alreadyAcknowledged = 40_060;

/** Logged once for each thread. */
const unanswerable =
  'commands in a thread cannot be answered there: it is locked or archived, and Easel may not manage threads';
const leftToOther = 'an interaction is left to the process that has taken over';

/** Dispatches an interaction to its handler, and handles all its errors. Never throws. */
export function createDispatcher<Bot>(deps: Deps<Bot>) {
  const { commands, messageCommands, buttons, forms, panels, bot, responder, access, inFlight, log } = deps;
  const duplicates = createDuplicateFilter();
  const shutThreads = createDuplicateFilter();

  /** @throws UserError if Easel takes no orders there, except for what works everywhere. */
  function requireAccess(interaction: AnswerableInteraction, used?: { readonly everywhere?: true }): void {
    const closed = used?.everywhere ? undefined : whyClosed(access, placeOf(interaction));
    if (closed) throw new UserError(closed);
  }

  async function run(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = commands.find(({ name }) => name === interaction.commandName);
    requireAccess(interaction, command);
    if (!command) throw new UserError({ key: 'error.command.unknown' });
    await command.run(interaction, bot);
  }

  async function runOn(interaction: MessageContextMenuCommandInteraction): Promise<void> {
    const command = messageCommands.find(({ name }) => name === interaction.commandName);
    requireAccess(interaction);
    if (!command) throw new UserError({ key: 'error.command.unknown' });
    await command.run(interaction, bot);
  }

  async function submit(interaction: ModalSubmitInteraction): Promise<void> {
    const sent = parseCustomId(interaction.customId);
    const form = sent && forms.find(({ verb }) => verb === sent.verb);
    requireAccess(interaction);
    if (!form) throw new UserError({ key: 'error.form.gone' });
    await form.submit(interaction, sent.id, bot);
  }

  function act(interaction: Answered): Promise<void> {
    if (interaction.isModalSubmit()) return submit(interaction);
    if (interaction.isMessageComponent()) return use(interaction);
    return interaction.isChatInputCommand() ? run(interaction) : runOn(interaction);
  }

  async function use(interaction: MessageComponentInteraction): Promise<void> {
    const pressed = parseCustomId(interaction.customId);
    const button = pressed && buttons.find(({ verb }) => verb === pressed.verb);
    if (button) requireAccess(interaction, button);
    if (button && interaction.isButton()) return button.press(interaction, pressed.id, bot);
    const used = parseControlId(interaction.customId);
    const panel = used && panels.find(({ id }) => id === used.panel);
    requireAccess(interaction, panel);
    if (!panel) throw new UserError({ key: 'error.button.unknown' });
    await panel.use(interaction, used.control, bot);
  }

  async function complete(interaction: AutocompleteInteraction): Promise<void> {
    const command = commands.find(({ name }) => name === interaction.commandName);
    const isClosed = whyClosed(access, placeOf(interaction)) !== undefined && !command?.everywhere;
    const rows = (isClosed ? [] : await command?.complete?.(interaction, bot)) ?? [];
    await responder.suggest(interaction, rows.slice(0, maxRows));
  }

  async function answer(interaction: Answered, error: unknown): Promise<void> {
    if (isThreadShut(error, interaction))
      return answerDirectly(interaction, new UserError({ key: 'error.thread.locked' }));
    const known = toUserError(error, interaction, log);
    try {
      await responder.whisper(interaction, drawUserError(known, await deps.locale(interaction)));
    } catch (refused) {
      if (!isThreadShut(refused, interaction)) throw refused;
      await answerDirectly(interaction, known);
    }
  }

  /** A locked or archived thread accepts no answer; a direct message reaches the user. */
  async function answerDirectly(interaction: Answered, error: UserError): Promise<void> {
    const { channelId: thread, user } = interaction;
    if (thread && shutThreads.isFirst(thread)) log.warn({ thread }, unanswerable);
    await responder.direct(interaction, user.id, drawUserError(error, await deps.locale(interaction)));
  }

  async function serve(interaction: Interaction): Promise<void> {
    try {
      if (interaction.isAutocomplete()) return await complete(interaction);
      if (!isAnswered(interaction)) return;
      try {
        inFlight.requireOpen();
        await act(interaction);
      } catch (error) {
        // The process that has taken over received it as well.
        if (isFenced(error)) return log.info({ event: interaction.id }, leftToOther);
        await answer(interaction, error);
      }
    } catch (error) {
      const level = codeOf(error) === alreadyAcknowledged ? 'debug' : 'warn';
      const guild = interaction.guildId ?? undefined;
      log[level]({ event: interaction.id, guild, err: error }, 'an interaction could not be answered');
    }
  }

  return async (interaction: Interaction): Promise<void> => {
    // If it were handled twice, the slower answer would be rejected, and a command's changes would happen twice.
    if (duplicates.isFirst(interaction.id)) return inFlight.enter(() => serve(interaction));
    log.info({ event: interaction.id }, 'duplicate INTERACTION_CREATE ignored');
  };
}

function isAnswered(interaction: Interaction): interaction is Extract<Interaction, Answered> {
  if (interaction.isModalSubmit() || interaction.isMessageComponent()) return true;
  return interaction.isChatInputCommand() || interaction.isMessageContextMenuCommand();
}
