import { parseArgs } from 'node:util';
import { nearest } from '../config/spelling.js';
import { type Options, withNpmFlags } from './npm-flags.js';

export const usage = `Usage: npm start, or one of
  npm run doctor [-- --json]                   checks everything that Easel needs, without spending anything
  npm run doctor -- --directory [--json]       checks what Discord's App Directory asks for, and prints texts for it
  npm run register [-- --guild ID [--remove]]  registers the commands; with an id, in that one of your servers
  npm run backup -- FILE                       copies the store, whether Easel runs or not
  npm run store:copy -- FROM TO [--dry-run]    copies one store into another; addresses as in STORE_URL
  npm start -- --help, --version`;

/** A command line that cannot be followed; the message is a sentence for the operator. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the command line asks for. */
export type Wanted =
  | { readonly command: 'start' | 'help' | 'version' }
  | { readonly command: 'doctor'; readonly json: boolean; readonly directory: boolean }
  | { readonly command: 'register'; readonly guildId: string | undefined; readonly remove: boolean }
  | { readonly command: 'backup'; readonly file: string }
  | {
      readonly command: 'store:copy';
      readonly from: string;
      readonly to: string;
      readonly dryRun: boolean;
    };

/** The flags of each command; every command is an npm script of the same name. */
const commands = {
  start: {},
  doctor: { json: { type: 'boolean' }, directory: { type: 'boolean' } },
  register: { guild: { type: 'string' }, remove: { type: 'boolean' } },
  backup: {},
  'store:copy': { 'dry-run': { type: 'boolean' } },
} as const satisfies Readonly<Record<string, Options>>;

const names = Object.keys(commands);
const flagsOf: Readonly<Record<string, Options>> = commands;

type Flags = Readonly<Record<string, string | boolean | undefined>>;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line, also one from which npm took the flags because `--` was left out.
 * @throws UsageError
 */
export function readCommandLine(argv: readonly string[], env: Environment = {}): Wanted {
  if (argv.some((word) => word === '--help' || word === '-h') || argv[0] === 'help')
    return { command: 'help' };
  if (argv.some((word) => word === '--version' || word === '-v') || argv[0] === 'version')
    return { command: 'version' };
  const isNamed = argv[0] !== undefined && !argv[0].startsWith('-');
  const [command = 'start', ...rest] = isNamed ? argv : ['start', ...argv];
  const flags = flagsOf[command];
  if (!flags) throw new UsageError(noCommand(command));
  const args = withNpmFlags(rest, flags, { script: command, env });
  if (!args) throw new UsageError(`Put -- before the flags: npm run ${command} -- --flag value`);
  const { values, positionals } = parsed(command, args, flags);
  return wantedOf(command, values as Flags, positionals);
}

function noCommand(word: string): string {
  const meant = nearest(word, names, word.length < 4 ? 1 : 2);
  return `There is no command ${word}.${meant ? ` Did you mean ${meant}?` : ''}`;
}

function wantedOf(command: string, values: Flags, words: readonly string[]): Wanted {
  switch (command) {
    case 'backup':
      return { command, file: fileIn(words) };
    case 'store:copy':
      return { command, ...storesIn(words), dryRun: values['dry-run'] === true };
  }
  const [stray] = words;
  if (stray !== undefined) throw new UsageError(`${command} does not take "${stray}".`);
  if (command === 'doctor')
    return { command, json: values.json === true, directory: values.directory === true };
  if (command === 'register') return { command, ...guildIn(values) };
  return { command: 'start' };
}

function guildIn({ guild, remove = false }: Flags): { guildId: string | undefined; remove: boolean } {
  const guildId = typeof guild === 'string' ? guild : undefined;
  if (guildId !== undefined && !/^\d{17,20}$/.test(guildId))
    throw new UsageError(`--guild needs the id of a server, 17 to 20 digits, not "${guildId}".`);
  if (remove && guildId === undefined) throw new UsageError('--remove needs --guild and the id of a server.');
  return { guildId, remove: remove === true };
}

function fileIn(words: readonly string[]): string {
  if (words.length === 0) throw new UsageError('backup needs the file to write: npm run backup -- FILE');
  return words.join(' ');
}

function storesIn([from, to, ...more]: readonly string[]): { from: string; to: string } {
  const isAddress = (word: string | undefined) => /^\w+:\S+$/.test(word ?? '');
  if (from === undefined || to === undefined || more.length > 0 || !isAddress(from) || !isAddress(to))
    throw new UsageError('store:copy needs two addresses as in STORE_URL: npm run store:copy -- FROM TO');
  return { from, to };
}

function parsed(command: string, args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const flag = /'(-[^' ,]*)/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new UsageError(noFlag(command, flag, options));
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw new UsageError(misused(flag, options));
    throw error;
  }
}

function noFlag(command: string, flag: string, options: Options): string {
  const meant = nearest(flag, [...Object.keys(options).map((name) => `--${name}`), '--help', '--version'], 2);
  return `${command} has no flag ${flag}.${meant ? ` Did you mean ${meant}?` : ''}`;
}

function misused(flag: string, options: Options): string {
  return options[flag.replace(/^-+/, '')]?.type === 'boolean'
    ? `${flag} takes no value.`
    : `${flag} needs a value.`;
}
