import { pino } from 'pino';

/** The few levels Easel uses; pino's own logger satisfies it, and so does a test's array. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
  child(bindings: Record<string, unknown>): Log;
}

/** Names under which a secret or a user's words may turn up; the redaction is a second net, not the first. */
const secrets = [
  'token',
  'secretKey',
  'secretId',
  'sessionToken',
  'authorization',
  'Authorization',
  'url',
  'urls',
];
/** What users wrote, kept out unless LOG_PROMPTS. */
const words = ['prompt', 'negative'];

export interface LogOptions {
  readonly level?: string;
  readonly pretty?: boolean;
  /** LOG_PROMPTS */
  readonly prompts?: boolean;
  /** Where the lines go; standard output where left out. */
  readonly destination?: { write(line: string): void };
}

/**
 * The process's log: JSON lines, or readable ones where a user watches a terminal. Secrets, signed links and prompts
 * are not handed to it in the first place.
 */
export function createLog(options: LogOptions = {}): Log {
  const { level = 'info', pretty, prompts = false, destination } = options;
  const hidden = prompts ? secrets : [...secrets, ...words];
  const settings = {
    level,
    redact: { paths: hidden.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    serializers: { err: (error: unknown) => describeError(error) },
  };
  if (destination) return pino(settings, destination);
  if (!pretty) return pino(settings);
  return pino({ ...settings, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } });
}

/** What of an error is worth a line; request bodies and addresses, which discord.js hangs onto its errors, are not. */
const worthLogging = [
  'code',
  'status',
  'reason',
  'created',
  'action',
  'requestId',
  'httpStatus',
  'method',
  'limit',
  'detail',
];

/** Causes of causes that are worth a line; an error may even be its own. */
const maxCauses = 4;

function describeError(error: unknown, causes = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? mask(error) : { type: typeof error };
  const facts = Object.entries(error)
    .filter(([key, value]) => worthLogging.includes(key) && isPlain(value))
    .map(([key, value]) => [key, typeof value === 'string' ? mask(value) : value]);
  return {
    type: mask(error.name),
    message: mask(error.message),
    ...Object.fromEntries(facts),
    stack: mask(error.stack ?? ''),
    ...(error.cause !== undefined && causes < maxCauses && { cause: describeError(error.cause, causes + 1) }),
  };
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Interaction tokens stand in Discord's paths and routes, signatures in the queries of links. */
function mask(words: string): string {
  return words
    .replace(/(\/(?:webhooks|interactions)\/(?:\d+|:id)\/)[\w.%-]+/g, '$1[redacted]')
    .replace(/(https?:\/\/[^\s?]+)\?[^\s'")]+/g, '$1?[redacted]');
}

/** A log that keeps nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };
