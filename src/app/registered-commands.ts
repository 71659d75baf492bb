import { everything } from '../../commands/index.js';
import type { Offer } from '../discord/access/guild-catalogue.js';
import type { Command as CommandOf } from '../discord/interactions/command.js';
import { placed } from '../discord/interactions/command-contexts.js';
import type { Bot } from '../discord/services/bot.js';
import { type Access, everywhere } from '../tasks/model/operator-access.js';

type Command = CommandOf<Bot>;

/**
 * What is offered, and where.
 * @default everywhere
 */
type Offered = Offer & { readonly config: { readonly access?: Access } };

const accessOf = ({ config: { access = everywhere } }: Offered) => access;

/** Commands of the enabled kinds, as registered with Discord; context menu commands come last. */
export function commandsOf(offer: Offered) {
  const isOn = ({ kind }: Pick<Command, 'kind'>) => kind === undefined || offer.config[kind].enabled;
  const inMenus = everything.messageCommands.filter(isOn).map((one) => placed(one.data(), accessOf(offer)));
  return [...slashCommandsOf(offer), ...inMenus];
}

/** Slash commands. */
export function slashCommandsOf(offer: Offered): ReturnType<Command['data']>[] {
  return everything.commands
    .filter(({ kind }: Command) => kind === undefined || offer.config[kind].enabled)
    .map((command: Command) => placed(command.data(offer), accessOf(offer)));
}
