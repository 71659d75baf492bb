import { maxContent } from './message.js';

/** Letters of someone's words on a line: first as many as read well, then as many as there is room for. */
const widths = [60, 45, 30, 20, 10] as const;

/** Lines that together fit into one message, with as much of users' words as there is room for. */
export function fitted(draw: (letters: number) => readonly string[]): readonly string[] {
  const drawings = widths.map(draw);
  return drawings.find((lines) => lines.join('\n').length <= maxContent) ?? drawings.at(-1) ?? [];
}
