import { parseArgs } from 'node:util';

export const usage = `Try Easel without an account: Discord and MPS are played by two stand-ins on this machine.

  npm run playground                          a page in the browser, http://127.0.0.1:8787; the terminal takes commands too
  npm run playground -- --run '/imagine prompt:a red fox' --run '/animate prompt:it runs image:last'

  --run LINE       do this, wait for what comes of it, go on; again for more. A line is one of
                     /imagine prompt:a red fox       a command; files by path, or "last" for the last picture
                     press:Again                     a button of the newest message that has some
                     press:Edit prompt:a blue fox    the same, and the form that it opens, filled in
                     apps:Animate prompt:it runs     Apps › Animate on the newest picture
                     reply:last @Easel make it snow  a reply to the last result
  --json           one line of JSON for each run: {run, outcome, reason, files, ms}
  --out DIR        where files and Easel's log go (playground-out)
  --speed N        how much faster than life pictures are made (40: about 3 s each)
  --user NAME      who types: ada (an administrator), ben, mia, or lin, whose Discord is in Chinese (ada)
  --channel NAME   where: general, studio, no-files, after-dark, or dm (general)
  --port PORT      where the page and the stand-in for Discord are (8787, or any free one; any free one with --run)
  --cos            with a bucket, played by a third stand-in: results are stored in it
  --help           this text

Easel's own settings come from the environment as for npm start, MAX_IMAGE_TASKS=8 say; keys and addresses are the stand-ins'.
It ends 0 when everything asked for arrived, 1 when not, 64 when a flag is wrong.`;

/** What the command line asks for. */
export interface Arguments {
  /** Lines to run without a terminal; none: somebody types. */
  readonly runs: readonly string[];
  readonly json: boolean;
  readonly out: string;
  /** How much faster than life. */
  readonly speed: number;
  readonly user: string;
  readonly channel: string;
  /** 0: any free one. Undefined: the usual one, or any free one where that is taken. */
  readonly port: number | undefined;
  /** Whether there is a bucket. */
  readonly cos: boolean;
}

/** A command line that cannot be followed; the message is a sentence for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that keeps the playground from starting or going on; the message is a sentence. */
export class PlaygroundError extends Error {
  override readonly name = 'PlaygroundError';
}

const options = {
  run: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  out: { type: 'string' },
  speed: { type: 'string' },
  user: { type: 'string' },
  channel: { type: 'string' },
  port: { type: 'string' },
  cos: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line; 'help' where that is asked for. Throws UsageError. */
export function readArguments(argv: readonly string[]): Arguments | 'help' {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  const [stray] = positionals;
  if (stray !== undefined) throw new UsageError(strayWord(stray));
  const runs = (values.run ?? []).map((line) => line.trim());
  if (runs.includes(''))
    throw new UsageError("--run needs a line, such as --run '/imagine prompt:a red fox'.");
  return {
    runs,
    json: values.json ?? false,
    out: filled('out', values.out ?? 'playground-out', 'a folder'),
    speed: number('speed', values.speed ?? '40', 'a number above 0', (value) => value > 0),
    user: filled('user', values.user ?? 'ada', 'a name'),
    channel: filled('channel', values.channel ?? 'general', 'a channel').replace(/^#/, ''),
    port: readPort(values.port ?? (runs.length > 0 ? '0' : undefined)),
    cos: values.cos ?? false,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const flag = /'(-[^' ]*)/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(
        `There is no flag ${flag}. There are: ${Object.keys(options)
          .map((name) => `--${name}`)
          .join(', ')}.`,
      );
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw new UsageError(misused(flag));
    throw error;
  }
}

function misused(flag: string): string {
  const name = Object.entries(options).find(([each]) => flag.endsWith(`-${each}`));
  return name?.[1].type === 'boolean'
    ? `${flag} takes no value.`
    : `${flag} needs a value. A value that begins with a dash is written ${flag}=VALUE.`;
}

function strayWord(word: string): string {
  return word.startsWith('/') || /^(press|apps|reply):/.test(word)
    ? `Put --run before it, and quotes around the whole line: --run '${word} …'.`
    : `I do not know what to do with "${word}". Is it part of a line that needs quotes?`;
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const allowed = 'a whole number from 0 (any free port) to 65535';
  return number('port', text, allowed, (value) => Number.isInteger(value) && value >= 0 && value <= 65_535);
}

function filled(name: string, text: string, what: string): string {
  if (text.trim() === '') throw new UsageError(`--${name} needs ${what}.`);
  return text;
}

function number(name: string, text: string, allowed: string, isFine: (value: number) => boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && isFine(value)) return value;
  throw new UsageError(`--${name} must be ${allowed}, not "${text}".`);
}
