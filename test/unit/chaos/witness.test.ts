import { EventEmitter } from 'node:events';
import type { StandInEvents } from '@easel/discord-stand-in';
import { describe, expect, it } from 'vitest';
import { untold } from '../../chaos/ending-texts.js';
import { createWitness, isPublic, outcomeOf } from '../../chaos/witness.js';
import { aFile, anOrder, anOutcome } from '../../support/chaos.js';
import { enUS, zhCN } from '../../support/languages.js';

const order = anOrder();
const buttons = (...ids: string[]) => [
  { type: 1, components: ids.map((custom_id) => ({ type: 2, custom_id })) },
];
const marked = { components: buttons(`v1:edit:${order.id}:1`) };
const inWords = (content: string) => anOutcome({ ...marked, content, attachments: [] });

describe('a witness', () => {
  it('remembers every outcome that was shown, also one that was replaced', () => {
    const events = new EventEmitter<StandInEvents>();
    const { seen } = createWitness({ events });
    events.emit('messageCreated', anOutcome({ content: 'no outcome' }));
    events.emit('messageCreated', inWords(enUS.texts['card.cancelled']));
    events.emit('messageUpdated', anOutcome(marked));
    events.emit('messageUpdated', anOutcome({ ...marked, content: 'the same, drawn anew' }));
    events.emit('messageCreated', anOutcome({ ...marked, id: '25', guildId: undefined }));
    expect(seen(order)).toMatchObject([
      { messageId: '24', outcome: 'cancelled' },
      { messageId: '24', outcome: 'delivered' },
      { messageId: '25', outcome: 'delivered' },
    ]);
    expect(seen(order).map(isPublic)).toEqual([true, true, false]);
    expect(seen({ ...order, part: 101 })).toEqual([]);
  });
});

describe('a card that says only that its order failed', () => {
  const card = anOutcome({
    content: "<@1>'s order failed.",
    attachments: [],
    components: buttons(`v1:details:${order.id}:1`, `v1:delete:${order.id}:1`),
  });
  const reason = anOutcome({
    id: '25',
    attachments: [],
    visibleTo: order.userId,
    components: buttons(`v1:edit:${order.id}:1`),
    content: `⚠️ ${enUS.texts['failure.interrupted']}`,
  });

  it('is the outcome, and the message to the user who asked is its reason', () => {
    const events = new EventEmitter<StandInEvents>();
    const { seen, reasons } = createWitness({ events });
    events.emit('messageCreated', card);
    expect(reasons(order)).toEqual([]);
    events.emit('messageCreated', reason);
    expect(seen(order)).toMatchObject([{ messageId: '24', outcome: untold }]);
    expect(reasons(order)).toMatchObject([
      { messageId: '25', outcome: 'interrupted', visibleTo: order.userId },
    ]);
  });
});

describe('the outcome in a message', () => {
  it('is a file, and for a clip only a clip', () => {
    const clip = { ...aFile, filename: 'fox.mp4' };
    expect(outcomeOf(anOutcome(marked), 1)).toBe('delivered');
    expect(outcomeOf(anOutcome({ ...marked, attachments: [aFile, clip] }), 101)).toBe('delivered');
    expect(outcomeOf(anOutcome(marked), 101)).not.toBe('delivered');
    const both = buttons(`v1:edit:${order.id}:1`, `v1:again:${order.id}:101`);
    expect(outcomeOf(anOutcome({ components: both, attachments: [clip] }), 1)).not.toBe('delivered');
  });
  it('is told apart if one message has both: the picture’s first, then its clip’s', () => {
    const withheld = enUS.texts['fit.withheld'].replace('{{original}}', 'press Original for the full file');
    const both = inWords(`> a red fox\n-# ${withheld}\n> it runs\n⚠️ ${enUS.texts['failure.interrupted']}`);
    expect(outcomeOf(both, 1)).toBe('withheld');
    expect(outcomeOf(both, 101)).toBe('interrupted');
  });
  it('is otherwise a failure, in either language', () => {
    expect(outcomeOf(inWords(`> a red fox\n⚠️ ${enUS.texts['failure.interrupted']}`), 1)).toBe('interrupted');
    expect(outcomeOf(inWords(zhCN.texts['failure.unsuccessful']), 1)).toBe('unsuccessful');
    expect(outcomeOf(inWords('Oh dear.'), 1)).toBe('of no known text');
  });
});
