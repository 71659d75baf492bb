import { parseArgs } from 'node:util';
import { type Options, withNpmFlags } from './npm-flags.js';
import { closest } from './spelling.js';

/** An invalid command line; the message is a sentence for the user who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The questions of `--help` and `--version`. They take precedence over everything else. */
export type Question = 'help' | 'version';

const questions = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies Options;

interface CommandLine<O extends Options> {
  readonly argv: readonly string[];
  /** Without `--help` and `--version`, which every program has. */
  readonly options: O;
  /** `playground:mps`, the npm script that runs the program. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The flags by name; those that were not given are missing. */
export type Values<O extends Options> = {
  readonly [N in keyof O]?: O[N] extends { readonly multiple: true }
    ? readonly string[]
    : O[N]['type'] extends 'string'
      ? string
      : boolean;
};

interface Read<O extends Options> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
  readonly question: Question | undefined;
}

/**
 * Reads a command line, also one from which npm took the flags because `--` was left out.
 * @throws UsageError
 */
export function readCommandLine<const O extends Options>({
  argv,
  options,
  script,
  env,
}: CommandLine<O>): Read<O> {
  const args = withNpmFlags(argv, options, { script, env });
  if (!args)
    throw new UsageError(
      `npm kept the flags and passed on only "${argv.join(' ')}". Put -- before them: npm run ${script} -- --flag value`,
    );
  const { values, positionals } = parsed(args, { ...options, ...questions });
  const { help, version } = values;
  const question: Question | undefined = help ? 'help' : version ? 'version' : undefined;
  return { values: values as Values<O>, positionals, question };
}

function parsed(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const flag = /'(-[^' ,]*)/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
    const flags = Object.keys(options).map((name) => `--${name}`);
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new UsageError(unknown(flag, flags));
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw new UsageError(misused(flag, options));
    throw error;
  }
}

function unknown(flag: string, flags: readonly string[]): string {
  const meant = closest(flag, flags);
  return `There is no flag ${flag}. ${meant ? `Did you mean ${meant}?` : `There are: ${flags.join(', ')}.`}`;
}

function misused(flag: string, options: Options): string {
  const option = Object.entries(options).find(([name]) => flag.endsWith(`-${name}`))?.[1];
  return option?.type === 'boolean'
    ? `${flag} takes no value.`
    : `${flag} needs a value. A value that begins with a dash is written ${flag}=VALUE.`;
}

/** @throws UsageError that names a word which is neither a flag nor the value of one. */
export function refuseWords([word]: readonly string[]): void {
  if (word !== undefined) throw new UsageError(`"${word}" isn't a flag or the value of one.`);
}
