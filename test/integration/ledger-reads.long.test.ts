import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.js';
import { createStore, type Store } from '../../src/store/store.js';
import type { TaskId } from '../../src/tasks/model/task.js';
import { type CountedTable, createCountedTable } from '../support/counted-table.js';
import { anOrigin, aTask, states } from '../support/tasks.js';
import { answered, createWorld, delivered, isResult, type World } from './world.js';

const total = 100_000;
/** Of all of them, those of one guild and this month; and ben's, in it. */
const inGuild = 300;
const bens = 40;

let world: World;
let table: CountedTable;

/** A store in memory that counts the ledger's row reads. */
async function counted(): Promise<Store> {
  const store = await createStore('sqlite::memory:', { log: silentLog });
  const take = store.table.bind(store) as Store['table'];
  return { ...store, table: ((name: string) => (name === 'tasks' ? table : take(name))) as Store['table'] };
}

/** A ledger as a year of a busy bot leaves it: nearly all of it is of others. */
function fill(): void {
  const { world: discord } = world.discord;
  const guildId = discord.guild('Foxglove').id;
  const ben = discord.user('ben').id;
  const first = (BigInt(Date.now() - 1_420_070_400_000 - 3_600_000) << 22n) - BigInt(total);
  for (let n = 0; n < total; n++) {
    const eventId = String(first + BigInt(n));
    const id: TaskId = `${eventId}:1`;
    const isHere = n >= total - inGuild;
    const userId = isHere && n >= total - bens ? ben : `11000000000000${10_000 + (n % 5_000)}`;
    const { guildId: _, token: __, ...origin } = anOrigin({ eventId, userId, guildInstalled: isHere });
    const at = Date.now() - 1_000 - (total - n);
    const history = (['received', 'queued', 'delivered'] as const).map((state) => ({ state, at }));
    const place = isHere ? { guildId } : {};
    table.rows.set(
      id,
      aTask({
        id,
        history,
        state: states.delivered,
        made: { billed: 1 },
        origin: { ...origin, ...place },
        account: { ...place, person: userId },
      }),
    );
  }
}

beforeEach(async () => {
  table = createCountedTable();
  world = await createWorld({
    idle: true,
    store: counted,
    env: { MAX_IMAGE_TASKS: '1', QUOTA_USER_IMAGES_MONTH: '1000', QUOTA_MEMBER_OPEN: '20' },
    // Old rows are removed by a separate walk, once a day.
    timing: { firstPruneMs: 3_600_000 },
  });
  fill();
  await world.start();
});
afterEach(() => world.close());

describe('at 100,000 records', () => {
  it('no command reads more rows than it shows', async () => {
    const actor = (name: string) => world.discord.actor(name, 'general');
    const [ada, ben] = [actor('ada'), actor('ben')];
    /** The number of rows that an action reads, up to its answer. */
    async function reads(action: () => Promise<unknown>): Promise<number> {
      table.reads();
      await action();
      return table.reads();
    }
    const said =
      (name: string, options = {}, who = ben) =>
      async () =>
        answered(await who.command(name, options));
    const page = 10;
    const found: Record<string, readonly [reads: number, most: number]> = {};
    const note = async (name: string, most: number, deed: () => Promise<unknown>) => {
      found[name] = [await reads(deed), most];
    };

    await note('/tasks', page, said('tasks'));
    await note('/tasks of the server', page, said('tasks', { whose: 'server' }, ada));
    const list = await answered(await ben.command('tasks'));
    await note('next page', page, async () => {
      const turned = await ben.press(list.id, '▶');
      await turned.acknowledged;
      await expect.poll(() => world.discord.message(list.id)?.content).toContain('11\\.');
    });
    await note('/gallery', 2 * page, async () => (await ben.command('gallery')).acknowledged);
    await note('/quota show', 0, said('quota show'));
    await note('/quota history', 0, said('quota history', {}, ada));
    await note('/privacy show', 0, said('privacy show'));
    await note('/models', 0, async () => (await ben.command('models')).acknowledged);
    await note('autocomplete', 0, async () => ben.autocomplete('imagine', { prompt: 'a fox' }, 'model'));
    await note('/imagine', 0, async () => delivered(await ben.command('imagine', { prompt: 'a red fox' })));
    const picture = await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
    await note('Again', 2, async () => (await ben.press(picture.id, 'Again')).until(isResult));
    await note('Details', 2, async () => answered(await ben.press(picture.id, 'Details')));
    world.mps.faults.add({ kind: 'stuck', count: 1 });
    await (await ben.command('imagine', { prompt: 'one that is stuck' })).until(({ content }) =>
      content.includes('painting'),
    );
    const waits = await ben.command('imagine', { prompt: 'one that waits' });
    const card = await waits.until(({ content, components }) => content !== '' && components.length > 0);
    await note('Cancel', 2, async () => {
      await ben.press(card.id, 'Cancel');
      await waits.until(({ content }) => content.includes('Cancelled'));
    });
    const sure = await answered(await ben.command('privacy delete'));
    await note('/privacy delete', bens + 10, async () => {
      const press = await ben.press(sure.id, text(sure.components));
      await press.acknowledged;
      await expect.poll(() => world.discord.message(sure.id)?.content).toMatch(/\d/);
    });

    for (const [name, [count, most]] of Object.entries(found)) expect(count, name).toBeLessThanOrEqual(most);
    // Counted are the rows that are read.
    expect(found['/tasks']?.[0]).toBe(page);
  });
});

/** The custom id of the first button. */
function text(components: readonly unknown[]): string {
  return /"custom_id":"([^"]+)"/.exec(JSON.stringify(components))?.[1] ?? '';
}
