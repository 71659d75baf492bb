import type { AttachmentView, Component, MessageView } from '@easel/discord-stand-in';

let serial = 0;

/** A message of the bot's, as users see it. */
export function aMessage(changes: Partial<MessageView> = {}): MessageView {
  serial += 1;
  return {
    id: String(1_100_000_000_000_000_000n + BigInt(serial)),
    channelId: '3',
    guildId: '2',
    author: { id: '1', username: 'Easel', bot: true },
    type: 20,
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    flags: 0,
    ephemeral: false,
    loading: false,
    createdAt: 0,
    editedAt: undefined,
    deleted: false,
    mentions: [],
    notified: [],
    visibleTo: undefined,
    replyTo: undefined,
    forwarded: false,
    stickers: [],
    snapshots: [],
    interactionId: undefined,
    ...changes,
  };
}

export function aFile(filename: string, changes: Partial<AttachmentView> = {}): AttachmentView {
  serial += 1;
  return {
    id: String(serial),
    filename,
    size: 63_201,
    url: 'http://127.0.0.1/x',
    description: undefined,
    contentType: filename.endsWith('.mp4') ? 'video/mp4' : 'image/png',
    width: undefined,
    height: undefined,
    ...changes,
  };
}

export function buttons(...labels: string[]): Component[] {
  const components = labels.map((label) => ({
    type: 2,
    style: 2,
    label,
    custom_id: `v1:${label.toLowerCase()}`,
  }));
  return [{ type: 1, components }];
}
