import type { DiscordStandIn } from '@easel/discord-stand-in';
import {
  ControlError,
  type ControlRoutes,
  createControl,
  isTrusted,
  type Visitor,
} from '@easel/stand-in-kit';
import { createLive } from './live-updates.js';
import { relay } from './relay.js';
import { createFiles } from './static-files.js';
import { scene, surroundings } from './view-model.js';
import type { BotState } from './wire.js';

/** The bot's process, as the panel behind the scenes handles it. */
export interface BotSwitch {
  state(): BotState;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again. */
  start(): void;
  /** Called whenever it starts or ends. */
  onChange(listener: () => void): void;
}

export interface PageDeps {
  readonly discord: DiscordStandIn;
  /** The directory of the built page. */
  readonly folder: string;
  readonly bot: BotSwitch;
  /** Origins for the panel: the MPS stand-in, and the bot's own health port. */
  readonly mps: string;
  readonly health: string;
}

/**
 * The page in a browser and what it reads: a user's client for the stand-in for Discord. What users do goes through the
 * stand-in's `/_control`. Only requests from this machine are answered.
 */
export function createPage({ discord, folder, bot, mps, health }: PageDeps): Visitor {
  const live = createLive(discord);
  const files = createFiles(folder);
  const control = createControl(
    {
      'GET /surroundings': ({ query }) => known(() => surroundings(discord, query.get('user') ?? 'ada')),
      'GET /channels/:channel': ({ params, query }) =>
        known(() => scene(discord, query.get('user') ?? '', params.channel ?? '')),
      ...behind({ bot, mps, health }),
    },
    '/_page',
  );
  bot.onChange(() => live.tell(bot.state()));
  return {
    request: (request, response) =>
      control.request(request, response) || (isTrusted(request) && files(request, response)),
    upgrade: (request, socket, head) => live.upgrade(request, socket, head),
    close() {
      control.close();
      live.close();
    },
  };
}

/** The panel's other data and actions. */
function behind({ bot, mps, health }: Pick<PageDeps, 'bot' | 'mps' | 'health'>): ControlRoutes {
  return {
    'GET /bot': () => bot.state(),
    'POST /bot/kill': () => bot.kill(),
    'POST /bot/start': () => bot.start(),
    'GET /bot/:what': ({ params }) => relay(health, `/${part(params.what)}`, { mayBeAway: true }),
    'GET /mps/:what': ({ params, query }) => relay(mps, `/_control/${part(params.what)}?${query}`),
    'POST /mps/:what': ({ params, body }) =>
      relay(mps, `/_control/${part(params.what)}`, { method: 'POST', body }),
    'DELETE /mps/:what/:id': ({ params }) =>
      relay(mps, `/_control/${part(params.what)}/${part(params.id)}`, { method: 'DELETE' }),
  };
}

const part = (text = ''): string => encodeURIComponent(text);

/** An unknown name is the caller's mistake. */
function known<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error && error.constructor === Error
      ? new ControlError(404, error.message)
      : error;
  }
}
