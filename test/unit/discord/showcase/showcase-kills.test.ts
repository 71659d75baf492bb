import { describe, expect, it } from 'vitest';
import { createPoster } from '../../../../src/discord/showcase/poster.js';
import { createShowcase } from '../../../../src/discord/showcase/showcase.js';
import { defaultSettings } from '../../../../src/guilds/settings.js';
import { silentLog } from '../../../../src/log.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { readStars } from '../../../../src/showcase/star-record.js';
import { createStars } from '../../../../src/showcase/stars.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { createFakeChannels, type FakeChannels } from '../../../support/fake-channels.js';
import { createMortality, type Mortality, mortal } from '../../../support/mortal-table.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';

const guildId = '1100000000000000002';
const shownIn = '1100000000000000006';
const original = { channelId: '1100000000000000003', messageId: '1146000000000000090' };
const message = { guildId, ...original };

/** What outlives a process. */
interface Outside {
  readonly table: MemoryTable;
  readonly discord: FakeChannels;
  readonly task: Task;
  /** Whether its author wants it shown. */
  isWelcome: boolean;
}

function outside(): Outside {
  const discord = createFakeChannels();
  const { channelId, messageId: id } = original;
  discord.messages.push({ id, channelId, nonce: undefined, content: 'a red fox', components: [] });
  const task = aTask({
    origin: anOrigin({ guildId }),
    state: { ...states.delivered, posted: original } as Task['state'],
  });
  return { table: createMemoryTable(), discord, task, isWelcome: true };
}

const postsIn = ({ discord }: Outside) => discord.messages.filter(({ channelId }) => channelId === shownIn);
const recordIn = ({ table }: Outside) => readStars(table.rows.get(original.messageId));

async function begin(around: Outside, mortality?: Mortality, isServing = true) {
  const rests = around.discord.rests(mortality);
  const { table } = around;
  const stars = createStars({ table: mortality ? mortal(table, mortality) : table, log: silentLog });
  await stars.load();
  const showcase = createShowcase({
    stars,
    poster: createPoster(rests),
    settings: {
      get: async () => ({ ...defaultSettings, showcase: { channelId: shownIn, threshold: 1 } }),
    },
    ledger: { find: async () => around.task },
    recent: { shownBy: () => [around.task.id] },
    rests,
    catalogue: createCatalogue(),
    transfers: { run: (_bytes: number, work: () => Promise<unknown>) => work() } as never,
    fetch: async () => {
      throw new Error('there is no file');
    },
    discard: async () => {},
    mayShow: async () => around.isWelcome,
    onTakenDown: () => {},
    serves: () => isServing,
    signal: new AbortController().signal,
    log: silentLog,
    now: () => noon,
    apartMs: 0,
  });
  return showcase;
}

type Showcase = Awaited<ReturnType<typeof begin>>;

/** @returns whether the process died of it */
async function act(
  around: Outside,
  mortality: Mortality,
  work: (showcase: Showcase) => Promise<void>,
): Promise<boolean> {
  const showcase = await begin(around, mortality);
  let isOver = false;
  work(showcase).finally(() => {
    isOver = true;
  });
  await until('it is dead or done', () => mortality.isDead() || isOver);
  return mortality.isDead();
}

const shownOnce = async (): Promise<Outside> => {
  const around = outside();
  await (await begin(around)).reacted(message);
  expect(postsIn(around)).toHaveLength(1);
  return around;
};

describe.each(['before', 'after'] as const)('a kill %s any step', (instant) => {
  it('of a repost leaves one post that is on record, or none yet', async () => {
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = outside();
      isDead = await act(around, createMortality(nth, instant), (showcase) => showcase.reacted(message));
      const showcase = await begin(around);
      await showcase.resume();
      expect(postsIn(around).length, `step ${nth}`).toBeLessThanOrEqual(1);
      await showcase.reacted(message);
      expect(postsIn(around), `step ${nth}`).toHaveLength(1);
      expect(recordIn(around)?.post).toMatchObject({ state: 'posted', messageId: postsIn(around)[0]?.id });
    }
  });

  it('of a repost leaves nothing if its original is deleted, or its author opts out, before the next start', async () => {
    for (const forbid of [
      ({ discord }: Outside) => void discord.messages.shift(),
      (around: Outside) => {
        around.isWelcome = false;
      },
    ]) {
      let isDead = true;
      for (let nth = 1; isDead; nth++) {
        const around = outside();
        isDead = await act(around, createMortality(nth, instant), (showcase) => showcase.reacted(message));
        forbid(around);
        await (await begin(around)).resume();
        expect(postsIn(around), `step ${nth}`).toEqual([]);
      }
    }
  });

  it.each([
    ['the original is deleted', (showcase: Showcase) => showcase.gone([original.messageId])],
    ['its author deletes their data', (showcase: Showcase) => showcase.forget(anOrigin().userId)],
    ['its author opts out', (showcase: Showcase) => showcase.withdraw(anOrigin().userId)],
  ] as const)('of a removal leaves no post once Easel runs again, if %s', async (_, remove) => {
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = await shownOnce();
      isDead = await act(around, createMortality(nth, instant), remove);
      const showcase = await begin(around);
      await showcase.resume();
      // Killed before the first step, it was never begun; who asked for it has to ask again.
      if (recordIn(around)?.post?.state === 'posted') await remove(showcase);
      expect(postsIn(around), `step ${nth}`).toEqual([]);
      await showcase.reacted(message);
      expect(recordIn(around)?.post?.state === 'withdrawn' || postsIn(around).length === 1).toBe(true);
    }
  });

  it('of a repost leaves nothing that another process has forbidden while it was posted', async () => {
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = outside();
      let isForbidden = false;
      around.discord.onPost = async () => {
        isForbidden = true;
        await (await begin(around, undefined, false)).withdraw(around.task.origin.userId);
      };
      isDead = await act(around, createMortality(nth, instant), (showcase) => showcase.reacted(message));
      if (!isDead) expect(postsIn(around)).toEqual([]);
      await (await begin(around)).resume();
      if (isForbidden) expect(postsIn(around), `step ${nth}`).toEqual([]);
    }
  });
});

it('a data deletion in another process takes the post and its record', async () => {
  const around = outside();
  const other = await begin(around, undefined, false);
  // Posted after the other one had read what there was.
  await (await begin(around)).reacted(message);
  expect(postsIn(around)).toHaveLength(1);
  await other.forget(around.task.origin.userId);
  expect(postsIn(around)).toEqual([]);
  expect(recordIn(around)).toBeUndefined();
});
