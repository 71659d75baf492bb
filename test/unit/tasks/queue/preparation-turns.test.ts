import { setMaxListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPreparationTurns } from '../../../../src/tasks/queue/preparation-turns.js';
import { anOrigin } from '../../../support/tasks.js';

const settle = async () => {
  for (let n = 0; n < 20; n++) await turn();
};

function bench(options?: Parameters<typeof createPreparationTurns>[0]) {
  const turns = createPreparationTurns(options);
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return {
    started,
    stop,
    end: (name: string) => ends.get(name)?.(),
    prepare: (name: string, userId: string, guildId: string, signal: AbortSignal = stop.signal) =>
      turns.run(
        { origin: anOrigin({ userId, guildId }) },
        () => {
          started.push(name);
          return new Promise<void>((resolve) => ends.set(name, resolve));
        },
        signal,
      ),
  };
}

describe('slots for preparing images', () => {
  it('are left to another server while one member prepares as many as they can', async () => {
    const { prepare, started } = bench();
    for (let n = 0; n < 40; n++) void prepare(`ben ${n}`, 'ben', 'first');
    await settle();
    expect(started).toEqual(['ben 0', 'ben 1']);
    void prepare('mia', 'mia', 'second');
    await settle();
    expect(started).toEqual(['ben 0', 'ben 1', 'mia']);
  });

  it('rotate over the servers and their members once all are taken', async () => {
    const { prepare, started, end } = bench({ slots: 2, perMember: 1 });
    for (const member of ['ann', 'ben', 'cid', 'dan']) void prepare(member, member, 'first');
    await settle();
    void prepare('ann again', 'ann', 'first');
    void prepare('mia', 'mia', 'second');
    await settle();
    expect(started).toEqual(['ann', 'ben']);
    for (const name of ['ann', 'ben', 'mia', 'cid', 'dan']) {
      end(name);
      await settle();
    }
    expect(started).toEqual(['ann', 'ben', 'mia', 'cid', 'dan', 'ann again']);
  });

  it('are given up when the caller stops waiting, and when a job fails', async () => {
    const { prepare, started, end } = bench({ slots: 1, perMember: 1 });
    const leaving = new AbortController();
    void prepare('first', 'ben', 'first');
    const left = prepare('left', 'ben', 'first', leaving.signal);
    const late = prepare('late', 'mia', 'second', leaving.signal);
    void prepare('next', 'ben', 'first');
    await settle();
    leaving.abort(new Error('the order is over'));
    await expect(left).rejects.toThrow('the order is over');
    await expect(late).rejects.toThrow('the order is over');
    end('first');
    await settle();
    expect(started).toEqual(['first', 'next']);
    end('next');
    const turns = createPreparationTurns({ slots: 1 });
    const origin = anOrigin();
    const failing = turns.run({ origin }, () => Promise.reject(new Error('broken')), leaving.signal);
    await expect(failing).rejects.toThrow();
    expect(await turns.run({ origin }, async () => 'made', new AbortController().signal)).toBe('made');
  });
});
