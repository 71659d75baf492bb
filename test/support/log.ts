import type { Log } from '../../src/log.js';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly details: object;
  readonly message: string;
}

export interface CollectingLog extends Log {
  readonly lines: readonly LogLine[];
}

/** A log that keeps its lines for a test to read. */
export function createCollectingLog(): CollectingLog {
  const lines: LogLine[] = [];
  const write = (level: LogLine['level']) => (details: object, message: string) =>
    void lines.push({ level, details, message });
  const log: CollectingLog = {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  };
  return log;
}
