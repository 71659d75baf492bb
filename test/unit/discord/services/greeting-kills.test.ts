import { type Guild, PermissionsBitField } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { createGreetings } from '../../../../src/discord/services/greetings/greetings.js';
import { defaultSettings } from '../../../../src/guilds/settings.js';
import { silentLog } from '../../../../src/log.js';
import { everywhere } from '../../../../src/tasks/model/operator-access.js';
import { createFakeChannels, type FakeChannels } from '../../../support/fake-channels.js';
import { createMortality, type Mortality, mortal } from '../../../support/mortal-table.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { noon } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';

const hello = '1100000000000000005';
const guildId = '1100000000000000002';
const old = ['1100000000000000021', '1100000000000000022', '1100000000000000023'];

/** What outlives a process. */
interface Outside {
  readonly table: MemoryTable;
  readonly discord: FakeChannels;
}

const outside = (): Outside => ({ table: createMemoryTable(), discord: createFakeChannels() });

/** A guild as discord.js shows it, with a system channel that Easel may write. */
function aGuild(id = guildId): Guild {
  const permissions = new PermissionsBitField(['ViewChannel', 'SendMessages', 'AttachFiles']);
  const systemChannel = { id: hello, permissionsFor: () => permissions };
  return { id, preferredLocale: 'en-US', systemChannel, members: { me: {} } } as unknown as Guild;
}

function begin({ table, discord }: Outside, mortality?: Mortality) {
  return createGreetings({
    table: mortality ? mortal(table, mortality) : table,
    settings: { lastKnown: async () => defaultSettings },
    rests: discord.rests(mortality),
    access: everywhere,
    view: { kinds: ['image', 'video'], mentionOf: (name) => `/${name}` },
    known: async () => {},
    picture: async () => Buffer.from('png'),
    signal: new AbortController().signal,
    log: silentLog,
    now: () => noon,
    retryMs: 1,
  });
}

type Greetings = ReturnType<typeof begin>;

/** @returns whether the process died of it */
async function act(
  around: Outside,
  mortality: Mortality,
  work: (greetings: Greetings) => Promise<void>,
): Promise<boolean> {
  let isOver = false;
  void work(begin(around, mortality)).finally(() => {
    isOver = true;
  });
  await until('it is dead or done', () => mortality.isDead() || isOver);
  return mortality.isDead();
}

/** Easel runs again: it is named the guild it is in, then is removed from it and added back. */
async function runAgain(around: Outside, ids: readonly string[] = [guildId]): Promise<void> {
  const again = begin(around);
  await again.named({ ids });
  for (const id of ids) for (let times = 0; times < 2; times++) await again.joined(aGuild(id));
}

describe.each(['before', 'after'] as const)('a kill %s any step of a greeting', (instant) => {
  it('leaves one greeting or none, on record, and no second one follows', async () => {
    const left: number[] = [];
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = outside();
      isDead = await act(around, createMortality(nth, instant), (greetings) => greetings.joined(aGuild()));
      // Once it is posted it is on record.
      if (around.discord.messages.length > 0) expect([...around.table.rows.keys()]).toEqual([guildId]);
      left.push(around.discord.messages.length);
      await runAgain(around);
      expect(around.discord.messages.length, `step ${nth}`).toBe(left.at(-1));
      expect([...around.table.rows.keys()], `step ${nth}`).toEqual([guildId]);
    }
    // Around the record, around the post, and without a kill: a server killed before its post goes without.
    expect(left).toEqual(instant === 'before' ? [0, 0, 1] : [0, 1, 1]);
  });

  it('leaves a server that Discord has not named since for its next join, unless that is on record', async () => {
    const greeted: number[] = [];
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = outside();
      isDead = await act(around, createMortality(nth, instant), (greetings) => greetings.joined(aGuild()));
      const again = begin(around);
      await again.named({ ids: [] });
      await again.joined(aGuild());
      greeted.push(around.discord.messages.length);
    }
    expect(greeted).toEqual(instant === 'before' ? [1, 0, 1] : [0, 1, 1]);
  });

  it('greets none of the servers that were there when Easel first ran', async () => {
    let isDead = true;
    for (let nth = 1; isDead; nth++) {
      const around = outside();
      isDead = await act(around, createMortality(nth, instant), async (greetings) => {
        // A join that comes while the servers are being recorded waits for them.
        const recorded = greetings.named({ ids: old });
        await Promise.all([recorded, ...old.map((id) => greetings.joined(aGuild(id)))]);
      });
      await runAgain(around, old);
      expect(around.discord.messages, `step ${nth}`).toEqual([]);
      expect([...around.table.rows.keys()].sort(), `step ${nth}`).toEqual(old);
    }
  });
});
