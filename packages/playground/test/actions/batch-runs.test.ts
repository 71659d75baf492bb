import { ClientRefusal } from '@easel/discord-stand-in';
import { expect, it } from 'vitest';
import { aFile, aMessage } from '../../../../test/support/messages.js';
import { type BatchDeps, describeRun, type RunResult, runAll } from '../../src/actions/batch-runs.js';
import type { Verdict } from '../../src/actions/outcomes.js';

const picture = aMessage({ attachments: [aFile('fox.png')] });
const delivered: Verdict = { outcome: 'delivered', reason: null, messages: [picture] };

/** Lines with given verdicts; the clock advances by 1500 ms at each look. */
function world(verdict: (line: string) => Promise<Verdict>, more: Partial<BatchDeps> = {}) {
  const log: string[] = [];
  let time = 0;
  const deps: BatchDeps = {
    doer: {
      async act(line) {
        log.push(line);
        if (line === '/nope') throw new ClientRefusal('there is no command nope');
        return {
          see: () => ({
            interaction: undefined,
            messages: [aMessage({ content: line })],
            asksForFile: true,
            names: { user: () => undefined, channel: () => undefined, now: 0 },
          }),
        };
      },
      untilVerdict: async (action) => verdict(action.see().messages[0]?.content ?? ''),
    },
    collect: async (message) => message.attachments.map(({ filename }) => ({ path: `out/${filename}` })),
    bot: { died: new Promise(() => {}), hasDied: () => false },
    limitMs: 1000,
    now: () => {
      time += 1500;
      return time;
    },
    ...more,
  };
  return { deps, log };
}

async function all(lines: string[], deps: BatchDeps): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for await (const result of runAll(lines, deps)) results.push(result);
  return results;
}

it('runs lines one after another, and reports for each where its files are', async () => {
  const { deps } = world(async () => delivered);
  expect(await all(['/imagine prompt:a fox'], deps)).toEqual([
    {
      run: '/imagine prompt:a fox',
      outcome: 'delivered',
      reason: null,
      text: null,
      files: ['out/fox.png'],
      ms: 1500,
    },
  ]);
});

it('starts a line when the previous one has ended', async () => {
  const { deps, log } = world(async (line) => {
    log.push(`end ${line}`);
    return delivered;
  });
  await all(['/one', '/two'], deps);
  expect(log).toEqual(['/one', 'end /one', '/two', 'end /two']);
});

it('counts what Discord would not send as a refusal, and still runs the next line', async () => {
  const { deps } = world(async () => delivered);
  expect(await all(['/nope', 'hello', '/imagine'], deps)).toMatchObject([
    { outcome: 'refused', reason: 'There is no command nope.', files: [] },
    { outcome: 'refused', reason: expect.stringContaining('hello is no command') },
    { outcome: 'delivered' },
  ]);
});

it('tries nothing more after the bot has died', async () => {
  const { deps, log } = world(() => new Promise(() => {}), {
    bot: { died: Promise.resolve('by SIGKILL'), hasDied: () => true },
  });
  expect(await all(['/one', '/two'], deps)).toMatchObject([
    { outcome: 'failed', reason: 'Easel ended by SIGKILL' },
  ]);
  expect(log).toEqual(['/one']);
});

it.each([
  [
    { outcome: 'delivered', reason: null, files: ['a.png', 'b.mp4'] },
    '/x\n  arrived after 3.4 s: a.png\n  arrived after 3.4 s: b.mp4',
  ],
  [{ outcome: 'failed', reason: 'It went wrong.', files: [] }, '/x\n  failed after 3.4 s: It went wrong.'],
  [
    { outcome: 'answered', reason: null, text: 'You have made\n3 pictures.', files: [] },
    '/x\n  You have made\n  3 pictures.',
  ],
  [{ outcome: 'refused', reason: 'No.', files: [] }, '/x\n  no file came: No.'],
  [{ outcome: 'timeout', reason: 'Silence', files: [] }, '/x\n  no answer after 3.4 s: Silence'],
] as const)('%j reads as %j', (result, words) => {
  expect(describeRun({ run: '/x', ms: 3_412, text: null, ...result })).toBe(words);
});
