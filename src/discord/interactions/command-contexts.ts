import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import type { Access } from '../../tasks/model/operator-access.js';

/** Where Discord shows a command. Discord docs: Application Commands, "Contexts". */
interface Placed {
  contexts?: readonly InteractionContextType[] | null | undefined;
  integration_types?: readonly ApplicationIntegrationType[] | null | undefined;
}

/** A command without the contexts in which Easel doesn't work: Discord doesn't show it there. */
export function placed<T extends Placed>(command: T, { dms, userInstalls }: Access): T {
  const isOpen: Readonly<Record<InteractionContextType, boolean>> = {
    [InteractionContextType.Guild]: true,
    [InteractionContextType.BotDM]: dms,
    // Easel is never a member of these.
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
