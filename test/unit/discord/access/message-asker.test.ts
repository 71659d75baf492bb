import { describe, expect, it } from 'vitest';
import { type AskedMessage, askerIn } from '../../../../src/discord/access/message-asker.js';
import { escapeWords } from '../../../../src/discord/views/markdown.js';

const ben = '1100000000000000004';
const mia = '1100000000000000005';

function aMessage(parts: {
  content?: string;
  asked?: string;
  replied?: { id: string; bot: boolean };
}): AskedMessage {
  const { content = '', asked, replied = null } = parts;
  const interactionMetadata = asked === undefined ? null : { user: { id: asked } };
  return { content, interactionMetadata, mentions: { repliedUser: replied } } as unknown as AskedMessage;
}

describe('the user whom a message belongs to', () => {
  it('is the one whose command or button it answers, whatever it mentions', () => {
    expect(askerIn(aMessage({ asked: ben, content: `<@${mia}>\na fox` }))).toBe(ben);
  });

  it('is the one it replies to, unless that is a bot', () => {
    expect(askerIn(aMessage({ replied: { id: ben, bot: false } }))).toBe(ben);
    expect(askerIn(aMessage({ replied: { id: mia, bot: true } }))).toBeUndefined();
  });

  it('is the one its first line mentions, also below a card of the bot', () => {
    expect(askerIn(aMessage({ content: `<@${ben}>\na fox`, replied: { id: mia, bot: true } }))).toBe(ben);
  });

  it('is never one whom a prompt mentions', () => {
    expect(askerIn(aMessage({ content: `${escapeWords(`<@${mia}>`)}\na fox` }))).toBeUndefined();
    expect(askerIn(aMessage({ content: `a fox for <@${mia}>\n` }))).toBeUndefined();
  });
});
