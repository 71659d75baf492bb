import { describe, expect, it } from 'vitest';
import { createLogBook } from '../../../../src/discord/moderation/log-book.js';
import { silentLog } from '../../../../src/log.js';
import { createJournal } from '../../../../src/moderation/journal.js';
import { entryIn } from '../../../../src/moderation/journal-entry.js';
import { headKey, isLogHead, isLogMessage, type LogHead } from '../../../../src/moderation/log-rows.js';
import { createRules } from '../../../../src/moderation/rules.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { createFakeChannels, type FakeChannels } from '../../../support/fake-channels.js';
import { createMortality, type Mortality, mortal } from '../../../support/mortal-table.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anImageRequest, anOrigin, aTask, noon } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';

const guildId = '1100000000000000002';
const [first, second] = ['1100000000000000005', '1100000000000000006'];
const by = '1100000000000000007';
const order = aTask({
  origin: anOrigin({ guildId, guildInstalled: true }),
  request: anImageRequest({ prompt: 'act order!' }),
});
/** More than one message takes. */
const acts = Array.from({ length: 12 }, (_, n) => `act ${n}!`);

/** What outlives a process. */
interface Outside {
  readonly table: MemoryTable;
  readonly oldMessages: MemoryTable;
  readonly discord: FakeChannels;
  /** Acts whose recording was acknowledged. */
  readonly acknowledged: string[];
}

const outside = (): Outside => ({
  table: createMemoryTable(),
  oldMessages: createMemoryTable(),
  discord: createFakeChannels(),
  acknowledged: [],
});

function headIn({ table }: Outside): LogHead | undefined {
  const row = table.rows.get(headKey(guildId));
  return isLogHead(row) ? row : undefined;
}

/** A process that keeps the log of one server. */
function begin(
  around: Outside,
  { mortality, now = () => noon }: { mortality?: Mortality; now?: () => number } = {},
) {
  const alive = (table: MemoryTable) => (mortality ? mortal(table, mortality) : table);
  const table = alive(around.table);
  const journal = createJournal({ table, oldMessages: alive(around.oldMessages) });
  const rules = createRules({ table, journal, now });
  const book = createLogBook({
    ...{ table, journal, rules, now, log: silentLog, gatherMs: 0 },
    ledger: { find: async () => order },
    catalogue: createCatalogue(),
    rests: around.discord.rests(mortality),
    languageOf: async () => 'en-US',
    serves: () => true,
  });
  return {
    ...book,
    choose: (logChannel: string) =>
      rules.change(guildId, { act: 'settings', by, details: { fields: ['logChannel'] } }, (before) => ({
        ...before,
        logChannel,
      })),
    /** All in the same second, so that messages of the log begin alike. */
    async record(reasons: readonly string[]) {
      for (const reason of reasons) {
        await journal.note({ guildId, act: 'block', at: noon, by, about: by, reason });
        around.acknowledged.push(reason);
      }
    },
    isPosted: async (channelId = first) => {
      const head = headIn(around);
      return head?.channelId === channelId && !head.pending && head.cursor === (await journal.next(guildId));
    },
  };
}

/** Chooses a log and records until the process is dead, or all is posted. @returns whether it died */
async function recordUntil(around: Outside, mortality: Mortality): Promise<boolean> {
  const life = begin(around, { mortality });
  let isOver = false;
  const work = async () => {
    await life.choose(first);
    life.noteTask(order);
    await life.record(acts);
    isOver = true;
  };
  void work();
  const isOrdered = () => JSON.stringify([...around.table.rows]).includes('logorder:');
  await until(
    'it is dead or done',
    async () => mortality.isDead() || (isOver && isOrdered() && (await life.isPosted())),
  );
  life.close();
  return mortality.isDead();
}

const entriesIn = ({ table }: Outside) => [...table.rows.values()].flatMap((row) => entryIn(row) ?? []);
const said = ({ discord }: Outside) => discord.messages.map(({ content }) => content).join('\n');
const times = (around: Outside, what: string) => said(around).split(what).length - 1;
const messageIds = ({ table }: Outside) =>
  [...table.rows.values()].filter(isLogMessage).map(({ messageId }) => messageId);

/** After a restart Discord may still know the nonce of what was sent, or not. */
function passTime({ discord }: Outside, isLate: boolean): () => number {
  if (isLate) for (const message of discord.messages) message.nonce = undefined;
  return () => noon + (isLate ? 600_000 : 1_000);
}

/** The next start; then more is recorded. @param what is recorded then */
async function startAgain(around: Outside, now: () => number, what: string): Promise<void> {
  const life = begin(around, { now });
  const isChosen = entriesIn(around).length > 0;
  await life.catchUp();
  if (isChosen) await until('what was left is posted', () => life.isPosted());
  else await life.choose(first);
  // As the ledger does. An order from before the choice is none of the log's.
  life.noteTask(order);
  if (isChosen) await until('the order is there', () => times(around, 'act order!') > 0);
  await life.record([what]);
  await until(`${what} is posted`, () => life.isPosted());
  life.close();
}

describe.each(['before', 'after'] as const)('a kill %s any step from the journal to the log', (instant) => {
  it.each([false, true])('leaves every entry in the log once (next start is late: %s)', async (isLate) => {
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = outside();
      isDead = await recordUntil(around, createMortality(nth, instant));
      const now = passTime(around, isLate);
      await startAgain(around, now, 'second start');
      if (entriesIn(around).some(({ act }) => act === 'order')) await startAgain(around, now, 'third start');
      const recorded = entriesIn(around).flatMap(({ reason }) => reason ?? []);
      expect(recorded).toEqual(expect.arrayContaining(around.acknowledged));
      for (const reason of recorded) expect(times(around, reason), `${reason} ${nth}`).toBe(1);
      expect(times(around, 'act order!')).toBeLessThanOrEqual(1);
      expect(said(around).split('\n')).toHaveLength(entriesIn(around).length);
      expect(messageIds(around).sort()).toEqual(around.discord.messages.map(({ id }) => id).sort());
    }
  });

  it('leaves no entry twice if another log is chosen first, and leaves out what was being sent at most', async () => {
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = outside();
      isDead = await recordUntil(around, createMortality(nth, instant));
      const head = headIn(around);
      const { from = 0, to = 0 } = head?.pending ?? {};
      const life = begin(around, { now: passTime(around, true) });
      await life.choose(second);
      await life.catchUp();
      await life.record(['afterwards!']);
      await until(`it is posted, step ${nth}`, () => life.isPosted(second));
      life.close();
      for (const { n, reason } of entriesIn(around)) {
        if (reason === undefined) continue;
        const found = times(around, reason);
        // A log that had not begun begins with the last choice.
        if (head && (n < from || n >= to)) expect(found, `${reason} ${nth}`).toBe(1);
        else expect(found, `${reason} ${nth}`).toBeLessThanOrEqual(1);
      }
    }
  });
});
