import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../../../test/support/until.js';
import { createPaint } from '../../src/terminal/message-rendering.js';
import { openTerminal, type Terminal } from '../../src/terminal/terminal.js';

const candidates = [
  { text: '/imagine ', hint: 'Paints' },
  { text: '/image-of ', hint: 'Finds' },
  { text: '/tasks ', hint: 'Lists' },
];

let input: PassThrough;
let shown: string;
let terminal: Terminal;
let lines: string[];
let isOver: boolean;

beforeEach(() => {
  input = new PassThrough();
  const output = new PassThrough();
  shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += stripVTControlCharacters(chunk.toString());
  });
  terminal = openTerminal({
    input,
    output,
    paint: createPaint(false),
    prompt: 'ada › ',
    complete: async (line) => ({
      typed: line,
      candidates:
        line === 'Kling'
          ? [{ text: 'kling-3.0 ', hint: '' }]
          : candidates.filter(({ text }) => text.startsWith(line)),
    }),
  });
  lines = [];
  isOver = false;
  void (async () => {
    for await (const line of terminal.lines) lines.push(line);
    isOver = true;
  })();
});
afterEach(() => terminal.close());

/** Types keys one after another, as a user does: keys that arrive at once count as pasted. */
async function type(...keys: string[]): Promise<void> {
  for (const key of keys) {
    input.write(key);
    await sleep(5);
  }
}

it('passes on lines without surrounding blanks, and no empty ones', async () => {
  await type('  /tasks ', '\r', '\r', 'help\r');
  await until('the lines are there', () => lines.length === 2);
  expect(lines).toEqual(['/tasks', 'help']);
});

it('completes the common prefix of all candidates on Tab, then lists them with descriptions', async () => {
  await type('/i', '\t');
  await until('it is completed', () => shown.includes('› /imag'));
  await type('\t');
  await until('they are listed', () => shown.includes('/image-of  Finds'));
  expect(shown).toContain('  /imagine   Paints\n');
  expect(shown).not.toContain('/tasks');
  await type('i', '\t', '\r');
  await until('the line is there', () => lines.length === 1);
  expect(lines).toEqual(['/imagine']);
});

it('replaces the typed text with the completion', async () => {
  await type('Kling', '\t', '\r');
  await until('the line is there', () => lines.length === 1);
  expect(lines).toEqual(['kling-3.0']);
});

it('prints above the line being typed', async () => {
  await type('/imag');
  shown = '';
  terminal.print('Easel', '  hello');
  expect(shown).toContain('Easel\n  hello\n');
  expect(shown).toMatch(/ada › \/imag$/);
});

it.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s ends the lines', async (_, key) => {
  await type(key);
  await until('they are over', () => isOver);
});
