import { everything } from '../../commands/index.js';
import { refusedTexts } from '../../commands/shared/command-texts.js';
import { ConfigError, type Problem } from '../config/config.js';
import { shown } from '../config/config-error.js';
import type { Offer } from '../discord/access/guild-catalogue.js';
import type { Command as CommandOf } from '../discord/interactions/command.js';
import { placed } from '../discord/interactions/command-contexts.js';
import type { Bot } from '../discord/services/bot.js';
import { keyOfText } from '../locales/index.js';
import type { Log } from '../log.js';
import { type Access, everywhere } from '../tasks/model/operator-access.js';
import { jittered } from '../util/retry.js';
import { hour, minute } from '../util/time.js';

type Command = CommandOf<Bot>;

interface Registering {
  /** @throws what Discord's REST API does */
  readonly attempt: () => Promise<void>;
  readonly log: Log;
}

/** Attempts to register the commands in all, the first one included: about a day's worth. */
const mostAttempts = 30;

/**
 * Registers commands; while that fails, again in the background, ever more rarely and for about a day. Registered commands keep
 * working, so failing to update them is no reason to stop.
 */
export function createRegistering({ attempt, log }: Registering) {
  let next: NodeJS.Timeout | undefined;

  async function register(waitMs = minute, left = mostAttempts - 1): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      if (left === 0) return log.error({ err: error }, 'commands are not registered: run npm run register');
      log.error({ err: error, againInMs: waitMs, left }, 'commands could not be registered');
      next = setTimeout(() => void register(Math.min(waitMs * 2, hour), left - 1), jittered(waitMs));
    }
  }

  return { register: () => register(), stop: () => clearTimeout(next) };
}

/**
 * What is offered, and where.
 * @default everywhere
 */
type Offered = Offer & { readonly config: { readonly access?: Access } };

const accessOf = ({ config: { access = everywhere } }: Offered) => access;

/** Commands of the enabled kinds, as registered with Discord; context menu commands come last. */
export function commandsOf(offer: Offered) {
  const isOn = ({ kind }: Pick<Command, 'kind'>) => kind === undefined || offer.config[kind].enabled;
  const menus = [...everything.messageCommands.filter(isOn), ...everything.userCommands];
  const inMenus = menus.map((one) => placed(one.data(), accessOf(offer)));
  return [...slashCommandsOf(offer), ...inMenus];
}

/** Slash commands. */
export function slashCommandsOf(offer: Offered): ReturnType<Command['data']>[] {
  return (
    everything.commands
      .filter(({ kind }: Command) => kind === undefined || offer.config[kind].enabled)
      .map((command: Command) => placed(command.data(offer), accessOf(offer)))
      // A command of subcommands none of which is available.
      .filter(({ name, options = [] }) => name !== 'clip' || options.length > 0)
  );
}

/**
 * Translated texts of commands that Discord would refuse, which only an operator's own languages have: all others are
 * tested. One refused text would leave every command as it was registered before.
 */
export function refusedIn(offer: Offered): readonly Problem[] {
  return refusedTexts(commandsOf(offer)).map(({ locale, of, words, why }) => ({
    variable: 'LOCALES_DIR',
    found: `${words === '' ? 'texts' : shown(words)} for ${of} in ${locale}: ${why}`,
    allowed: 'names of up to 32 characters, descriptions of up to 100, and fewer than 8,000 in a command',
    where: whereIs(words),
  }));
}

/** The key of a text, as messages name it. */
function whereIs(words: string): string {
  const key = keyOfText(words);
  return key === undefined ? 'docs/languages.md explains it' : `the key ${key}`;
}

/** @throws ConfigError for texts of commands that Discord would refuse. */
export function requireFittingCommands(offer: Offered): void {
  const problems = refusedIn(offer);
  if (problems.length > 0) throw new ConfigError(problems);
}
