import type { Json, JsonObject } from './types.js';

/** Discord's format of validation errors: a tree with `_errors` at the leaves. */
export type FormErrors = JsonObject;

/** An error as Discord answers it: `{message, code, errors}` with an HTTP status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly errors?: FormErrors,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  body(): JsonObject {
    return { message: this.message, code: this.code, errors: this.errors };
  }
}

/** Discord docs: topics, Opcodes and Status Codes, "JSON". */
const table = {
  general: [404, 0, '404: Not Found'],
  unauthorized: [401, 0, '401: Unauthorized'],
  unknownApplication: [404, 10002, 'Unknown Application'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  unknownCommand: [404, 10063, 'Unknown application command'],
  tooManyCommands: [400, 30032, 'Maximum number of application commands reached (100)'],
  tooLarge: [413, 40005, 'Request entity too large'],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  tooManyFollowUps: [400, 40094, 'This interaction has reached the maximum number of follow-up messages'],
  missingAccess: [403, 50001, 'Missing Access'],
  notOwnMessage: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  notForMessages: [400, 50008, 'Cannot send messages in a non-text channel'],
  wrongChannelType: [400, 50024, 'Cannot execute action on this channel type'],
  cannotSendToUser: [403, 50007, 'Cannot send messages to this user'],
  invalidRecipients: [400, 50033, 'Invalid Recipient(s)'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  invalidWebhookToken: [401, 50027, 'Invalid Webhook Token'],
  invalidFormBody: [400, 50035, 'Invalid Form Body'],
  fileTooLarge: [400, 50045, 'File uploaded exceeds the maximum size'],
  explicitMedia: [400, 20009, 'Explicit content cannot be sent to the desired recipient(s)'],
  threadArchived: [400, 50083, 'Thread is archived'],
  needsEntryPoint: [
    400,
    50240,
    "You cannot remove this app's Entry Point command in a bulk update operation. Please include the Entry Point command in your update request or delete it separately.",
  ],
  threadLocked: [400, 160005, 'Thread is locked'],
  autoMod: [400, 200000, 'Message was blocked by automatic moderation'],
  autoModTitle: [400, 200001, 'Title was blocked by automatic moderation'],
  harmfulLink: [400, 240000, 'Message blocked by harmful links filter'],
  invalidJson: [400, 50109, 'The request body contains invalid JSON.'],
  cannotReply: [400, 160002, 'Cannot reply without permission to read message history'],
} as const satisfies Record<string, readonly [number, number, string]>;

export type ApiErrorName = keyof typeof table;

export function apiError(name: ApiErrorName, errors?: FormErrors): ApiError {
  const [status, code, message] = table[name];
  return new ApiError(status, code, message, errors);
}

export interface FormIssue {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** 50035 with its tree: `{embeds: {0: {title: {_errors: [{code, message}]}}}}`. */
export function formError(issues: readonly FormIssue[]): ApiError {
  const root: JsonObject = {};
  for (const { path, code, message } of issues) {
    let node = root;
    for (const step of path) {
      const next = node[String(step)];
      const child: JsonObject = isObject(next) ? next : {};
      node[String(step)] = child;
      node = child;
    }
    const known = node._errors;
    node._errors = [...(Array.isArray(known) ? known : []), { code, message }];
  }
  return apiError('invalidFormBody', root);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
