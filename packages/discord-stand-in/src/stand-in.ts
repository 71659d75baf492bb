import type { EventEmitter } from 'node:events';
import type { Visitor } from '@easel/stand-in-kit';
import type { Actor, LoadFile } from './client/actor.js';
import type { UntilOptions } from './client/invocation.js';
import type { ArmedFaults, TokenDeath } from './faults.js';
import type { Gateway } from './gateway/gateway-server.js';
import type { InteractionView } from './interactions/interaction-view.js';
import type { AttachmentOrder } from './messages/cdn.js';
import type { MessageView } from './messages/message-view.js';
import type { Problem, RestRecord } from './rest/request-log.js';
import type { Clock } from './timer-clock.js';
import type { JsonObject, Portal } from './types.js';

export type { InteractionView };

import type { World } from './world/world.js';

export interface DiscordStandInOptions {
  /** 0 (default): any free one. */
  port?: number;
  /** The bot's token. @default a generated one */
  token?: string;
  /** ms since the epoch. */
  now?: () => number;
  /** ms; Discord's 41,250 by default. */
  heartbeatIntervalMs?: number;
  /** Shards that may identify at once, every `identifyWindowMs`; 1 by default, as for most bots. */
  identifyConcurrency?: number;
  /** ms; Discord's 5,000 by default. 0 lets a bot be restarted as often as a test likes. */
  identifyWindowMs?: number;
  /** Shards that Discord advises; 1 by default. */
  recommendedShards?: number;
  /** Multiplies the windows of the routes' rate limits (not the global 50 a second); 1 by default. */
  rateWindow?: number;
  /** Makes tokens and the like repeatable. */
  seed?: number;
  /** The bot's name; Easel by default. */
  name?: string;
  /** Whether the privileged message-content intent is switched on for the application; it is off by default. */
  messageContent?: boolean;
  /** Whether anyone may add the bot to a server, as is the case by default. */
  public?: boolean;
  /** Bytes for each file without a boost or subscription; 10 MiB by default. */
  uploadLimit?: number;
  /** Less than the limit sent with interactions: larger files are refused (40005) all the same. */
  hardLimit?: number;
  /** How messages order their files; as the last edit listed them by default. */
  attachmentOrder?: AttachmentOrder;
  /** ms that a signed link of the CDN lives; a day by default. */
  linkLifeMs?: number;
  /** Whether a guild's own shard dispatches what its users do with a user-installed app; the first one does by default. */
  userInstallsByGuild?: boolean;
  /** False for an empty world, to be furnished by the caller. */
  furnished?: boolean;
  /** How typed lines load files; from disk by default. */
  loadFile?: LoadFile;
}

/** Events for observers. */
export interface StandInEvents {
  messageCreated: [MessageView];
  messageUpdated: [MessageView];
  messageDeleted: [MessageView];
  interactionCreated: [InteractionView];
  interactionAcknowledged: [InteractionView];
  interactionFailed: [InteractionView];
  request: [RestRecord];
  problem: [Problem];
  commandsChanged: [];
  gatewayChanged: [];
}

export interface ReadyOptions {
  /** Real ms; 20,000 by default. */
  timeoutMs?: number;
  /** Whether commands must be registered too; they must by default. */
  commands?: boolean;
}

/** Discord in a box, for one bot. */
export interface DiscordStandIn {
  /** `http://127.0.0.1:PORT/api`, for DISCORD_API_URL. */
  readonly apiUrl: string;
  /** `http://127.0.0.1:PORT`, also the CDN's origin. */
  readonly origin: string;
  readonly token: string;
  readonly applicationId: string;
  readonly port: number;
  readonly world: World;
  readonly portal: Portal;
  readonly clock: Pick<Clock, 'now' | 'advance'>;
  readonly faults: ArmedFaults;
  readonly gateway: Pick<Gateway, 'faults' | 'identifies' | 'hasty' | 'resumes' | 'unanswered' | 'isReady'>;
  readonly events: EventEmitter<StandInEvents>;
  /** Requests that Discord refuses for their content. */
  readonly problems: readonly Problem[];
  readonly requests: readonly RestRecord[];
  /** Answers of 401, 403 and 429 within the last ten minutes. */
  invalidRequests(): number;
  /** A user (id or name) in a channel (id or name; `dm` for their DM with the bot). */
  actor(user: string, channel?: string): Actor;
  /** Waits until a bot is connected, on all its shards, with commands registered. */
  ready(options?: ReadyOptions): Promise<void>;
  /** Commands as registered. */
  commands(guildId?: string): JsonObject[];
  /** All messages of a channel (id, name or `dm:ben`), oldest first, ephemeral ones too. */
  messages(channel: string): MessageView[];
  message(id: string): MessageView | undefined;
  /** An interaction's outcome. */
  interaction(id: string): InteractionView | undefined;
  /** Expires an interaction's token now. */
  expireToken(interactionId: string, code?: TokenDeath): void;
  /** Waits until some message of a channel (or of any) is so. */
  until(
    predicate: (message: MessageView) => boolean,
    options?: UntilOptions & { channel?: string },
  ): Promise<MessageView>;
  /** The bytes of a message's attachment, by its link. Throws if the link has expired. */
  fetchAttachment(messageId: string, index?: number): Promise<Buffer>;
  /** Lets someone else answer requests on the same port too, and closes them at the end. */
  host(visitor: Visitor): void;
  close(): Promise<void>;
}
