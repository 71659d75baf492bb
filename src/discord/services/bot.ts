import type { Config } from '../../config/config.js';
import type { Texts } from '../../media/sources/text-intake.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { Offer } from '../access/guild-catalogue.js';
import type { DeferredReplies } from '../interactions/deferred-reply.js';
import type { MessageDeletion } from '../interactions/message-deletion.js';
import type { Drafts } from '../interactions/modal-drafts.js';
import type { OrderRefusals } from '../interactions/order-refusals.js';
import type { Proposals } from '../interactions/proposals.js';
import type { Responder } from '../interactions/responder.js';
import type { ModeratorService } from '../moderation/moderator-service.js';
import type { CommandMentions } from '../rest/command-mentions.js';

import type { Reports } from '../review/reports.js';

import type { Showcase } from '../showcase/showcase.js';

import type { DataDeletion } from './data-deletion.js';

import type { Gallery } from './gallery.js';
import type { GuildService } from './guild-service.js';
import type { HeldResults } from './held-results.js';
import type { Orders } from './orders.js';
import type { OriginalFiles } from './original-files.js';
import type { QuotaService } from './quota-service.js';
import type { ReportActs } from './reviews/report-acts.js';
import type { ReviewService } from './reviews/review-service.js';
import type { StyleService } from './styles/style-service.js';
import type { TaskService } from './task-service.js';

/** How Easel is doing, as members are told. */
export interface ServiceStatus {
  /** `refused`: MPS refuses orders for a reason that only the operator can fix, such as an account in arrears. */
  readonly imageService: 'well' | 'busy' | 'silent' | 'refused';
  /** Orders that wait for a slot, in this process. */
  readonly waiting: number;
  /** Whether orders can be recorded. */
  readonly store: boolean;
}

/** What commands, buttons, forms and mentions may use: a service each, and what the operator has set. */
export interface Bot {
  readonly orders: Orders;
  readonly tasks: TaskService;
  readonly heldResults: Pick<HeldResults, 'collect'>;
  readonly originals: OriginalFiles;
  readonly gallery: Pick<
    Gallery,
    'page' | 'latestClip' | 'modelsUsed' | 'modelsShown' | 'remove' | 'removeOne'
  >;
  readonly reviews: ReviewService;
  readonly reports: Pick<Reports, 'report'> & ReportActs;
  readonly moderation: ModeratorService;
  readonly guilds: GuildService;
  readonly styles: StyleService;
  /** Small files of text that users upload. */
  readonly texts: Texts;
  readonly quota: QuotaService;
  readonly dataDeletion: Pick<DataDeletion, 'forgetUser'>;
  readonly messageDeletion: Pick<MessageDeletion, 'keep' | 'drop' | 'run'>;
  readonly showcase: Pick<Showcase, 'press' | 'withdraw'>;
  readonly responder: Pick<Responder, 'whisper' | 'update' | 'deferUpdate' | 'openForm' | 'redraw'>;
  readonly deferred: DeferredReplies;
  readonly drafts: Pick<Drafts, 'keep' | 'find'>;
  readonly proposals: Pick<Proposals, 'find'>;
  readonly refusals: Pick<OrderRefusals, 'withChoices'>;
  readonly mentions: Pick<CommandMentions, 'of'>;
  /** How Easel is doing, within two seconds. Never rejects. */
  readonly status: () => Promise<ServiceStatus>;
  readonly config: Offer['config'] &
    Pick<Config, 'quota' | 'operators' | 'access' | 'links' | 'retentionMs' | 'archiveDir' | 'cos'>;
  /** The operator's; `guilds.offer` has it as a guild does. */
  readonly catalogue: Catalogue;
  /** The host of Discord's stickers, such as https://media.discordapp.net. */
  readonly cdn: string;
  /** Where MPS fetches the users' images now. */
  readonly sourcesIn: () => 'cos' | 'discord';
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The part of the bot that a command says it needs: `run(interaction, bot: Uses<'guilds' | 'orders'>)`. */
export type Uses<Name extends keyof Bot> = Pick<Bot, Name>;
