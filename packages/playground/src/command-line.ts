import {
  type Question,
  readCommandLine,
  readNumber,
  readPort,
  UsageError,
} from '@easel/stand-in-kit/command-line';

export { UsageError } from '@easel/stand-in-kit/command-line';

export const usage = `Try Easel without an account: the real bot between stand-ins for Discord and MPS on this machine.

  npm run playground                          opens a page, http://127.0.0.1:8787; the terminal takes commands too
  npm run playground -- --run '/imagine prompt:a red fox' --run '/animate prompt:it runs image:last'

  --run LINE       runs LINE and waits for the outcome; may be repeated. LINE is one of
                     /imagine prompt:a red fox       a command; files by path, or "last" for the last picture
                     /clip edit video:last prompt:make it snow    the same with the last clip
                     press:Again                     a button of the newest message that has buttons
                     press:Edit prompt:a blue fox    the same, and the form that it opens, filled in
                     form:/presets add | name:ink    a command that opens a form, and the form, filled in
                     apps:Animate prompt:it runs     Apps › Animate on the newest picture (Edit clip, Extend: clip)
                     reply:last @Easel make it snow  a reply to the last result
  --json           prints one line of JSON for each --run: {run, outcome, reason, text, files, ms}
  --out DIR        where to save files and Easel's log (default: playground-out)
  --speed N        how many times faster than in reality tasks run (default: 40, about 3 s for a picture)
  --user NAME      who types: ada (an administrator), ben, mia, or someone whose Discord is in another language: lin (Chinese),
                   jonas, lucia, chloe, giulia, hana, minjun, zofia, joao, dasha, deniz, linh, yating (default: ada)
  --channel NAME   where: general, studio, no-files, after-dark, or dm (default: general)
  --port PORT      port of the page and the stand-in for Discord (default: 8787 if it is free; any free port with --run)
  --cos            adds a stand-in for a COS bucket, in which results are stored
  --help           prints this text
  --version        prints the version

Easel's own settings, such as MAX_IMAGE_TASKS=8, are read from the environment as by npm start; keys and addresses are those of
the stand-ins. Exit codes: 0 everything arrived or was answered, 1 something was not, 64 a bad option.`;

/** The parsed command line. */
export interface Arguments {
  /** Lines to run without a terminal; none: someone types. */
  readonly runs: readonly string[];
  readonly json: boolean;
  readonly out: string;
  /** How much faster than life. */
  readonly speed: number;
  readonly user: string;
  readonly channel: string;
  /** 0: any free one. Undefined: the default one, or any free one if that is taken. */
  readonly port: number | undefined;
  /** Whether there is a bucket. */
  readonly cos: boolean;
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
} as const;

/** Reads the command line, and the flags that npm kept in `env`. Throws UsageError. */
export function readArguments(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Arguments | Question {
  const { values, positionals, question } = readCommandLine({ argv, options, script: 'playground', env });
  if (question) return question;
  const [stray] = positionals;
  if (stray !== undefined) throw new UsageError(strayWord(stray));
  const runs = (values.run ?? []).map((line) => line.trim());
  if (runs.includes(''))
    throw new UsageError("--run needs a line, such as --run '/imagine prompt:a red fox'.");
  const port = values.port ?? (runs.length > 0 ? '0' : undefined);
  return {
    runs,
    json: values.json ?? false,
    out: filled('out', values.out ?? 'playground-out', 'a folder'),
    speed: readNumber('speed', values.speed ?? '40', 'a number above 0', (value) => value > 0),
    user: filled('user', values.user ?? 'ada', 'a name'),
    channel: filled('channel', values.channel ?? 'general', 'a channel').replace(/^#/, ''),
    port: port === undefined ? undefined : readPort(port),
    cos: values.cos ?? false,
  };
}

function strayWord(word: string): string {
  return word.startsWith('/') || /^(press|apps|reply):/.test(word)
    ? `Put --run before it, and quotes around the whole line: --run '${word}${/\s/.test(word) ? '' : ' …'}'.`
    : `I don't know what to do with "${word}". Is it part of a line that needs quotes?`;
}

function filled(name: string, text: string, what: string): string {
  if (text.trim() === '') throw new UsageError(`--${name} needs ${what}.`);
  return text;
}
