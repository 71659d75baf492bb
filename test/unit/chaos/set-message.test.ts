import { EventEmitter } from 'node:events';
import type { StandInEvents } from '@easel/discord-stand-in';
import { describe, expect, it } from 'vitest';
import { judge } from '../../chaos/judge.js';
import { lineOf, readSet } from '../../chaos/set-message.js';
import { createWitness, outcomesOf } from '../../chaos/witness.js';
import { aCreate, aFile, anOrder, anOutcome, facts, through } from '../../support/chaos.js';
import { enUS, zhCN } from '../../support/languages.js';

const order = anOrder();
const buttons = (...ids: string[]) => [
  { type: 1, components: ids.map((custom_id) => ({ type: 2, custom_id })) },
];
const filling = buttons(`v1:cancel:${order.id}:1`);
const file = (number: number) => ({ ...aFile, id: `${number}`, filename: `fox-${number}.png` });
const part = (number: number) => anOrder({ part: number, set: { parts: 3, number } });
const message = (content: string, ...files: number[]) =>
  anOutcome({ content, components: filling, attachments: files.map(file) });

describe('a set’s message', () => {
  it.each([enUS, zhCN])('has an outcome for each number that is over ($tag)', ({ texts }) => {
    const lines = [
      '> a red fox',
      '-# 1 · Hunyuan 3.0 · 34 s',
      `-# 2 · ⚠️ ${texts['failure.unsuccessful']}`,
      `-# 3 · ${texts['card.set.same'].replace('{{number}}', '2')}`,
      `-# 4 · ${texts['card.set.cancelled']}`,
      `-# 5 · Hunyuan 3.0 · 34 s · ${texts['fit.withheld']}`,
      '-# 6 · Hunyuan 3.0 · 34 s',
      `-# 7 · ${texts['card.set.clip'].replace('{{number}}', '1')} · ${texts['card.set.failed']}`,
      '-# 7 of 9 done · Running',
    ];
    const read = readSet(message(lines.join('\n'), 1));
    expect(read?.event).toBe(order.id);
    expect([...(read?.shown ?? [])].sort()).toEqual([
      [1, 'delivered'],
      [2, 'unsuccessful'],
      [3, 'unsuccessful'],
      [4, 'cancelled'],
      [5, 'withheld'],
      [7, 'failed'],
    ]);
  });

  it('is none without numbered lines', () => {
    expect(readSet(message('> a red fox\n-# 0 of 4 done · Waiting', 1))).toBeUndefined();
  });

  it('may tell its user alone why each part failed', () => {
    const content = `1 · ⚠️ ${enUS.texts['failure.interrupted']}\n2 · ⚠️ ${enUS.texts['failure.unsuccessful']}`;
    expect([1, 2, 3].map((number) => lineOf(content, number))).toEqual([
      'interrupted',
      'unsuccessful',
      undefined,
    ]);
  });
});

describe('a witness of a set', () => {
  it('has seen each part by itself, and the ping once', () => {
    const events = new EventEmitter<StandInEvents>();
    const { seen, pings } = createWitness({ events });
    events.emit('messageUpdated', message('-# 2 · failed'));
    events.emit('messageUpdated', message(`-# 1 · a\n-# 2 · ⚠️ ${enUS.texts['failure.unsuccessful']}`, 1));
    const other = anOutcome({ id: '25', content: '-# 1 · a', components: filling, attachments: [file(1)] });
    events.emit('messageCreated', { ...other, notified: [order.userId] });
    expect(seen(part(1)).map(({ messageId }) => messageId)).toEqual(['24', '25']);
    expect(seen(part(2))).toMatchObject([{ messageId: '24', outcome: 'unsuccessful' }]);
    expect(seen(part(3))).toEqual([]);
    expect(pings(order.id)).toEqual(['25']);
  });
});

it('bears outcomes while it fills up, also if only its user sees it', () => {
  const secret = { ...message('-# 1 · a\n-# 1 of 3 done · Running', 1), visibleTo: order.userId };
  const channels = () => [{ id: '3' }];
  const discord = { world: { channels }, messages: () => [secret] };
  const world = { discord } as unknown as Parameters<typeof outcomesOf>[0];
  expect([1, 2].map((number) => outcomesOf(world, part(number)))).toEqual([[secret], []]);
});

describe('chaos finds of a set', () => {
  const way = ['received', 'queued', 'submitting', 'running', 'fetching', 'delivering', 'delivered'] as const;
  const known = facts({ task: through(way), creates: [aCreate({ reportedAt: 300 })], order: part(2) });
  const sights = {
    accepted: true,
    waiting: 1,
    outcomes: [message('-# 1 · a\n-# 2 · b', 1, 2)],
    posted: 'file',
    received: ['other', 'file'],
    made: ['file', 'other'],
    told: ['file', 'other'],
  };

  it('nothing wrong with a part in its place', () => {
    expect(judge(known, sights).faults).toEqual([]);
  });

  it.each([
    ['a part that shows another one’s file', { received: ['file', 'file'], told: ['file'] }],
    ['files in another order', { outcomes: [message('-# 1 · a\n-# 2 · b', 2, 1)] }],
  ])('misplaced: %s', (_name, changes) => {
    expect(judge(known, { ...sights, ...changes }).faults).toEqual(['misplaced']);
  });

  it('a doubled answer: two files with its number', () => {
    const outcomes = [message('-# 1 · a\n-# 2 · b', 1, 2, 2)];
    expect(judge(known, { ...sights, outcomes }).faults).toEqual(['doubled answer']);
  });

  it('scattered or pinged twice: more than its answer and one message, and one ping', () => {
    expect(judge({ ...known, spread: 3, pings: 2 }, sights).faults).toEqual(['scattered', 'pinged twice']);
  });
});
