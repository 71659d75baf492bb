import { describe, expect, it } from 'vitest';
import { disagreement, type Made, useOf } from '../../chaos/quota.js';
import { anOrder } from '../../support/chaos.js';
import { enUS } from '../../support/languages.js';

const picture: Made = { kind: 'image', params: { Prompt: 'a red fox' }, reportedAt: 2 };
const clip: Made = { kind: 'video', params: { Prompt: 'it runs', Duration: 5 }, reportedAt: 2 };

describe('what MPS bills for some orders', () => {
  it('is pictures, and seconds of clips, that it reported as done', () => {
    const tasks = [picture, { kind: picture.kind, params: picture.params }, clip, clip];
    const orders = [anOrder(), anOrder({ prompt: 'it runs' })];
    expect(useOf(tasks, orders)).toEqual({ pictures: 1, seconds: 10 });
    expect(useOf(tasks, [])).toEqual({ pictures: 0, seconds: 0 });
  });
});

describe('the usage that users are shown', () => {
  const made = { pictures: 9, seconds: 15 };
  const server = [
    '**You**',
    'Pictures this month: 1 (no limit) · resets <t:1:R>',
    '**This server**',
    'Pictures today: 9 (no limit) · resets <t:1:R>',
    'Pictures this month: 9 (no limit) · resets <t:2:R>',
    'Seconds of clips this month: 15 (no limit) · resets <t:2:R>',
  ].join('\n');

  it('agrees with what was made', () => {
    expect(disagreement(server, 'This server', made)).toBeUndefined();
    expect(disagreement(server, 'You', { pictures: 1, seconds: 0 })).toBeUndefined();
    const none = enUS.texts['standing.none'];
    expect(disagreement(none, 'This server', { pictures: 0, seconds: 0 })).toBeUndefined();
  });

  it.each([
    ['a failure that was not given back', server, { ...made, pictures: 8 }],
    ['a clip that was not counted', server, { ...made, seconds: 20 }],
    ['something that is still reserved', `${server} · 1 in progress`, made],
    ['no answer', 'Error: no such message within 10000 ms', { pictures: 0, seconds: 0 }],
    ['an order that is still open', `${server}\nOrders in progress: 1 (no limit)`, made],
  ])('does not: %s', (_name, content, truth) => {
    expect(disagreement(content, 'This server', truth)).toMatch(/^MPS made/);
  });
});
