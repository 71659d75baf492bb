import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Config } from '../config.js';
import type { GenerationRequest } from '../mps/generation.js';
import type { Catalogue } from '../mps/models.js';
import type { Task, TaskId } from '../tasks/task.js';
import type { Card } from './cards.js';
import type { Verb } from './custom-id.js';
import type { AnswerableInteraction } from './origin.js';

/** What a command may use of Easel. */
export interface Easel {
  readonly config: Pick<Config, 'image' | 'video' | 'additionalParameters'>;
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
  /** A task the ledger still keeps. */
  find(id: TaskId): Promise<Task | undefined>;
  /** A person's tasks that are not over yet, oldest first. */
  openTasks(userId: string): readonly Task[];
  /**
   * Hands a kept outcome over as the answer to this interaction, seen by the asker alone.
   * @throws UserError where there is nothing to hand over, or it is somebody else's.
   */
  collect(interaction: AnswerableInteraction, id: TaskId): Promise<void>;
  /**
   * Calls off a task that waits; the answer to the press is its card, redrawn.
   * @throws UserError where it is too late, or somebody else's.
   */
  cancel(interaction: AnswerableInteraction, id: TaskId): Promise<void>;
  /** Answers with a card that only the person sees, or with several, one after the other. */
  whisper(interaction: AnswerableInteraction, ...cards: readonly Card[]): Promise<void>;
}

/** What the operator offers; a command shows no option that nothing on offer can use. */
export type Offer = Pick<Easel, 'config' | 'catalogue'>;

/** A slash command; thin: it turns options into a request. */
export interface Command {
  readonly name: string;
  /** As Discord registers it. */
  data(offer: Offer): RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Leaves the command out of registration while its kind is switched off. */
  readonly kind?: GenerationRequest['kind'];
  run(interaction: ChatInputCommandInteraction, easel: Easel): Promise<void>;
  /** Rows for the option that is being typed, from memory: at most 25 are shown. */
  complete?(interaction: AutocompleteInteraction, easel: Easel): readonly Choice[];
}

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** What pressing a button of a task does. */
export interface Button {
  readonly verb: Verb;
  press(interaction: ButtonInteraction, id: TaskId, easel: Easel): Promise<void>;
}

/** Everything a person can do. */
export interface Commands {
  readonly commands: readonly Command[];
  readonly buttons: readonly Button[];
}
