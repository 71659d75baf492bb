import { everything } from '../../commands/index.js';
import type { Command, Offer } from '../discord/command.js';

/** The commands of the kinds that are switched on, as Discord registers them; those in a message's menu come last. */
export function commandsOf(offer: Offer) {
  const isOn = ({ kind }: Pick<Command, 'kind'>) => kind === undefined || offer.config[kind].enabled;
  return [...slashCommandsOf(offer), ...everything.messageCommands.filter(isOn).map((one) => one.data())];
}

/** Those that are typed. */
export function slashCommandsOf(offer: Offer): ReturnType<Command['data']>[] {
  return everything.commands
    .filter(({ kind }: Command) => kind === undefined || offer.config[kind].enabled)
    .map((command: Command) => command.data(offer));
}
