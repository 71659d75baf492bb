import { DiscordAPIError, type REST, Routes } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnswerableInteraction } from '../../../../src/discord/access/request-origin.js';
import { createMessageDeletion } from '../../../../src/discord/interactions/message-deletion.js';
import type { Posted, Task } from '../../../../src/tasks/model/task.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, aVideoRequest, states } from '../../../support/tasks.js';

const press = {
  ...{ id: '1146000000000000500', applicationId: anOrigin().applicationId, token: 'the-press' },
  user: { id: anOrigin().userId },
} as unknown as AnswerableInteraction;
const signal = new AbortController().signal;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function delivered(posted: Posted, origin = anOrigin()): Task {
  return aTask({ origin, state: { name: 'delivered', posted, route: 'answer' } });
}

/** A deletion of these tasks' messages; Discord gives `answer` to each DELETE. */
function open(tasks: readonly Task[], answer: (path: string) => void = () => {}) {
  const asked: string[] = [];
  const said: string[] = [];
  const room = { isLeft: true };
  const remove = async (path: string) => {
    asked.push(path);
    answer(path);
  };
  const deletion = createMessageDeletion({
    table: createMemoryTable(),
    ledger: {
      page: async () => ({ tasks, pages: 1, page: 0, total: tasks.length }) as never,
      find: async (id) => tasks.find((task) => task.id === id),
    },
    settings: { get: async () => ({ membersMayDelete: true }) as never },
    rests: { bot: { delete: remove } as unknown as REST, guard: { hasRoom: () => room.isLeft } },
    responder: { fill: async (_to, card) => void said.push(JSON.stringify(card)) },
    signal,
    log: createCollectingLog(),
  });
  return { deletion, asked, said, room };
}

function refuse(status: number, code: number): never {
  const request = { body: undefined, files: undefined };
  throw new DiscordAPIError({ message: 'no', code }, code, status, 'DELETE', 'http://localhost', request);
}

const posts = (count: number, channelId = '7') =>
  Array.from({ length: count }, (_, at) => delivered({ channelId, messageId: String(1_000 + at) }));

describe('deleting a user’s messages', () => {
  it.each([
    ['unknown', 404, 10_003],
    ['closed', 403, 50_001],
  ])('asks once about a channel that is %s, and goes on elsewhere', async (_, status, code) => {
    const elsewhere = delivered({ channelId: '8', messageId: '2000' });
    const { deletion, asked, said } = open([...posts(30), elsewhere], (path) => {
      if (path.startsWith('/channels/7/')) refuse(status, code);
    });
    expect(await deletion.keep(press, 'en-US')).toBe(31);
    const run = deletion.run(press, []);
    await vi.runAllTimersAsync();
    await run;
    expect(asked).toEqual([Routes.channelMessage('7', '1000'), Routes.channelMessage('8', '2000')]);
    expect(said.join()).toContain('1 message that I posted for you was deleted.');
    expect(said.join()).toContain("30 messages couldn't be deleted");
  });

  it('slows down once Discord has answered 404 fifty times', async () => {
    const { deletion, asked } = open(posts(80), () => refuse(404, 10_008));
    await deletion.keep(press, 'en-US');
    const run = deletion.run(press, []);
    await vi.advanceTimersByTimeAsync(60_000);
    // Fifty take ten seconds; then there is one every ten seconds.
    expect(asked.length).toBeGreaterThanOrEqual(50);
    expect(asked.length).toBeLessThan(60);
    await vi.runAllTimersAsync();
    await run;
    expect(asked).toHaveLength(80);
  });

  it('waits while too many requests were invalid', async () => {
    const { deletion, asked, room } = open(posts(3));
    room.isLeft = false;
    await deletion.keep(press, 'en-US');
    const run = deletion.run(press, []);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toEqual([]);
    room.isLeft = true;
    await vi.advanceTimersByTimeAsync(60_000);
    await run;
    expect(asked).toHaveLength(3);
  });

  it('does not try where only the user’s own installation reaches', async () => {
    const origin = anOrigin({ guildInstalled: false });
    const there = delivered({ channelId: origin.channelId, messageId: '1' }, origin);
    const direct = delivered({ channelId: '99', messageId: '2' }, origin);
    const { deletion, asked, said } = open([there, direct]);
    expect(await deletion.keep(press, 'en-US')).toBe(1);
    const run = deletion.run(press, []);
    await vi.runAllTimersAsync();
    await run;
    expect(asked).toEqual([Routes.channelMessage('99', '2')]);
    expect(said.join()).toContain("1 message couldn't be deleted");
  });

  it.each([
    [0, 'running'],
    [1, 'delivered'],
  ] as const)('deletes %i card of a skipped clip whose picture is %s', async (count, name) => {
    const picture = aTask({ state: states[name], removed: true });
    const state = { ...states.cancelled, told: true };
    const clip = aTask({ request: aVideoRequest(), after: picture.id, state });
    const { deletion } = open([picture, clip]);
    expect(await deletion.keep(press, 'en-US')).toBe(count);
  });
});
