import { EventEmitter } from 'node:events';
import { type ApiError, apiError } from '../api-errors.js';
import type { Choice, ModalBody } from '../body-schemas.js';
import type { TokenDeath } from '../faults.js';
import type { MessageRecord } from '../messages/messages.js';
import { type Random, randomText } from '../random-text.js';
import type { NextId } from '../snowflakes.js';
import type { Clock } from '../timer-clock.js';
import type { JsonObject } from '../types.js';

export const interactionTypes = { command: 2, component: 3, autocomplete: 4, modalSubmit: 5 } as const;
export type InteractionType = (typeof interactionTypes)[keyof typeof interactionTypes];

/** Discord docs: Receiving and Responding, "Interaction Callback Type". */
export const callbackTypes = {
  message: 4,
  deferredMessage: 5,
  deferredUpdate: 6,
  update: 7,
  autocomplete: 8,
  modal: 9,
} as const;

/** ms until the first answer is due, and until the token expires. */
export const firstAnswerMs = 3000;
export const tokenLifeMs = 15 * 60_000;

export interface InteractionDraft {
  readonly type: InteractionType;
  readonly userId: string;
  readonly channelId: string;
  readonly guildId: string | undefined;
  readonly name: string | undefined;
  /** Bytes for each file of an answer. */
  readonly uploadLimit: number;
  /** As `authorizing_integration_owners`: key 0 the guild's install, key 1 the user's. */
  readonly owners: JsonObject;
  /** The message that holds the component, or that a message command is about. */
  readonly sourceMessageId?: string | undefined;
  readonly targetMessageId?: string | undefined;
}

export interface InteractionRecord extends InteractionDraft {
  readonly id: string;
  readonly token: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  /** Set by the first answer. */
  answer: { readonly type: number; readonly afterMs: number; readonly text?: string | undefined } | undefined;
  /** The `@original` message. */
  originalId: string | undefined;
  readonly followUpIds: string[];
  modal: ModalBody | undefined;
  choices: readonly Choice[] | undefined;
  /** How the token died before its time. */
  death: TokenDeath | undefined;
}

export interface InteractionEvents {
  created: [InteractionRecord];
  acknowledged: [InteractionRecord];
  /** No one answered within 3 s. */
  failed: [InteractionRecord];
}

export interface Interactions {
  readonly events: EventEmitter<InteractionEvents>;
  create(draft: InteractionDraft): InteractionRecord;
  find(id: string): InteractionRecord | undefined;
  all(): readonly InteractionRecord[];
  /** The interaction that may be answered now. Throws ApiError 10062, 40060. */
  answerable(id: string, token: string): InteractionRecord;
  acknowledge(record: InteractionRecord, type: number, text?: string): void;
  /** The interaction behind a webhook's token. Throws ApiError 10015, 50027. */
  byToken(token: string): InteractionRecord;
  expire(token: string, code?: TokenDeath): void;
  /** The interaction that a path of REST names, by id or by token. */
  idIn(path: string): string | undefined;
  /** Whether the first answer is overdue. */
  hasFailed(record: InteractionRecord): boolean;
}

export interface InteractionsOptions {
  clock: Clock;
  nextId: NextId;
  random: Random;
}

export function createInteractions({ clock, nextId, random }: InteractionsOptions): Interactions {
  const events = new EventEmitter<InteractionEvents>();
  events.setMaxListeners(0);
  const records = new Map<string, InteractionRecord>();
  const tokens = new Map<string, InteractionRecord>();
  const age = ({ createdAt }: InteractionRecord): number => clock.now() - createdAt;
  const hasFailed = (record: InteractionRecord): boolean => !record.answer && age(record) >= firstAnswerMs;

  return {
    events,
    create(draft) {
      const id = nextId();
      const record = newRecord(draft, id, tokenFor(id, random), clock.now());
      records.set(id, record);
      tokens.set(record.token, record);
      clock.after(firstAnswerMs, () => record.answer || events.emit('failed', record));
      events.emit('created', record);
      return record;
    },
    find: (id) => records.get(id),
    all: () => [...records.values()],
    answerable(id, token) {
      const record = records.get(id);
      if (!record) throw apiError('unknownInteraction');
      requireAnswerable(record, token, hasFailed(record));
      return record;
    },
    acknowledge(record, type, text) {
      record.answer = { type, afterMs: age(record), text };
      events.emit('acknowledged', record);
    },
    byToken(token) {
      const record = tokens.get(token);
      if (!record || age(record) >= tokenLifeMs) throw apiError('invalidWebhookToken');
      if (record.death) throw dead(record.death);
      if (!record.answer) throw apiError('unknownWebhook');
      return record;
    },
    expire(token, code = 50027) {
      const record = tokens.get(token);
      if (record) record.death = code;
    },
    idIn(path) {
      const [, kind, id = '', token = ''] = path.split('/');
      const named = kind === 'interactions' ? records.get(id) : undefined;
      return (kind === 'webhooks' ? tokens.get(token) : named)?.id;
    },
    hasFailed,
  };
}

function tokenFor(id: string, random: Random): string {
  return Buffer.from(`interaction:${id}:${randomText(random, 110)}`).toString('base64url');
}

/** @throws ApiError 10062, 40060 unless the interaction may be answered. */
function requireAnswerable(record: InteractionRecord, token: string, hasFailed: boolean): void {
  if (record.token !== token || hasFailed || record.death) throw apiError('unknownInteraction');
  if (record.answer) throw apiError('alreadyAcknowledged');
}

function newRecord(draft: InteractionDraft, id: string, token: string, createdAt: number): InteractionRecord {
  return {
    ...draft,
    id,
    token,
    createdAt,
    answer: undefined,
    originalId: undefined,
    followUpIds: [],
    modal: undefined,
    choices: undefined,
    death: undefined,
  };
}

const deaths = {
  50027: 'invalidWebhookToken',
  10015: 'unknownWebhook',
  10062: 'unknownInteraction',
  10008: 'unknownMessage',
} as const;

function dead(code: TokenDeath): ApiError {
  return apiError(deaths[code]);
}

/** Which first answers an interaction takes. Discord docs: Receiving and Responding. */
export function allowedAnswers({ type, sourceMessageId }: InteractionRecord): readonly number[] {
  const { message, deferredMessage, deferredUpdate, update, autocomplete, modal } = callbackTypes;
  if (type === interactionTypes.autocomplete) return [autocomplete];
  if (type === interactionTypes.command) return [message, deferredMessage, modal];
  if (type === interactionTypes.component) return [message, deferredMessage, deferredUpdate, update, modal];
  return sourceMessageId === undefined
    ? [message, deferredMessage]
    : [message, deferredMessage, deferredUpdate, update];
}

/** Whether a message is one that this interaction's webhook may read and change. */
export function isOwn(record: InteractionRecord, message: MessageRecord): boolean {
  return message.id === record.originalId || record.followUpIds.includes(message.id);
}
