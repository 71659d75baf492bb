import { createInterface, type Interface } from 'node:readline/promises';
import type { Candidate, Completion } from './completion.js';
import type { Paint } from './message-rendering.js';

/** A user's terminal: lines are read, and lines are printed above the one being typed. */
export interface Terminal {
  print(...lines: readonly string[]): void;
  /** Lines as typed, until the user leaves. */
  readonly lines: AsyncIterable<string>;
  close(): void;
}

export interface TerminalDeps {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly paint: Paint;
  readonly prompt: string;
  readonly complete: (line: string) => Promise<Completion>;
}

/** Opens the terminal; Ctrl-C and Ctrl-D end its lines. */
export function openTerminal({ input, output, paint, prompt, complete }: TerminalDeps): Terminal {
  const lines = createInterface({
    input,
    output,
    terminal: true,
    prompt,
    historySize: 200,
    removeHistoryDuplicates: true,
    completer,
  });

  /** Readline inserts the common prefix of all candidates; if there is nothing to insert, they are listed. */
  async function completer(line: string): Promise<[string[], string]> {
    const { candidates, typed } = await complete(line);
    const common = commonStart(candidates.map(({ text }) => text));
    const isLonger = common.length > typed.length && common.toLowerCase().startsWith(typed.toLowerCase());
    if (candidates.length === 1 || isLonger) return [[common], typed];
    if (candidates.length > 0) print(...listed(candidates, paint));
    return [[], typed];
  }

  function print(...printed: readonly string[]): void {
    if (printed.length === 0) return;
    output.write(`\r\u001B[J${printed.map((line) => `${line}\n`).join('')}`);
    lines.prompt(true);
  }

  lines.on('SIGINT', () => lines.close());
  return { print, lines: typed(lines), close: () => lines.close() };
}

async function* typed(lines: Interface): AsyncGenerator<string> {
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') yield line.trim();
    lines.prompt();
  }
}

const mostListed = 30;

function listed(candidates: readonly Candidate[], paint: Paint): string[] {
  const width = Math.max(...candidates.map(({ text }) => columns(text.trim()))) + 2;
  const rows = candidates.slice(0, mostListed).map(({ text, hint }) => {
    const word = text.trim();
    return `  ${word}${' '.repeat(width - columns(word))}${paint.dim(hint)}`;
  });
  const left = candidates.length - rows.length;
  return left > 0 ? [...rows, paint.dim(`  … and ${left} more`)] : rows;
}

/** How wide a terminal shows it: East Asian letters take two columns. */
function columns(text: string): number {
  return (
    [...text].length +
    (text.match(/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFF00-\uFF60]/g)?.length ?? 0)
  );
}

/** The common prefix. */
function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}
