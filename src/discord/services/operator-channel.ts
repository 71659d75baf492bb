import { type APIChannel, type APIGuild, Routes } from 'discord.js';
import type { Settings } from '../../guilds/settings.js';
import { defaultLocale, type Locale } from '../../locales/index.js';
import { publicLocale } from '../access/languages.js';
import type { Rests } from '../rest/clients.js';

/** The channel in which the operator reads about problems that only they can fix. */
export interface OperatorChannel {
  /**
   * The language of the channel's server.
   * @throws errors of Discord's REST API.
   */
  locale(): Promise<Locale>;
  /** @param nonce ≤ 25 characters; of two posts with one nonce within minutes Discord keeps the first. */
  post(content: string, nonce: string): Promise<void>;
}

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly settings: Pick<Settings, 'lastKnown'>;
  /** OPERATOR_CHANNEL_ID */
  readonly channelId: string;
}

export function createOperatorChannel({ rests, settings, channelId }: Deps): OperatorChannel {
  return {
    async locale() {
      const channel = (await rests.bot.get(Routes.channel(channelId))) as APIChannel;
      const guildId = 'guild_id' in channel ? channel.guild_id : undefined;
      if (guildId === undefined) return defaultLocale;
      const { preferred_locale: locale } = (await rests.bot.get(Routes.guild(guildId))) as APIGuild;
      return publicLocale(await settings.lastKnown(guildId), { locale });
    },
    async post(content, nonce) {
      const body = { content, nonce, enforce_nonce: true, allowed_mentions: { parse: [] } };
      await rests.bot.post(Routes.channelMessages(channelId), { body });
    },
  };
}
