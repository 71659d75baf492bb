import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageComponentInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import type { Counts } from '../../cluster/peer-requests.js';
import type { Config } from '../../config/config.js';
import type { GuildSettings, Settings } from '../../guilds/settings.js';
import type { Locale } from '../../locales/index.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { GenerationRequest, Kind } from '../../mps/generation-request.js';
import type { Standing } from '../../quota/check.js';
import type { ScopedLimits } from '../../quota/measures.js';
import type { UsageEntry } from '../../quota/usage.js';
import type { Doubt } from '../../tasks/accounting/uncertain-charges.js';
import type { Result } from '../../tasks/ledger/recent-results.js';
import type { TaskPage } from '../../tasks/ledger/task-listing.js';
import type { Release, Task, TaskId } from '../../tasks/model/task.js';
import type { Expected } from '../../tasks/polling/poller.js';
import type { Sight } from '../access/channel-visibility.js';
import type { Offer } from '../access/guild-catalogue.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import type { Desk, Verb } from '../views/custom-ids.js';
import type { Card, PanelCard } from '../views/message.js';
import type { Form } from '../views/order-modal.js';
import type { Drafts } from './modal-drafts.js';
import type { TextFile } from './responder.js';

/** What a command may use of Easel. */
export interface Easel {
  readonly config: Offer['config'] &
    Pick<Config, 'quota' | 'operators' | 'retentionMs' | 'archiveDir' | 'cos'>;
  /** Where MPS fetches people's images now. */
  sourcesIn(): 'cos' | 'discord';
  readonly catalogue: Catalogue;
  /**
   * Orders a picture or a clip for the person behind the interaction; the answer is drawn from then on.
   * @throws UserError where it cannot be had.
   */
  order(
    interaction: AnswerableInteraction,
    request: GenerationRequest,
    options?: { readonly private?: boolean },
  ): Promise<void>;
  /**
   * Answers the person alone with a task's results as MPS made them, by whatever way is left to them.
   * @throws UserError where nothing is known of them.
   */
  showOriginals(interaction: AnswerableInteraction, task: Task, locale: Locale): Promise<void>;
  /** A task the ledger still keeps. */
  find(id: TaskId): Promise<Task | undefined>;
  /** A page of a user's tasks that the ledger still keeps. @throws StoreError */
  tasksOf(userId: string, page: number): Promise<TaskPage>;
  /** The same of a guild's. @throws StoreError */
  tasksIn(guildId: string, page: number): Promise<TaskPage>;
  /** How many tasks go before this one; undefined for one that does not wait. */
  ahead(task: Task): number | undefined;
  /** When the result of a task that is being made is expected; undefined where nobody can tell (off-peak, let go). */
  expected(task: Task): Expected | undefined;
  /**
   * Hands a kept outcome over as the answer to this interaction, seen by the asker alone, whichever process has it.
   * @throws UserError where there is nothing to hand over, or it is somebody else's.
   */
  collect(interaction: AnswerableInteraction, id: TaskId): Promise<void>;
  /**
   * Calls off a task that waits, one's own or as a moderator; the answer to the press is its card, redrawn.
   * @throws UserError where it is too late, or somebody else's, or the process that runs it is not at work.
   */
  cancel(interaction: AnswerableInteraction, id: TaskId): Promise<void>;
  /**
   * Writes down what is to become of the result of a task that MPS is at work on; its card says so.
   * @returns false where MPS is not, or not any more. That they may is the caller's affair.
   * @throws UserError where the process that runs it is not at work.
   */
  release(task: Task, release: Release): Promise<boolean>;
  /** Calls off a task that waits, without an answer. @throws UserError as `cancel`. */
  callOff(interaction: AnswerableInteraction, id: TaskId): Promise<void>;
  /**
   * Results that others may see too, newest first: those of the guild that somebody asks in, as far as they may see the
   * channels; elsewhere the person's own.
   */
  results(interaction: AnswerableInteraction): Promise<readonly Result[]>;
  /** Ids of the models in use there, the most used first. From memory. */
  modelsUsed(interaction: AnswerableInteraction, kind?: Kind): readonly string[];
  /** What the person may see of the guild. */
  sight(interaction: AnswerableInteraction): Sight;
  /** Answers with a card that only the person sees, or with several, one after the other. */
  whisper(interaction: AnswerableInteraction, ...cards: readonly (Card | PanelCard)[]): Promise<void>;
  /** Redraws the message whose select or button was used. */
  update(interaction: AnswerableInteraction, card: Card | PanelCard): Promise<void>;
  /** Answers the person alone with what takes a while to make; also with what went wrong on the way. */
  whisperLater(interaction: AnswerableInteraction, make: () => Promise<LateAnswer>): Promise<void>;
  /** The same in place of the message whose button was pressed. */
  updateLater(interaction: AnswerableInteraction, make: () => Promise<LateAnswer>): Promise<void>;
  /**
   * What counts where somebody asks: the guild's settings, or the defaults where no guild's word counts (direct messages,
   * a bot that only the person installed). From memory once read.
   * @throws StoreError while the store cannot be read.
   */
  rules(interaction: AnswerableInteraction): Promise<GuildSettings>;
  /**
   * What is on offer where somebody asks, with the defaults that count there. From memory once read.
   * @throws StoreError while the store cannot be read.
   */
  offer(interaction: AnswerableInteraction): Promise<Offer>;
  /** The language to answer in. Never throws. */
  locale(interaction: AnswerableInteraction): Promise<Locale>;
  readonly settings: Pick<Settings, 'get' | 'change'>;
  /** How it stands with every limit of the person's, and of the guild's that pays. @throws StoreError */
  standings(interaction: AnswerableInteraction): Promise<readonly Standing[]>;
  /** How far a guild may go at most. @throws StoreError */
  ceiling(guildId: string): Promise<ScopedLimits>;
  /** What a guild has used and reserved this month, newest first. Reads the rows of that month. @throws StoreError */
  history(guildId: string): Promise<History>;
  /**
   * Empties everything that is kept of a person, in all processes, but what keeps accounts straight until the month is over.
   * @returns how many records are empty now, and how many tasks are still under way: these are emptied once they are over.
   * `isWhole`: no process was away; else it has to be asked for once more.
   * @throws StoreError when the store does not take it.
   */
  forget(userId: string): Promise<Counts & { readonly isWhole: boolean }>;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Removes the message whose button was pressed, which shows the result of a task. */
  remove(interaction: MessageComponentInteraction, id: TaskId): Promise<void>;
  /** Where Discord keeps stickers. */
  readonly cdn: string;
  readonly drafts: Pick<Drafts, 'keep' | 'find'>;
  /** Opens a form as the first answer. */
  openForm(interaction: AnswerableInteraction, form: Form & { readonly locale: Locale }): Promise<void>;
}

/** An answer that took a while, perhaps with a file. */
export interface LateAnswer {
  readonly card: Card | PanelCard;
  readonly file?: TextFile;
}

/** A guild's month so far. */
export interface History {
  /** When it began, ms since the epoch. */
  readonly since: number;
  readonly uses: readonly {
    readonly task: Task;
    /** Refunded only where MPS perhaps bills it all the same. */
    readonly entry: UsageEntry;
  }[];
  /** The sum of those. */
  readonly perhapsBilled: Doubt;
}

/**
 * It works also where Easel is not at work (`tasks/access`): it begins nothing, and lets people see, fetch, call off and
 * delete what is theirs.
 */
type Everywhere = true;

/** A slash command; thin: it turns options into a request. */
export interface Command {
  readonly name: string;
  /** As Discord registers it. */
  data(offer: Offer): RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Leaves the command out of registration while its kind is switched off. */
  readonly kind?: GenerationRequest['kind'];
  readonly everywhere?: Everywhere;
  run(interaction: ChatInputCommandInteraction, easel: Easel): Promise<void>;
  /** Rows for the option that is being typed, from memory: at most 25 are shown. */
  complete?(
    interaction: AutocompleteInteraction,
    easel: Easel,
  ): readonly Choice[] | Promise<readonly Choice[]>;
}

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** What pressing a button of a task does. */
export interface Button {
  readonly verb: Verb;
  readonly everywhere?: Everywhere;
  press(interaction: ButtonInteraction, id: TaskId, easel: Easel): Promise<void>;
}

/** A command in the menu of a message. */
export interface MessageCommand {
  readonly name: string;
  readonly kind: GenerationRequest['kind'];
  data(): RESTPostAPIContextMenuApplicationCommandsJSONBody;
  run(interaction: MessageContextMenuCommandInteraction, easel: Easel): Promise<void>;
}

/** What sending a form does. */
export interface FormHandler {
  readonly verb: Verb;
  submit(interaction: ModalSubmitInteraction, id: TaskId, easel: Easel): Promise<void>;
}

/** A message with selects and buttons that belong to no task. */
export interface Panel {
  readonly desk: Desk;
  readonly everywhere?: Everywhere;
  /** What using `control` does; of a select, the interaction has the values. */
  use(interaction: MessageComponentInteraction, control: string, easel: Easel): Promise<void>;
}

/** Everything a person can do. */
export interface Commands {
  readonly commands: readonly Command[];
  readonly messageCommands: readonly MessageCommand[];
  readonly buttons: readonly Button[];
  readonly forms: readonly FormHandler[];
  readonly panels: readonly Panel[];
}
