import { DiscordAPIError, type REST, Routes } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { privacyPanel } from '../../../../commands/info/privacy.js';
import type { AnswerableInteraction } from '../../../../src/discord/access/request-origin.js';
import { createMessageDeletion } from '../../../../src/discord/interactions/message-deletion.js';
import { StoreError } from '../../../../src/store/store.js';
import type { Posted, Task } from '../../../../src/tasks/model/task.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, aVideoRequest, states } from '../../../support/tasks.js';

const press = {
  id: '1146000000000000500',
  applicationId: anOrigin().applicationId,
  token: 'the-press',
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
  const table = createMemoryTable();
  const trace: string[] = [];
  const forgetting = { fails: false };
  const deps = {
    table,
    ledger: {
      page: async () => ({ tasks, pages: 1, page: 0, total: tasks.length }) as never,
      find: async (id: string) => tasks.find((task) => task.id === id),
    },
    settings: { get: async () => ({ membersMayDelete: true }) as never },
    rests: { bot: { delete: remove } as unknown as REST, guard: { hasRoom: () => room.isLeft } },
    responder: { fill: async (_to: unknown, card: object) => void said.push(JSON.stringify(card)) },
    dataDeletion: {
      forgetUser: async (userId: string) => {
        trace.push(`forget ${userId} before ${asked.length}`);
        if (forgetting.fails) throw new StoreError('full', 'tasks', 'no room');
        return { emptied: 2, later: 0, isWhole: true };
      },
    },
    serves: (guildId: string | undefined) => guildId === served.guildId,
    signal,
    log: createCollectingLog(),
  } satisfies Parameters<typeof createMessageDeletion>[0];
  /** The action of the next process on the same store at its start. */
  const restart = async () => {
    const resuming = createMessageDeletion(deps).resume();
    await vi.runAllTimersAsync();
    await resuming;
  };
  const served: { guildId: string | undefined } = { guildId: undefined };
  const deletion = createMessageDeletion(deps);
  return { deletion, deps, asked, said, room, table, trace, forgetting, served, restart };
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

describe('a deletion of messages and of the data', () => {
  it('redacts the records first after a crash in between, and only once', async () => {
    const { deletion, trace, said, table, restart } = open(posts(2));
    await deletion.keep(press, 'en-US');
    await restart();
    expect(trace).toEqual([`forget ${anOrigin().userId} before 0`]);
    expect(said.join()).toContain('Your data was removed from 2 records.');
    expect(table.rows.size).toBe(0);
  });

  it("deletes no message while the records can't be redacted after a crash", async () => {
    const { deletion, asked, forgetting, table, restart } = open(posts(2));
    await deletion.keep(press, 'en-US');
    forgetting.fails = true;
    await restart();
    expect(asked).toEqual([]);
    expect(table.rows.size).toBe(1);
    forgetting.fails = false;
    await restart();
    expect(asked).toHaveLength(2);
  });

  it('resumes an older row without redacting anything', async () => {
    const { trace, asked, table, restart } = open([]);
    const answer = { applicationId: '1', token: 'x' };
    const messages = [{ channelId: '7', messageId: '1000' }];
    await table.set('1', { v: 1, answer, locale: 'en-US', said: [], messages, deleted: 0, failed: 0 });
    await restart();
    expect([trace, asked]).toEqual([[], [Routes.channelMessage('7', '1000')]]);
  });

  it('is resumed only by the process that serves its guild, and never by the one already running it', async () => {
    const { deletion, asked, served, table, restart } = open(posts(2));
    served.guildId = '5';
    await deletion.keep({ ...press, guildId: '5' } as AnswerableInteraction, 'en-US');
    await deletion.resume();
    served.guildId = undefined;
    await restart();
    expect(asked).toEqual([]);
    expect(table.rows.size).toBe(1);
    served.guildId = '5';
    await restart();
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['deletes no message if the data could not be deleted', true, 0],
    ['deletes the messages even if the answer could not be edited', false, 2],
  ])('%s', async (_, fails, count) => {
    const { deletion, deps, asked, forgetting, table, restart } = open(posts(2));
    forgetting.fails = fails;
    const update = async (_press: unknown, make: () => Promise<unknown>) => {
      await make();
      throw new Error('Discord is away');
    };
    const bot = {
      guilds: { locale: async () => 'en-US' },
      deferred: { update },
      dataDeletion: deps.dataDeletion,
      messageDeletion: deletion,
    } as unknown as Parameters<typeof privacyPanel.use>[2];
    const used = privacyPanel.use(press as Parameters<typeof privacyPanel.use>[0], 'everything', bot);
    await expect(used).rejects.toThrow();
    await vi.runAllTimersAsync();
    expect(asked).toHaveLength(count);
    expect(table.rows.size).toBe(0);
    forgetting.fails = false;
    await restart();
    expect(asked).toHaveLength(count);
  });
});
