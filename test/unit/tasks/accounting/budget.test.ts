import { expect, it } from 'vitest';
import { createSettings } from '../../../../src/guilds/settings.js';
import { silentLog } from '../../../../src/log.js';
import { createAccounts } from '../../../../src/quota/account.js';
import { createBudget } from '../../../../src/tasks/accounting/budget.js';
import type { FailureReason, Task } from '../../../../src/tasks/model/task.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';

const day = 24 * 3_600_000;

async function open() {
  let time = noon;
  const now = () => time;
  const accounts = createAccounts({ table: createMemoryTable() });
  await accounts.load();
  const settings = createSettings({ table: createMemoryTable(), log: silentLog, now });
  const ceiling = { guild: { 'image.month': 100 }, member: { open: 1 } };
  const budget = createBudget({ accounts, settings, ceiling, timeZone: 'UTC', now });
  const account = budget.accountOf(anOrigin());
  return {
    budget,
    /** A task of this account that was reserved so many days ago. */
    ago(days: number, state: Task['state']): Task {
      const at = noon - days * day;
      const history = (['received', 'queued', state.name] as const).map((name) => ({ state: name, at }));
      return aTask({ account, state, history, ...(state.name === 'delivered' && { made: { billed: 1 } }) });
    },
    received: () => aTask({ account }),
    advance(ms: number) {
      time += ms;
    },
    used: async (measure: string) =>
      (await budget.standings(anOrigin())).find(
        ({ limit }) => limit.scope === 'guild' && limit.measure === measure,
      )?.used,
  };
}

it('forgets daily what no limit and no history can need, and nothing else', async () => {
  const { budget, ago, advance, used } = await open();
  const lost = { ...states.failed, failure: { reason: 'interrupted' as FailureReason }, told: true };
  budget.note(ago(40, states.delivered));
  budget.note(ago(1, states.delivered));
  budget.note(ago(40, states.running));
  budget.note(ago(40, lost));
  budget.note(ago(1, lost));
  expect(budget.prune()).toBe(1);
  expect(await used('image.month')).toBe(1);
  expect(budget.perhapsBilled(0).count).toBe(1);
  advance(40 * day);
  expect(budget.prune()).toBe(1);
  // It is still open, whenever it began.
  expect(await used('open')).toBe(1);
});

it('counts an order as open from its admission on, once, and no more when it is refused or over', async () => {
  const { budget, received, used } = await open();
  const [first, second] = [received(), received()];
  const write = (isNew: boolean) => ({ add: async () => isNew, withdraw: async () => {} });
  expect(await budget.admit(first, write(true))).toBe(true);
  expect(await used('open')).toBe(1);
  expect(await used('image.month')).toBe(0);
  await expect(budget.admit(second, write(true))).rejects.toMatchObject({
    sentences: [{ key: 'failure.quota.member.open' }],
  });
  // Discord sends one event twice: its task does not block itself.
  expect(await budget.admit(first, write(false))).toBe(false);
  expect(await used('open')).toBe(1);
  const broken = { add: () => Promise.reject(new Error('disk')), withdraw: async () => {} };
  budget.note({ ...first, state: { ...states.failed, told: true } });
  await expect(budget.admit(second, broken)).rejects.toThrow('disk');
  expect(await used('open')).toBe(0);
});
