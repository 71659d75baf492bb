import { componentTypes, type MessageView, walk } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { commanded, createSetBench, done, failed, type SetBench } from '../support/set-delivery.js';
import { anImageRequest, aVideoRequest, states } from '../support/tasks.js';

let bench: SetBench;
afterEach(() => bench.close());

const numbers = ({ attachments }: MessageView) =>
  attachments.map(({ filename }) => Number(/-(\d+)\.png$/.exec(filename)?.[1]));
const ids = ({ components }: MessageView) =>
  walk(components).flatMap(({ component: { custom_id } }) =>
    custom_id ? [custom_id.split(':').slice(1).join(':')] : [],
  );
const lines = ({ content }: MessageView) => content.split('\n');
const the = <T>(all: readonly T[]): T => {
  expect(all).toHaveLength(1);
  return all[0] as T;
};

describe('the message of a set', () => {
  it.each(['listed', 'id'] as const)(
    'fills up in numeric order, whatever comes first (files by %s)',
    async (order) => {
      bench = await createSetBench({ discord: { attachmentOrder: order } });
      await bench.place([done, done, done, done]);
      const { deliver } = await bench.start();
      await deliver(3);
      expect(lines(the(bench.seen()))).toEqual([
        '> a red fox',
        '-# 3 · Hunyuan 3.0 · 34 s',
        expect.stringMatching(/^-# 1 of 4 done · /),
      ]);
      await deliver(1);
      await deliver(4, 2);
      const message = the(bench.seen());
      expect([...numbers(message)].sort()).toEqual([1, 2, 3, 4]);
      if (order === 'listed') expect(numbers(message)).toEqual([1, 2, 3, 4]);
      expect(lines(message).slice(1)).toEqual(
        [1, 2, 3, 4].map((number) => `-# ${number} · Hunyuan 3.0 · 34 s`),
      );
      const event = bench.origin.eventId;
      expect(ids(message)).toEqual(
        ['again', 'edit', 'star', 'delete', 'pick'].map((verb) => `${verb}:${event}:1`),
      );
      // Two that come together go in one edit, unless the first one's edit has begun.
      expect(bench.edits()).toBeLessThanOrEqual(4);
      expect(bench.discord.problems).toEqual([]);
    },
  );

  it('shows a failure in its place, and offers to try it again', async () => {
    bench = await createSetBench();
    const passing = { ...states.failed, failure: { reason: 'unsuccessful' } } as const;
    await bench.place([done, failed, passing, done]);
    const { deliver, delivery } = await bench.start();
    await deliver(2);
    expect(lines(the(bench.seen()))[1]).toBe('-# 2 · failed');
    await deliver(1, 3, 4);
    const message = the(bench.seen());
    expect(numbers(message)).toEqual([1, 4]);
    expect(lines(message)[2]).toMatch(/^-# 2 · ⚠️ .{20}/);
    expect(lines(message)[3]).toMatch(/^-# 3 · ⚠️ .{20}/);
    expect(ids(message)).toContain(`retry:${bench.origin.eventId}:3`);
    expect(ids(message)).not.toContain(`retry:${bench.origin.eventId}:2`);
    expect(delivery).toBeDefined();
  });

  it('says that it failed, like an order of one, and shows the reason once, to the user alone', async () => {
    bench = await createSetBench();
    await bench.place([failed, failed, states.cancelled]);
    const { deliver } = await bench.start();
    await deliver(1, 2, 3);
    const [message, reason, ...more] = bench.seen();
    expect(more).toEqual([]);
    expect(message?.content).toBe(`<@${bench.origin.userId}>'s order failed.`);
    expect(ids(message as MessageView)).toEqual(
      ['details', 'delete'].map((one) => `${one}:${bench.origin.eventId}:1`),
    );
    expect(reason).toMatchObject({ ephemeral: true, content: expect.stringContaining('⚠️') });
  });

  it('is the reply to a mention all along', async () => {
    bench = await createSetBench({ by: 'mention' });
    await bench.place([done, done]);
    const { deliver } = await bench.start();
    await deliver(2);
    await deliver(1);
    const [message, ...more] = bench.seen();
    expect(more).toEqual([]);
    expect(numbers(message as MessageView)).toEqual([1, 2]);
  });
});

describe('what Discord refuses of several together', () => {
  it('is added one by one: only the blocked one is left out', async () => {
    bench = await createSetBench();
    await bench.place([done, done, done]);
    bench.discord.world.filters.setMedia(({ filename }) => filename.includes('-1.'));
    const { deliver } = await bench.start();
    await deliver(1, 2, 3);
    const message = the(bench.seen());
    expect(numbers(message)).toEqual([2, 3]);
    expect(lines(message)[1]).toContain('media filter');
  });

  it('is sent again alone if Discord took the edit and kept only some of the files', async () => {
    bench = await createSetBench();
    await bench.place([done, done, done]);
    bench.discord.faults.add({ kind: 'noFiles', keeps: 1, method: 'PATCH' });
    const { deliver } = await bench.start();
    await deliver(1, 2, 3);
    expect(numbers(the(bench.seen()))).toEqual([1, 2, 3]);
    expect(bench.edits()).toBe(2);
  });
});

describe('a set among others', () => {
  it('keeps the source images that the parts still to come need, and drops them with the last', async () => {
    bench = await createSetBench();
    const source = await bench.host();
    const request = () => anImageRequest({ references: [{ url: 'x', name: 'x.png', hostedAs: source }] });
    await bench.place([done, states.queued], { request });
    const { deliver, ledger } = await bench.start();
    await deliver(1);
    const half = the(bench.seen());
    expect(half.attachments.map(({ filename }) => filename)).toEqual(['a-red-fox-1.png', 'source1.png']);
    await ledger.record(`${bench.origin.eventId}:2`, { type: 'failed', failure: { reason: 'moderation' } });
    await deliver(2);
    // A failure is added without uploading anything.
    expect(numbers(the(bench.seen()))).toEqual([1]);
    expect(bench.discord.problems).toEqual([]);
  });

  it.each([
    ['taken for a result after an error', done, [1, 2]],
    ['left in the place of a failed part', failed, [2]],
  ])('has no source image that no record names, as after a lost answer, %s', async (_, first, shown) => {
    bench = await createSetBench();
    await bench.host();
    await bench.place([first, done]);
    bench.discord.faults.add({ kind: 'status', status: 500, method: 'PATCH' });
    const { deliver } = await bench.start();
    await deliver(1);
    await deliver(2);
    expect(numbers(the(bench.seen()))).toEqual(shown);
  });

  it('is complete once the records of its other parts are deleted', async () => {
    bench = await createSetBench();
    await bench.place([done, done, done]);
    const { deliver, ledger } = await bench.start();
    await deliver(2, 3);
    await ledger.purge({ userId: bench.origin.userId });
    await deliver(1);
    const message = the(bench.seen());
    expect([numbers(message), ids(message)]).toEqual([
      [1, 2, 3],
      expect.arrayContaining([`delete:${bench.origin.eventId}:1`]),
    ]);
    expect(message.content).not.toContain('of 3 done');
  });

  it('leaves out the prompt that Discord refuses, and loses nothing', async () => {
    bench = await createSetBench();
    bench.discord.world.filters.setAutoMod([{ words: ['red fox'] }]);
    await bench.place([done, done]);
    const { deliver } = await bench.start();
    await deliver(1, 2);
    const message = the(bench.seen());
    expect(numbers(message)).toEqual([1, 2]);
    expect(message.content).not.toContain('red fox');
  });

  it('shows the clip of a picked picture after the pictures', async () => {
    bench = await createSetBench();
    const { eventId } = bench.origin;
    const thenAnimate = aVideoRequest();
    await bench.place([done, done], {
      request: (part) => anImageRequest(part === 2 ? { thenAnimate } : {}),
      clip: { id: `${eventId}:102`, after: `${eventId}:2`, request: thenAnimate },
    });
    const { deliver } = await bench.start();
    await deliver(1, 2);
    expect(the(bench.seen()).content).toContain('2 of 3 done');
    await deliver(102);
    const message = the(bench.seen());
    expect(message.attachments.map(({ filename }) => filename)).toEqual([
      'a-red-fox-1.png',
      'a-red-fox-2.png',
      'it-runs-3.mp4',
    ]);
    expect(lines(message).at(-1)).toMatch(/^-# 3 · clip of 2 · Kling 3.0/);
  });

  it('leaves to its user an outcome that they collected', async () => {
    bench = await createSetBench();
    await bench.place([done, done]);
    const { deliver, ledger } = await bench.start();
    await deliver(1);
    const other = await commanded(bench.discord);
    const { token = '', tokenExpiresAt = 0, messageId = '' } = other;
    const id = `${bench.origin.eventId}:2` as const;
    await ledger.amend(id, { token, tokenExpiresAt, messageId, private: true, collected: true });
    await deliver(2);
    const [first, second] = bench.seen() as [MessageView, MessageView];
    expect([numbers(first), second.id, second.attachments.length]).toEqual([[1], messageId, 1]);
    expect(ids(second)).toContain(`again:${id}`);
  });

  it('is said to take long once, however many parts do', async () => {
    bench = await createSetBench({ origin: { tokenExpiresAt: 1 } });
    const late = { ...states.running, letGo: true };
    await bench.place([late, late, late]);
    const { delivery, ledger } = await bench.start();
    for (const task of ledger.unfinished()) await delivery.tellLate(task);
    expect(bench.seen().filter(({ notified }) => notified.length > 0)).toHaveLength(1);
  });

  it('is said to take long once, also if the second part does after a restart', async () => {
    bench = await createSetBench({ origin: { tokenExpiresAt: 1 } });
    const createdAt = states.running.createdAt;
    await bench.place([
      { ...states.running, createdAt: createdAt + 1 },
      { ...states.running, letGo: true, createdAt },
    ]);
    const tellLate = async (part: number) => {
      const { delivery, ledger } = await bench.start();
      const task = ledger.get(`${bench.origin.eventId}:${part}`);
      if (task) await delivery.tellLate(task);
    };
    await tellLate(2);
    bench.discord.clock.advance(10 * 60_000);
    const { ledger } = await bench.start();
    await ledger.record(`${bench.origin.eventId}:1`, { type: 'letGo' });
    await tellLate(1);
    expect(bench.seen().filter(({ notified }) => notified.length > 0)).toHaveLength(1);
  });
});

describe('a token that dies midway', () => {
  it('opens one message, into which all later outcomes are edited', async () => {
    bench = await createSetBench();
    await bench.place([done, done, failed, done]);
    const { deliver } = await bench.start();
    await deliver(2);
    bench.discord.expireToken(bench.origin.eventId);
    await deliver(1);
    await deliver(3, 4);
    const [answer, later, ...more] = bench.seen() as [MessageView, MessageView];
    expect(more).toEqual([]);
    expect(numbers(answer)).toEqual([2]);
    expect(answer.content).not.toContain('done ·');
    expect(answer.content).toContain(later.id);
    expect(numbers(later)).toEqual([1, 4]);
    expect(later.content).toContain('-# 3 · ⚠️');
    expect(later.notified).toEqual([bench.origin.userId]);
    expect(bench.discord.problems).toEqual([]);
  });

  it('leaves one later message, also for a set that another event accepted, and after a crash', async () => {
    bench = await createSetBench({ asked: '1146000000000000023' });
    await bench.place([done, done]);
    bench.discord.expireToken(bench.origin.eventId);
    const first = await bench.start((step) => step === 'after post 1');
    await first.deliver(1).catch(() => {});
    await first.settled();
    // Longer than Discord remembers a nonce.
    bench.discord.clock.advance(10 * 60_000);
    const { deliver } = await bench.start();
    await deliver(1, 2);
    const [, later, ...more] = bench.seen() as [MessageView, MessageView];
    expect([numbers(later), more]).toEqual([[1, 2], []]);
  });

  it('leaves nothing to come in the later message once it is found in the answer', async () => {
    bench = await createSetBench();
    await bench.place([done, done]);
    const first = await bench.start((step) => step === 'before handed 1');
    await first.deliver(1).catch(() => {});
    await first.settled();
    bench.discord.expireToken(bench.origin.eventId);
    let found = () => {};
    const isFound = new Promise<void>((resolve) => {
      found = resolve;
    });
    let opened = () => {};
    const isOpen = new Promise<void>((resolve) => {
      opened = resolve;
    });
    // The second part is drawn while the first one is not known to be there, and recorded once it is.
    const second = await bench.start(undefined, (step) => {
      if (step !== 'after post 2') return undefined;
      opened();
      return isFound;
    });
    const posting = second.deliver(2);
    await isOpen;
    expect(bench.seen()[1]?.content).toContain('1 of 2 done');
    await second.deliver(1);
    found();
    await posting;
    const [answer, later] = bench.seen() as [MessageView, MessageView];
    expect([numbers(answer), numbers(later)]).toEqual([[1], [2]]);
    expect(later.content).not.toContain('done ·');
    expect(later.content).toContain(answer.id);
  });

  it('leaves nothing to come in the later message once it is in the answer', async () => {
    bench = await createSetBench();
    await bench.place([done, done]);
    const { deliver } = await bench.start();
    bench.discord.faults.add({ kind: 'noFiles', method: 'PATCH', times: 4 });
    await deliver(1);
    expect(bench.seen()[1]?.content).toContain('1 of 2 done');
    await deliver(2);
    const [answer, later] = bench.seen() as [MessageView, MessageView];
    expect([numbers(answer), numbers(later)]).toEqual([[2], [1]]);
    expect(answer.content).toContain(later.id);
    expect(later.content).not.toContain('done ·');
    expect(later.content).toContain(answer.id);
  });

  it('leaves on the answer what MPS is yet to fetch, until the last part is over', async () => {
    bench = await createSetBench();
    const source = await bench.host();
    const request = () => anImageRequest({ references: [{ url: 'x', name: 'x.png', hostedAs: source }] });
    await bench.place([done, states.queued], { request });
    bench.discord.expireToken(bench.origin.eventId);
    const { deliver, ledger } = await bench.start();
    const onAnswer = () => bench.seen()[0]?.attachments.map(({ filename }) => filename);
    await deliver(1);
    expect(onAnswer()).toEqual(['source1.png']);
    await ledger.record(`${bench.origin.eventId}:2`, { type: 'failed', failure: { reason: 'moderation' } });
    await deliver(2);
    expect(onAnswer()).toEqual([]);
    expect(bench.seen()).toHaveLength(2);
  });

  it('never takes back a message that holds what an earlier process posted', async () => {
    bench = await createSetBench({ origin: { mayReadHistory: false } });
    await bench.place([done, done]);
    bench.discord.expireToken(bench.origin.eventId);
    const first = await bench.start((step) => step === 'after post 1');
    await first.deliver(1).catch(() => {});
    await first.settled();
    // All it is given back by the nonce is the first file.
    bench.discord.faults.add({ kind: 'noFiles', method: 'PATCH', times: 9 });
    const { deliver } = await bench.start();
    await deliver(2);
    expect(bench.seen().map(numbers)).toEqual([[], [1], [2]]);
  });

  it('sends private results to their user alone', async () => {
    bench = await createSetBench({ origin: { private: true } });
    await bench.place([done, done, done]);
    bench.discord.expireToken(bench.origin.eventId);
    const { deliver } = await bench.start();
    await deliver(2);
    await deliver(1, 3);
    const inDirect = bench.discord.messages('dm:ben');
    expect(numbers(the(inDirect))).toEqual([1, 2, 3]);
    expect(bench.discord.messages('general').flatMap(numbers)).toEqual([]);
  });
});

describe('the ping of a set', () => {
  it('comes once, with its last part, also if two end at the same time', async () => {
    bench = await createSetBench({ notifyAfterMs: -1 });
    await bench.place([done, failed, done]);
    const { deliver } = await bench.start();
    await deliver(2);
    expect(bench.seen()).toHaveLength(1);
    await deliver(1, 3);
    const pings = bench.seen().filter(({ notified }) => notified.length > 0);
    expect(the(pings).content).toContain('Your pictures are ready.');
  });
});

it('shows pending parts in one line, with one time, and takes two edits for it', async () => {
  bench = await createSetBench();
  await bench.place([states.running, states.running, states.queued]);
  const { delivery, ledger } = await bench.start();
  const [first, second, third] = ledger.unfinished();
  if (!first || !second || !third) throw new Error('three parts');
  const soon = Date.now() + 120_000;
  await delivery.introduce(first);
  await delivery.show(third, { ahead: 2, starts: { from: soon, to: soon + 60_000 } });
  await delivery.show(first, { expected: { from: soon, to: soon + 60_000 } });
  await delivery.show(second, { expected: { from: soon + 120_000, to: soon + 240_000 } });
  const message = the(bench.seen());
  expect(bench.edits()).toBe(2);
  const status = lines(message).at(-1) ?? '';
  expect(status).toMatch(/^-# 0 of 3 done · /);
  expect((status.match(/<t:/g) ?? []).length).toBeLessThanOrEqual(1);
  expect(ids(message)).toEqual(['cancel', 'release'].map((verb) => `${verb}:${bench.origin.eventId}:1`));
  expect(
    walk(message.components).every(({ component }) => component.type !== componentTypes.stringSelect),
  ).toBe(true);
});
