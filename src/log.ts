import { pino } from 'pino';

/** Paths that may hold a secret wherever they turn up in a logged object. */
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

/** The few levels Easel uses; pino's own logger satisfies it, and so does a test's array. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
  child(bindings: Record<string, unknown>): Log;
}

/**
 * The process's log: JSON lines, or readable ones where a person watches a terminal.
 * Secrets, links and prompts are never handed to it; the redaction is a second net.
 */
export function createLog(options: { level?: string; pretty?: boolean } = {}): Log {
  const redact = { paths: secrets.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' };
  const level = options.level ?? 'info';
  if (!options.pretty) return pino({ level, redact });
  return pino({ level, redact, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } });
}

/** A log that keeps nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };
