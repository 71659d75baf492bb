import { type APIMessage, Routes } from 'discord.js';
import type { Settings } from '../../guilds/settings.js';
import { type Locale, text } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { Act } from '../../moderation/acts.js';
import type { Journal } from '../../moderation/journal.js';
import { RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Rests } from '../rest/clients.js';
import { isOpenToAll, readChannel } from '../rest/open-channels.js';
import { classify } from '../rest/route-errors.js';
import { drawLines } from '../views/message.js';

/** Where the moderators of a guild are asked. */
export interface ModeratorsChannel {
  /** Its id. @throws RouteClosedError if there is none, it is gone, or everyone can see it; StoreError; what passes */
  of(guildId: string): Promise<string>;
  /** @throws RouteClosedError if the channel is gone, or everyone can see it; what passes */
  requireHidden(guildId: string, channelId: string): Promise<void>;
  /** Tells managers once why nothing can be asked there, until `reached`. Never throws. */
  unreachable(guildId: string, taskId: string): void;
  /** Something was posted there. */
  reached(guildId: string): void;
}

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly journal: Pick<Journal, 'note'>;
  readonly languageOf: (guildId: string) => Promise<Locale>;
  readonly log: Log;
  readonly now: () => number;
}

type Trouble = Extract<Act, 'review.unreachable' | 'review.public'>;

/** Messages read before a notice is posted: it may be there from before a restart. */
const looked = 25;

export function createModeratorsChannel(deps: Deps): ModeratorsChannel {
  const { rests, settings, journal, log, now } = deps;
  /** What managers of a guild know. */
  const told = new Map<string, Trouble>();
  /** Channels that everyone can see, by guild. */
  const open = new Map<string, string>();

  async function requireHidden(guildId: string, channelId: string): Promise<void> {
    open.delete(guildId);
    let isOpen: boolean;
    try {
      isOpen = await isOpenToAll(rests.bot, guildId, await readChannel(rests.bot, channelId));
    } catch (error) {
      throw classify(error);
    }
    if (!isOpen) return;
    open.set(guildId, channelId);
    throw new RouteClosedError('Everyone can see the channel for moderators.');
  }

  return {
    requireHidden,
    async of(guildId) {
      const { channel } = (await settings.get(guildId)).review;
      if (channel === undefined) throw new RouteClosedError('The server has no channel for moderators.');
      await requireHidden(guildId, channel);
      return channel;
    },
    unreachable(guildId, taskId) {
      const channelId = open.get(guildId);
      const act: Trouble = channelId === undefined ? 'review.unreachable' : 'review.public';
      if (told.get(guildId) === act) return;
      told.set(guildId, act);
      log.warn({ guild: guildId, task: taskId, act }, 'results wait: moderators cannot be asked');
      void journal.note({ guildId, act, at: now(), taskId }).catch((error: unknown) => {
        told.delete(guildId);
        log.warn({ guild: guildId, err: error }, 'an act could not be noted');
      });
      if (channelId !== undefined) void warn(deps, guildId, channelId);
    },
    reached: (guildId) => void told.delete(guildId),
  };
}

/** Says in a channel that everyone can see why nothing is asked there. */
async function warn({ rests, languageOf, log }: Deps, guildId: string, channelId: string): Promise<void> {
  try {
    const card = drawLines([text(await languageOf(guildId), 'review.public')]);
    const query = new URLSearchParams({ limit: String(looked) });
    const latest = (await rests.bot.get(Routes.channelMessages(channelId), { query })) as APIMessage[];
    if (latest.some(({ content, author }) => author.bot && content === card.content)) return;
    await rests.bot.post(Routes.channelMessages(channelId), { body: card });
  } catch (error) {
    log.info({ guild: guildId, err: error }, 'managers could not be told that a channel is open to all');
  }
}
