import { describe, expect, it } from 'vitest';
import { createReportPosts } from '../../../../src/discord/review/report-post.js';
import { createReportRows } from '../../../../src/discord/review/report-rows.js';
import { createReports, type Reported } from '../../../../src/discord/review/reports.js';
import { createReviewCopies } from '../../../../src/discord/review/review-copies.js';
import { UserError } from '../../../../src/errors.js';
import { defaultSettings } from '../../../../src/guilds/settings.js';
import { silentLog } from '../../../../src/log.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { createFakeChannels, type FakeChannels } from '../../../support/fake-channels.js';
import { createMortality, type Mortality, mortal } from '../../../support/mortal-table.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';

const desk = '1100000000000000005';
const guildId = '1100000000000000002';
const reporter = '1100000000000000007';
const at = { channelId: '1100000000000000003', messageId: '1146000000000000090' };

/** What outlives a process. */
interface Outside {
  readonly reports: MemoryTable;
  readonly copies: MemoryTable;
  readonly discord: FakeChannels;
  readonly notes: string[];
  task: Task;
}

const outside = (): Outside => ({
  reports: createMemoryTable(),
  copies: createMemoryTable(),
  discord: createFakeChannels(),
  notes: [],
  task: aTask({ origin: anOrigin({ guildId }) }),
});

/** A process that takes reports. */
function begin(
  around: Outside,
  { mortality, now = () => noon }: { mortality?: Mortality; now?: () => number } = {},
) {
  const { discord, notes } = around;
  const rests = discord.rests(mortality);
  const table = (one: MemoryTable) => (mortality ? mortal(one, mortality) : one);
  const common = { rests, log: silentLog, now, signal: new AbortController().signal, retryMs: 1 };
  const find = async () => (around.task.purge === 'done' ? undefined : around.task);
  const kept = createReviewCopies({ ...common, table: table(around.copies), find });
  const review = { ...defaultSettings.review, channel: desk };
  const limits = { of: async () => 1e7 };
  const none = { fetch: async () => [], discard: async () => {} };
  const note = async ({ act }: { readonly act: string }) => void notes.push(act);
  const reports = createReports({
    ...common,
    rows: createReportRows({ table: table(around.reports), now }),
    posts: createReportPosts({ ...common, limits, copies: none }),
    ledger: { find },
    settings: { get: async () => ({ ...defaultSettings, review }) },
    kept,
    journal: { note: (entry) => (mortality ? mortality.write(() => note(entry)) : note(entry)) },
    languageOf: async () => 'en-US',
    requireHidden: async () => {},
    serves: () => true,
  });
  const reported: Reported = { guildId, at, tasks: [around.task], files: [] };
  return {
    kept,
    reports,
    report: () => reports.report(reporter, reported),
    async resume() {
      void kept.resume();
      await reports.resume();
      const open = () =>
        [...around.reports.rows.values()].some((row) => JSON.stringify(row).includes('"posting"'));
      await until('nothing is unsettled', () => !open());
    },
    /** The result is deleted, or its user's data. */
    delete(change: Partial<Task>) {
      around.task = { ...around.task, ...change };
      kept.note(around.task);
    },
  };
}

/** Reports until the process is dead, or done. @returns whether it died */
async function reportUntil(around: Outside, mortality: Mortality): Promise<boolean> {
  const life = begin(around, { mortality });
  void life.kept.resume();
  let isOver = false;
  life.report().then(
    () => {
      isOver = true;
    },
    () => {
      isOver = true;
    },
  );
  await until('it is dead or done', () => mortality.isDead() || isOver);
  return mortality.isDead();
}

const later = () => noon + 120_000;

describe.each(['before', 'after'] as const)('a kill %s any step of a report', (instant) => {
  it('leaves one message that is on record, or none', async () => {
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = outside();
      isDead = await reportUntil(around, createMortality(nth, instant));
      const life = begin(around, { now: later });
      await life.resume();
      expect(around.discord.messages.length, `step ${nth}`).toBeLessThanOrEqual(1);
      await life.report().catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
      expect(around.discord.messages.length, `step ${nth}`).toBe(1);
      expect(around.reports.rows.get(at.messageId)).toMatchObject({
        reporters: [reporter],
        message: { messageId: around.discord.messages[0]?.id },
      });
      life.delete({ removed: true });
      await until(`its copy goes with the result, step ${nth}`, () => around.discord.messages.length === 0);
    }
  });

  it.each([{ removed: true }, { purge: 'done' }] as const)(
    'leaves nothing of a result that is deleted meanwhile (%o)',
    async (change) => {
      let isDead = true;
      for (let nth = 1; isDead; nth++) {
        const around = outside();
        isDead = await reportUntil(around, createMortality(nth, instant));
        around.task = { ...around.task, ...change };
        const life = begin(around, { now: later });
        // As the ledger does when it is loaded.
        life.kept.note(around.task);
        await life.resume();
        await until(`nothing is left, step ${nth}`, () => around.discord.messages.length === 0);
      }
    },
  );
});

describe('a result that is deleted while a report of it is posted', () => {
  it.each([{ removed: true }, { purge: 'done' }] as const)('leaves no copy (%o)', async (change) => {
    const around = outside();
    const life = begin(around);
    void life.kept.resume();
    around.discord.onPost = () => life.delete(change);
    await life.report();
    await until('nothing is left', () => around.discord.messages.length === 0);
  });
});
