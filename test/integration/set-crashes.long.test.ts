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
        expect(pings.length).toBeLessThanOrEqual(1);
        for (const part of [1, 2, 3])
          expect(second.ledger.get(`${bench.origin.eventId}:${part}`)).toBeUndefined();
        if (step !== steps.at(-1)) await bench.close();
      }
    },
    120_000,
  );
});
