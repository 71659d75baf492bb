import { type RESTPostAPICurrentUserCreateDMChannelResult, Routes } from 'discord.js';
import type { Rests } from './clients.js';

/** Opens the direct messages with a user. @returns the channel's id. @throws DiscordAPIError */
export async function openDirectChannel({ bot }: Pick<Rests, 'bot'>, userId: string): Promise<string> {
  const channel = await bot.post(Routes.userChannels(), { body: { recipient_id: userId } });
  return (channel as RESTPostAPICurrentUserCreateDMChannelResult).id;
}
