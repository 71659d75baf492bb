/** The target of a message link: ids. */
export interface MessageAddress {
  /** Undefined in a direct message. */
  readonly guildId: string | undefined;
  readonly channelId: string;
  /** Undefined for a link to the channel. */
  readonly messageId: string | undefined;
}

const pattern =
  /^https:\/\/(?:(?:ptb|canary)\.)?discord(?:app)?\.com\/channels\/(@me|\d+)\/(\d+)(?:\/(\d+))?\/?$/;

/** Reads a message link, `https://discord.com/channels/1/2/3`; undefined for any other address. */
export function messageAddress(link: string): MessageAddress | undefined {
  const [, guild, channelId, messageId] = pattern.exec(link) ?? [];
  if (guild === undefined || channelId === undefined) return undefined;
  return { guildId: guild === '@me' ? undefined : guild, channelId, messageId };
}
