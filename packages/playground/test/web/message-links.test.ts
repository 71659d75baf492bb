import { describe, expect, it } from 'vitest';
import { messageAddress } from '../../web/message-links.js';

describe('a message link', () => {
  it.each([
    ['https://discord.com/channels/1/2/3', { guildId: '1', channelId: '2', messageId: '3' }],
    ['https://canary.discord.com/channels/1/2/3', { guildId: '1', channelId: '2', messageId: '3' }],
    ['https://discord.com/channels/@me/2/3', { guildId: undefined, channelId: '2', messageId: '3' }],
    ['https://discord.com/channels/1/2', { guildId: '1', channelId: '2', messageId: undefined }],
  ])('%s names a place', (link, address) => expect(messageAddress(link)).toEqual(address));

  it.each(['https://discord.com/', 'https://discord.com.example.org/channels/1/2/3', 'javascript:1'])(
    '%s is not one',
    (link) => expect(messageAddress(link)).toBeUndefined(),
  );
});
