import type { Choice } from '../body-schemas.js';
import type { TokenDeath } from '../faults.js';
import type { Acknowledgement, InteractionView, ModalView } from '../interactions/interaction-view.js';
import { type InteractionRecord, type Interactions, isOwn } from '../interactions/interactions.js';
import type { MessageView, Viewer } from '../messages/message-view.js';
import type { MessageRecord, Messages } from '../messages/messages.js';

export type { Acknowledgement, ModalView };

export interface UntilOptions {
  /** Real ms to wait. @default 10_000 */
  readonly timeoutMs?: number;
}

/** Something a user started, and its outcome. */
export interface Invocation {
  readonly id: string;
  readonly token: string;
  /** Rejects when no one answers within 3 s ("The application did not respond"). */
  readonly acknowledged: Promise<Acknowledgement>;
  /** Whether the 3 s went by without an answer. */
  readonly failed: boolean;
  /** `@original` as it is now. */
  message(): MessageView | undefined;
  followUps(): MessageView[];
  modal(): ModalView | undefined;
  choices(): readonly Choice[] | undefined;
  /** Waits until a message of this answer (the original or a follow-up) is so. Rejects when it times out or fails. */
  until(predicate: (message: MessageView) => boolean, options?: UntilOptions): Promise<MessageView>;
  /** Expires the token now, within its 15 minutes. */
  expireToken(code?: TokenDeath): void;
}

export interface InvocationContext {
  interactions: Interactions;
  messages: Messages;
  view: Viewer;
}

/** Reads the outcome of an interaction so far. */
function reader(record: InteractionRecord, { messages, view }: InvocationContext) {
  const find = (id: string | undefined): MessageView | undefined => {
    const message = messages.find(id ?? '');
    return message && view(message);
  };
  return {
    message: () => find(record.originalId),
    followUps: () => record.followUpIds.flatMap((id) => find(id) ?? []),
    modal(): ModalView | undefined {
      const { modal } = record;
      return modal && { customId: modal.custom_id, title: modal.title, components: modal.components };
    },
    choices: () => record.choices,
  };
}

export function createInvocation(record: InteractionRecord, context: InvocationContext): Invocation {
  const { interactions, messages, view } = context;
  const acknowledged = firstAnswer(record, interactions);
  // A message is its interaction's only once the answer is through, which is after it is created.
  const mine = (message: MessageRecord): boolean =>
    isOwn(record, message) || (message.origin?.id === record.id && !message.deleted);

  return {
    id: record.id,
    token: record.token,
    acknowledged,
    get failed() {
      return interactions.hasFailed(record);
    },
    ...reader(record, context),
    until: (predicate, { timeoutMs = 60_000 } = {}) =>
      untilMessage({ messages, view, timeoutMs, mine, settled: acknowledged }, predicate),
    expireToken: (code) => interactions.expire(record.token, code),
  };
}

/** An interaction's outcome, as plain data. */
export function viewInteraction(record: InteractionRecord, context: InvocationContext): InteractionView {
  const { id, type, name, userId, channelId, createdAt } = record;
  const { message, followUps, modal, choices } = reader(record, context);
  return {
    id,
    type,
    name,
    userId,
    channelId,
    createdAt,
    acknowledged: record.answer,
    failed: context.interactions.hasFailed(record),
    message: message(),
    followUps: followUps(),
    modal: modal(),
    choices: choices(),
  };
}

function firstAnswer(record: InteractionRecord, { events }: Interactions): Promise<Acknowledgement> {
  const promise = new Promise<Acknowledgement>((resolve, reject) => {
    const stop = (): void => {
      events.off('acknowledged', onAnswer).off('failed', onFailure);
    };
    const onAnswer = (answered: InteractionRecord): void => {
      if (answered !== record || !record.answer) return;
      stop();
      resolve(record.answer);
    };
    const onFailure = (failed: InteractionRecord): void => {
      if (failed !== record) return;
      stop();
      reject(new Error('The application did not respond'));
    };
    events.on('acknowledged', onAnswer).on('failed', onFailure);
  });
  // It can be ignored.
  promise.catch(() => undefined);
  return promise;
}

export interface Watch {
  messages: Messages;
  view: Viewer;
  timeoutMs: number;
  mine(message: MessageRecord): boolean;
  /** Settles when the messages' interaction is known; rejects when waiting has become useless. */
  settled?: Promise<unknown>;
}

/** Waits until one of the messages is as asked; looks at those that are there first. */
export function untilMessage(
  { messages, view, timeoutMs, mine, settled }: Watch,
  predicate: (message: MessageView) => boolean,
): Promise<MessageView> {
  let last: MessageView | undefined;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      for (const event of ['created', 'updated', 'deleted'] as const) messages.events.off(event, look);
    };
    const look = (message: MessageRecord): boolean => {
      if (!mine(message)) return false;
      const seen = view(message);
      last = seen;
      if (!predicate(seen)) return false;
      stop();
      resolve(seen);
      return true;
    };
    const timer = setTimeout(() => {
      stop();
      reject(
        new Error(
          `no such message within ${timeoutMs} ms; the last one was ${last ? JSON.stringify(last) : 'none'}`,
        ),
      );
    }, timeoutMs);
    const lookAtAll = (): boolean => messages.all().some((message) => !message.deleted && look(message));
    settled?.then(lookAtAll, (error: unknown) => {
      stop();
      reject(error);
    });
    for (const event of ['created', 'updated', 'deleted'] as const) messages.events.on(event, look);
    lookAtAll();
  });
}
