import { unlistening } from '../ports.js';
import type { Options } from './npm-flags.js';
import { type Question, readCommandLine, refuseWords, type Values } from './parsing.js';
import { readPort, readSeed } from './values.js';
import { versionOf } from './version.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** sysexits.h: the command was used incorrectly. */
const exUsage = 64;

interface FlagsOf<O extends Options> {
  /** @default 0: any free port */
  readonly port: number;
  readonly seed?: number;
  /** The values of `options`, unchecked. */
  readonly values: Values<O>;
}

/**
 * Reads a stand-in's command line, and the flags that npm kept in `env`: `--port`, `--seed` and its own `options`.
 * @throws UsageError
 */
export function readStandInFlags<const O extends Options>(command: {
  readonly argv: readonly string[];
  readonly env: Environment;
  /** The npm script that runs the stand-in. */
  readonly script: string;
  readonly options: O;
}): FlagsOf<O> | Question {
  const options: Options = { port: { type: 'string' }, ...command.options, seed: { type: 'string' } };
  const { values, positionals, question } = readCommandLine({ ...command, options });
  if (question) return question;
  refuseWords(positionals);
  const { port = '0', seed, ...others } = values;
  return {
    port: readPort(String(port)),
    ...(seed !== undefined && { seed: readSeed(String(seed)) }),
    values: others as Values<O>,
  };
}

/** The output of a stand-in once it listens: its address, and the variables that point a bot at it. */
export function printedSettings(name: string, url: string, settings: Environment): string {
  const lines = Object.entries(settings).map(([variable, value]) => `  ${variable}=${value}\n`);
  return `${name} stand-in at ${url} (control: ${url}/_control/)\nSet for npm start:\n${lines.join('')}`;
}

interface Program<F extends { readonly port: number }> {
  /** `import.meta.url` of the stand-in's main module. */
  readonly moduleUrl: string;
  readonly usage: string;
  /** @throws UsageError */
  readonly readFlags: (argv: readonly string[], env: Environment) => F | Question;
  readonly start: (flags: F, env: Environment) => Promise<Running>;
  /** A sentence for an expected error of `start`; undefined for a defect. */
  readonly explain?: (error: unknown) => string | undefined;
}

interface Running {
  /** Printed once the stand-in listens. */
  readonly instructions: string;
  readonly close: () => Promise<void>;
}

/** Runs a stand-in as a program until SIGINT or SIGTERM. Exit codes: 0, 1 if it can't start, 64 if it was used incorrectly. */
export async function runStandIn<F extends { readonly port: number }>(program: Program<F>): Promise<void> {
  const { usage, explain } = program;
  let flags: F | Question;
  try {
    flags = program.readFlags(process.argv.slice(2), process.env);
  } catch (error) {
    return fail(exUsage, error instanceof Error ? error.message : String(error), usage);
  }
  if (flags === 'help') return print(`${usage}\n`);
  if (flags === 'version') return print(`${versionOf(program.moduleUrl)}\n`);
  try {
    const { instructions, close } = await program.start(flags, process.env);
    print(instructions);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
  } catch (error) {
    const sentence = explain?.(error) ?? unlistening('The stand-in', error, flags.port);
    if (sentence === undefined) throw error;
    fail(1, sentence);
  }
}

function print(text: string): void {
  process.stdout.write(text);
}

function fail(exitCode: number, ...lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = exitCode;
}
