import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import type { Access } from '../../tasks/model/access.js';

/** Where Discord shows a command. Discord docs: Application Commands, "Contexts". */
interface Placed {
  contexts?: readonly InteractionContextType[] | null | undefined;
  integration_types?: readonly ApplicationIntegrationType[] | null | undefined;
}

/** A command without the places where Easel is not at work: Discord does not show it there. */
export function placed<T extends Placed>(command: T, { dms, userInstalls }: Access): T {
  const isOpen: Readonly<Record<InteractionContextType, boolean>> = {
    [InteractionContextType.Guild]: true,
    [InteractionContextType.BotDM]: dms,
    // Of these Easel is never a member.
    [InteractionContextType.PrivateChannel]: dms && userInstalls,
  };
  const types = command.integration_types?.filter(
    (type) => userInstalls || type === ApplicationIntegrationType.GuildInstall,
  );
  return {
    ...command,
    ...(command.contexts && { contexts: command.contexts.filter((context) => isOpen[context]) }),
    ...(types && { integration_types: types }),
  };
}
