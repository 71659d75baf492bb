import type { InteractionView, MessageView } from '@easel/discord-stand-in';
import { describe, expect, it } from 'vitest';
import { locales, text } from '../../../../src/locales/index.js';
import { aFile, aMessage, buttons } from '../../../../test/support/messages.js';
import { asksForFile } from '../../src/actions/expected-file.js';
import { isWaiting, judge, resultsOf } from '../../src/actions/outcomes.js';

/** A command that was answered in this way (Discord docs: "Interaction Callback Type"). */
function answered(type: number | undefined, ...messages: MessageView[]) {
  const interaction: InteractionView = {
    id: '9',
    type: 2,
    name: 'imagine',
    userId: '5',
    channelId: '3',
    createdAt: 0,
    acknowledged: type === undefined ? undefined : { type, afterMs: 20 },
    failed: false,
    message: messages[0],
    followUps: [],
    modal: undefined,
    choices: undefined,
  };
  return { interaction, messages, asksForFile: true, names };
}

const names = { user: () => 'ada', channel: () => undefined, now: 1_000_000_000_000 };

const card = '> a red fox\n-# Hunyuan 3.0 · painting';

describe('an action of a user', () => {
  it.each([
    ['nothing has been said', answered(undefined)],
    ['the bot is thinking', answered(5, aMessage({ loading: true }))],
    ['a card says how things stand', answered(5, aMessage({ content: card }))],
    ['the card can be called off', answered(5, aMessage({ content: card, components: buttons('Cancel') }))],
    [
      'the card says Stop waiting',
      answered(5, aMessage({ content: card, components: buttons('Stop waiting') })),
    ],
    ['the card says 不再等待', answered(5, aMessage({ content: card, components: buttons('不再等待') }))],
    [
      'the card can be dismissed, whatever the button says',
      answered(
        5,
        aMessage({
          content: card,
          components: [{ type: 1, components: [{ type: 2, label: 'Leave', custom_id: 'v1:release:1:1' }] }],
        }),
      ),
    ],
    [
      'the card holds a source of the person',
      answered(5, aMessage({ content: card, attachments: [aFile('source-1.jpg')] })),
    ],
    [
      'the first of two files is there',
      answered(5, aMessage({ attachments: [aFile('fox-1.png')], components: buttons('Cancel') })),
    ],
    [
      'the first of several results is there',
      answered(
        5,
        aMessage({
          content: '> a red fox\n-# 1 · Hunyuan 3.0 · 9 s\n-# 1 of 4 done · painting',
          attachments: [aFile('fox-1.png')],
          components: buttons('Details'),
        }),
      ),
    ],
    [
      'none of several results is there',
      answered(5, aMessage({ content: '> 狐狸\n-# 已完成 0/4 · 准备中', components: buttons('详情') })),
    ],
    ['the card is private and waits', answered(5, aMessage({ content: card, ephemeral: true }))],
  ])('goes on while %s', (_, sight) => {
    expect(judge(sight)).toBeUndefined();
  });

  it('has delivered once a file is there', () => {
    const message = aMessage({
      content: '> a red fox',
      attachments: [aFile('fox-1.png')],
      components: buttons('Again'),
    });
    expect(judge(answered(5, message))).toEqual({ outcome: 'delivered', reason: null, messages: [message] });
  });

  it('has delivered when the file comes in a message other than the answer', () => {
    const other = aMessage({ attachments: [aFile('fox-1.png')], replyTo: '7' });
    expect(judge(answered(5, aMessage({ content: card }), other))).toMatchObject({
      outcome: 'delivered',
      messages: [other],
    });
  });

  it('has failed when the card becomes a sentence, with or without a button', () => {
    const content =
      '> forbidden \\*words\\*\n⚠️ The content check refused these words. Describe it *differently*, or try \\#2.';
    const reason = 'The content check refused these words. Describe it *differently*, or try #2.';
    for (const components of [buttons('Try again'), []])
      expect(judge(answered(5, aMessage({ content, components })))).toMatchObject({
        outcome: 'failed',
        reason,
      });
  });

  it('has failed for the reason that only the user who asked is shown, once that has arrived', () => {
    const card = aMessage({ content: "<@1>'s order failed.", components: buttons('Why?', 'Delete') });
    expect(judge(answered(5, card))).toBeUndefined();
    const told = aMessage({ content: '⚠️ It is damaged.', components: buttons('Edit'), ephemeral: true });
    expect(judge(answered(5, card, told))).toMatchObject({ outcome: 'failed', reason: 'It is damaged.' });
  });

  it('is refused when the first answer is text, whatever it looks like', () => {
    const message = aMessage({ content: 'Nothing is on its way.\n-# page 1', ephemeral: true });
    expect(judge(answered(4, message))).toMatchObject({
      outcome: 'refused',
      reason: 'Nothing is on its way. page 1',
    });
  });

  it.each([
    ['at once', 4],
    ['after a while', 5],
  ])('that asks for no file is answered by words, %s', (_, type) => {
    const message = aMessage({ content: '**Today**: 3 pictures by <@5>\n-# New ones come <t:1000000060:R>' });
    expect(judge({ ...answered(type, message), asksForFile: false })).toEqual({
      outcome: 'answered',
      reason: null,
      text: 'Today: 3 pictures by @ada\nNew ones come in 1 minute',
      messages: [],
    });
  });

  it("that changes its button's message and asks for no file is answered by that", () => {
    expect(judge({ ...answered(6), asksForFile: false })).toMatchObject({ outcome: 'answered', text: '' });
    expect(judge(answered(6))).toBeUndefined();
  });

  it('is refused in words if it opened a form', () => {
    const { interaction } = answered(9);
    const modal = { customId: 'x', title: 'Animate', components: [] };
    expect(
      judge({ interaction: { ...interaction, modal }, messages: [], asksForFile: true, names }),
    ).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('"Animate"'),
    });
  });

  it('that was a message is refused when text answers it', () => {
    const message = aMessage({ content: 'I cannot see that picture.' });
    expect(judge({ interaction: undefined, messages: [message], asksForFile: true, names })).toMatchObject({
      outcome: 'refused',
    });
  });

  it("that is never acknowledged ends with Discord's own sentence", () => {
    const { interaction } = answered(undefined);
    expect(
      judge({ interaction: { ...interaction, failed: true }, messages: [], asksForFile: true, names }),
    ).toEqual({
      outcome: 'timeout',
      reason: 'The application did not respond',
      messages: [],
    });
  });
});

it("a user's own files are not results", () => {
  const author = { id: '5', username: 'ada', bot: false };
  expect(resultsOf(aMessage({ author, attachments: [aFile('cat.png')] }))).toEqual([]);
});

it('text in components is read as well', () => {
  const components = [{ type: 17, components: [{ type: 10, content: '-# painting' }] }];
  expect(isWaiting(aMessage({ components }))).toBe(true);
  expect(isWaiting(aMessage({ components: [{ type: 10, content: 'No.' }] }))).toBe(false);
});

it.each(locales)('a set that fills up is waited for in %s', (locale) => {
  const done = text(locale, 'card.set.done', { done: 1, all: 4 });
  expect(
    isWaiting(
      aMessage({ content: `> a red fox\n-# ${done} · Hunyuan 3.0`, attachments: [aFile('fox.png')] }),
    ),
  ).toBe(true);
});

it.each(locales)('Details, pressed in %s, asks for no file', (locale) => {
  expect(asksForFile(`press:${text(locale, 'button.details')}`, [])).toBe(false);
});
