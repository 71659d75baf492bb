import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { createSetBench, done, failed, Killed, type SetBench } from '../support/set-delivery.js';

let bench: SetBench;
afterEach(() => bench.close());

const numbers = ({ attachments }: MessageView) =>
  attachments.map(({ filename }) => Number(/-(\d+)\.png$/.exec(filename)?.[1]));
const the = <T>(all: readonly T[]): T => {
  expect(all).toHaveLength(1);
  return all[0] as T;
};

/** The steps at which a process can die, of a set of three whose second part failed. */
const steps = ['handing', 'post', 'handed'].flatMap((what) =>
  [1, 2, 3].flatMap((part) => [`before ${what} ${part}`, `after ${what} ${part}`]),
);

describe('a process that is killed between any two steps', () => {
  it.each(['answer', 'channel', 'direct', 'mention', 'no history'] as const)(
    'neither doubles nor loses an outcome, nor its place (%s)',
    async (route) => {
      for (const step of steps) {
        bench = await createSetBench({
          notifyAfterMs: -1,
          by: route === 'mention' ? 'mention' : 'command',
          origin: {
            ...(route === 'direct' && { private: true }),
            ...(route === 'no history' && { mayReadHistory: false }),
          },
        });
        await bench.place([done, failed, done]);
        if (['channel', 'direct', 'no history'].includes(route))
          bench.discord.expireToken(bench.origin.eventId);
        const first = await bench.start((at) => at === step);
        const isKilled = (error: unknown) => expect(error).toBeInstanceOf(Killed);
        await Promise.all([1, 3, 2].map((part) => first.deliver(part).catch(isKilled)));
        await first.settled();
        const second = await bench.start();
        await second.deliver(1, 2, 3);
        const all = bench
          .seen()
          .filter((message) => message.attachments.length > 0 || message.content.includes('⚠️'));
        expect([step, the(all).id === bench.origin.messageId]).toEqual([
          step,
          ['answer', 'mention'].includes(route),
        ]);
        const message = the(all);
        expect([step, numbers(message)]).toEqual([step, [1, 3]]);
        expect([step, message.content.match(/^-# \d/gm)]).toEqual([step, ['-# 1', '-# 2', '-# 3']]);
        const pings = bench.seen().filter(({ notified }) => notified.length > 0);
        expect([step, pings.slice(1).map(({ content }) => content)]).toEqual([step, []]);
        for (const part of [1, 2, 3])
          expect(second.ledger.get(`${bench.origin.eventId}:${part}`)).toBeUndefined();
        if (step !== steps.at(-1)) await bench.close();
      }
    },
    120_000,
  );
});

/** Numbers of a seed, 0 to below 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

it.each(Array.from({ length: 25 }, (_, seed) => seed + 1))(
  'shows each of four parts once, through kills, dropped files and a dying token (seed %i)',
  async (seed) => {
    const chance = random(seed);
    bench = await createSetBench({
      discord: { attachmentOrder: chance() < 0.5 ? 'id' : 'listed' },
      notifyAfterMs: -1,
    });
    const parts = [1, 2, 3, 4];
    const isFailed = parts.map(() => chance() < 0.25);
    await bench.place(isFailed.map((one) => (one ? failed : done)));
    if (chance() < 0.3) bench.discord.faults.add({ kind: 'noFiles', keeps: 1, method: 'PATCH' });
    if (chance() < 0.3) bench.discord.faults.add({ kind: 'resetAfter', method: 'PATCH' });
    if (chance() < 0.3) bench.discord.faults.add({ kind: 'resetAfter', method: 'POST', route: 'messages$' });
    let left = Math.floor(chance() * 20);
    const dying = Math.floor(chance() * 3);
    for (let life = 0; life < 3; life++) {
      if (life === dying) bench.discord.expireToken(bench.origin.eventId);
      const bot = await bench.start(() => life < 2 && left-- === 0);
      const order = [...parts].sort(() => chance() - 0.5);
      const cut = Math.floor(chance() * 5);
      const deliver = (some: readonly number[]) =>
        Promise.all(
          some.map((part) =>
            bot.deliver(part).catch((error: unknown) => expect(error).toBeInstanceOf(Killed)),
          ),
        );
      await deliver(order.slice(0, cut));
      if (life === 2 || left >= 0) await deliver(order.slice(cut));
      await bot.settled();
      left = Math.floor(chance() * 20);
    }
    const seen = bench.seen().filter(({ ephemeral }) => !ephemeral);
    const whole = isFailed.every((one) => one);
    const shown = seen.flatMap(numbers).sort();
    expect(shown).toEqual(parts.filter((part) => !isFailed[part - 1]));
    for (const { content } of seen) expect(content).not.toMatch(/ of 4 done/);
    const places = seen.flatMap(({ content }) => content.match(/^-# \d/gm) ?? []).sort();
    if (!whole) expect(places).toEqual(parts.map((part) => `-# ${part}`));
    for (const message of seen) {
      const lined = message.content.match(/^-# (\d) · (?!⚠️|failed)/gm) ?? [];
      expect(lined.map((line) => Number(line[3]))).toEqual([...numbers(message)].sort());
    }
    expect(bench.seen().filter(({ notified }) => notified.length > 0).length).toBeLessThanOrEqual(1);
    const later = seen.filter(
      ({ id, attachments, content }) =>
        id !== bench.origin.messageId && (attachments.length > 0 || content.includes('-#')),
    );
    expect(later.length).toBeLessThanOrEqual(1);
  },
  60_000,
);
