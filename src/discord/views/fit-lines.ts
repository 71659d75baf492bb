import { maxContent } from './message.js';

/** Widths tried for user text on a line: first what reads well, then what fits. */
const widths = [60, 45, 30, 20, 10] as const;

/** Lines that fit into one message, with as much user text as possible. */
export function fitted(draw: (letters: number) => readonly string[]): readonly string[] {
  const drawings = widths.map(draw);
  return drawings.find((lines) => lines.join('\n').length <= maxContent) ?? drawings.at(-1) ?? [];
}
