import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageComponentInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
  StringSelectMenuInteraction,
  UserContextMenuCommandInteraction,
} from 'discord.js';
import type { Kind } from '../../mps/generation-request.js';
import type { TaskId } from '../../tasks/model/task.js';
import type { Offer } from '../access/guild-catalogue.js';
import type { Mention } from '../input/mention.js';
import type { PanelId, Verb } from '../views/custom-ids.js';

/**
 * Also works where Easel takes no orders (`tasks/access`): it starts nothing, and lets users see, collect, cancel and
 * delete their own tasks.
 */
type Everywhere = true;

/** A slash command. Thin: it turns options into a request. */
export interface Command<Bot> {
  readonly name: string;
  /** As Discord registers it. */
  data(offer: Offer): RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Leaves the command out of registration while its kind is switched off. */
  readonly kind?: Kind;
  readonly everywhere?: Everywhere;
  run(interaction: ChatInputCommandInteraction, bot: Bot): Promise<void>;
  /** Suggestions for the option being typed, from memory; at most 25 are shown. */
  complete?(interaction: AutocompleteInteraction, bot: Bot): readonly Choice[] | Promise<readonly Choice[]>;
}

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** A button of a task. */
export interface Button<Bot> {
  readonly verb: Verb;
  readonly everywhere?: Everywhere;
  press(interaction: ButtonInteraction, id: TaskId, bot: Bot): Promise<void>;
}

/** A select of a task. */
export interface Select<Bot> {
  readonly verb: Verb;
  readonly everywhere?: Everywhere;
  choose(interaction: StringSelectMenuInteraction, id: TaskId, bot: Bot): Promise<void>;
}

/** A context menu command on a message. */
export interface MessageCommand<Bot> {
  readonly name: string;
  /** Leaves the command out of registration while its kind is switched off. */
  readonly kind?: Kind;
  readonly everywhere?: Everywhere;
  data(): RESTPostAPIContextMenuApplicationCommandsJSONBody;
  run(interaction: MessageContextMenuCommandInteraction, bot: Bot): Promise<void>;
}

/** A context menu command on a user. */
export interface UserCommand<Bot> {
  readonly name: string;
  readonly everywhere?: Everywhere;
  data(): RESTPostAPIContextMenuApplicationCommandsJSONBody;
  run(interaction: UserContextMenuCommandInteraction, bot: Bot): Promise<void>;
}

/** Handles a submitted form. */
export interface FormHandler<Bot> {
  readonly verb: Verb;
  readonly everywhere?: Everywhere;
  submit(interaction: ModalSubmitInteraction, id: TaskId, bot: Bot): Promise<void>;
}

/** A message with selects and buttons that belong to no task. */
export interface Panel<Bot> {
  readonly id: PanelId;
  readonly everywhere?: Everywhere;
  /** Handles the use of `control`; for a select, the interaction has the values. */
  use(interaction: MessageComponentInteraction, control: string, bot: Bot): Promise<void>;
}

/** Handles a mention of Easel. */
export interface MentionCommand<Bot> {
  /** @throws UserError if the user can fix it. */
  /**
   * Whether a message asks for anything; one that doesn't stays unanswered.
   * @default true
   */
  isMeant?(mention: Mention): boolean;
  run(mention: Mention, bot: Bot): Promise<void>;
}

/** Everything a user can do. `Bot`: the services that commands may use. */
export interface Commands<Bot> {
  readonly commands: readonly Command<Bot>[];
  readonly messageCommands: readonly MessageCommand<Bot>[];
  readonly userCommands: readonly UserCommand<Bot>[];
  readonly buttons: readonly Button<Bot>[];
  readonly selects: readonly Select<Bot>[];
  readonly forms: readonly FormHandler<Bot>[];
  readonly panels: readonly Panel<Bot>[];
}
