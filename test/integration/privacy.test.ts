import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor, OptionValues } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { silentLog } from '../../src/log.js';
import { createStore, type Store } from '../../src/store/store.js';
import { createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, isResult, type World, type WorldOptions } from './world.js';

let world: World;
let store: Store;
afterEach(() => world.close());

const people = (name: string, channel = 'general') => world.discord.actor(name, channel);

async function open(options: WorldOptions = {}): Promise<void> {
  world = await createWorld({
    ...options,
    store: async (url) => {
      store = await createStore(url, { log: silentLog });
      return store;
    },
  });
}

async function told(actor: Actor, name: string, options: OptionValues = {}): Promise<string> {
  return (await answered(await actor.command(name, options))).content;
}

/** Requests deletion and confirms it; returns the answer. */
async function beForgotten(actor: Actor): Promise<string> {
  const question = await answered(await actor.command('privacy delete'));
  expect(question.ephemeral).toBe(true);
  expect(question.content).toContain('This cannot be undone.');
  await actor.press(question.id, 'Yes, delete it');
  const done = await world.discord.until(
    ({ id, content }) => id === question.id && content.includes('Done. '),
  );
  expect(done.components).toEqual([]);
  return done.content;
}

/** All that the store holds in these tables, as text. */
async function stored(...tables: readonly string[]): Promise<string> {
  const rows: unknown[] = [];
  for (const name of tables) for await (const [, row] of store.table(name).entries()) rows.push(row);
  return JSON.stringify(rows);
}

describe('/privacy', () => {
  it('says what is stored and how long, in a server and in direct messages, in both languages', async () => {
    await open({ env: { RETENTION_DAYS: '40' } });
    for (const ben of [people('ben'), people('ben').dm]) {
      const answer = await answered(await ben.command('privacy show'));
      expect(answer.ephemeral).toBe(true);
      expect(answer.content).toContain('For each order I store your prompt');
      expect(answer.content).toContain('40 days after the order is done');
    }
    expect(await told(people('lin'), 'privacy show')).toContain('任务结束 40 天后');
    const ben = people('ben');
    const answer = await answered(await ben.command('privacy show'));
    await ben.press(answer.id, 'Delete my data');
    await world.discord.until(({ id, content }) => id === answer.id && content.includes('cannot be undone'));
  });

  it('says what the operator’s disk and bucket store, if they are used', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
    const cos = { COS_BUCKET: 'pictures-1250000000', COS_REGION: 'ap-guangzhou', SOURCE_HOST: 'cos' };
    await open({ env: { RETENTION_DAYS: '40', ARCHIVE_DIR: folder } });
    const onDisk = await told(people('ben'), 'privacy show');
    expect(onDisk).toContain("kept on the operator's disk for 40 days");
    expect(onDisk).not.toContain('COS');
    await world.stop();
    await world.start({ ARCHIVE_DIR: '', ...cos });
    const inBucket = await told(people('ben'), 'privacy show');
    expect(inBucket).not.toContain('disk for');
    expect(inBucket).toContain('(Tencent Cloud COS) until they remove it');
    expect(inBucket).toContain('until their order is done');
    await rm(folder, { recursive: true });
  });

  it('delete leaves nothing of what a user wrote, and gives them no fresh quota', async () => {
    await open({ env: { QUOTA_MEMBER_IMAGES_DAY: '1' } });
    const [ada, ben] = [people('ada'), people('ben')];
    const picture = await delivered(await ben.command('imagine', { prompt: 'a very private fox' }));
    await delivered(await people('mia').command('imagine', { prompt: 'a public owl' }));
    const grant = { measure: 'second.day', extra: 5, days: 3 };
    await told(ada, 'quota grant', { ...grant, member: 'ben' });
    await told(ada, 'quota grant', { ...grant, member: 'mia' });
    expect(await beForgotten(ben)).toBe('Done. Your data was removed from 1 record.');

    const left = await stored('tasks', 'settings');
    for (const trace of ['private fox', ben.userId, picture.id]) expect(left).not.toContain(trace);
    expect(left).toContain('a public owl');
    expect(left).toContain(people('mia').userId);
    expect(await told(ben, 'imagine', { prompt: 'another' })).toContain('daily picture limit (');
    expect((await answered(await ben.press(picture.id, 'Again'))).content).toContain('I no longer have');
    const answer = await ada.command('quota history');
    const table = await answer.until(({ attachments }) => attachments.length > 0);
    expect(table.content).toContain('users whose data was deleted · 1 picture');
    await world.stop();
    await world.start();
    expect(await told(ben, 'imagine', { prompt: 'another' })).toContain('daily picture limit (');
  });

  it('delete leaves the Delete button below a result to the user who ordered it', async () => {
    await open();
    const ben = people('ben');
    const picture = await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    expect(await beForgotten(ben)).toContain('Your data was removed from 1 record.');
    const refused = await answered(await people('mia').press(picture.id, 'Delete'));
    expect(refused.content).toBe(text('en-US', 'error.delete.notYours'));
    await (await ben.press(picture.id, 'Delete')).acknowledged;
    await expect.poll(() => world.discord.message(picture.id)).toBeUndefined();
  });

  it('delete lets tasks in progress finish, and redacts them then, also after a restart', async () => {
    await open({ mps: { durations: { image: [2, 2] } } });
    const ben = people('ben').dm;
    const invocation = await ben.command('imagine', { prompt: 'a slow fox' });
    await invocation.until(({ content }) => content.includes('painting'));
    expect(await beForgotten(ben)).toContain('1 result is still in progress.');
    expect(await stored('tasks')).toContain('a slow fox');
    await world.stop();
    await world.start();
    await delivered(invocation);
    // The post is persisted right after it is made.
    await expect.poll(() => stored('tasks')).not.toContain('a slow fox');
    expect(await stored('tasks')).not.toContain(ben.userId);
  });
});

describe('deletion of the messages, too', () => {
  const everything = 'Delete it and my posted results';

  it('removes all that was posted for a user, says how many messages were not, and nothing of others', async () => {
    await open();
    const [ada, ben] = [people('ada'), people('ben')];
    const mine = await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    const asked = await ben.send('@Easel an owl');
    const replied = await world.discord.until((one) => one.replyTo === asked.id && isResult(one));
    const direct = await delivered(await ben.dm.command('imagine', { prompt: 'a hare' }));
    const others = await delivered(await people('mia').command('imagine', { prompt: 'a wolf' }));
    const night = people('ben', 'Night Workshop/general');
    const withheld = await delivered(await night.command('imagine', { prompt: 'a bat' }));
    await expect.poll(() => stored('tasks')).toMatch(/("name":"delivered".*){5}/);
    const owner = people('ada', 'Night Workshop/general');
    await answered(await owner.command('settings delete', { on: false }));

    const question = await answered(await ben.command('privacy delete'));
    expect(question.content).toContain('stays in Discord');
    await ben.press(question.id, everything);
    const last = await world.discord.until(
      ({ id, content }) => id === question.id && content.includes('couldn'),
    );
    expect(last.content.split('\n')).toEqual([
      'Done. Your data was removed from 4 records.',
      '3 messages that I posted for you were deleted.',
      expect.stringContaining("1 message couldn't be deleted"),
    ]);
    for (const { id } of [mine, replied, direct]) expect(world.discord.message(id)).toBeUndefined();
    for (const { id } of [others, withheld]) expect(world.discord.message(id)).toBeDefined();
    expect(await stored('message_deletions')).toBe('[]');
    expect((await answered(await ada.command('tasks', { whose: 'server' }))).content).not.toContain('a fox');
  });

  it('resumes after a restart', async () => {
    await open({ discord: { rateWindow: 0.1 } });
    const ben = people('ben');
    const made: string[] = [];
    for (let at = 1; at <= 6; at++)
      made.push((await delivered(await ben.command('imagine', { prompt: `fox ${at}` }))).id);
    await expect.poll(() => stored('tasks')).toMatch(/("name":"delivered".*){6}/);
    const lin = await answered(await people('lin').command('privacy delete'));
    expect(lin.content).toContain('其他人仍能看到，除非你选择一并删除');
    await people('lin').press(lin.id, '数据和已发布的结果都删除');
    await world.discord.until(({ id, content }) => id === lin.id && content.includes('没有删除任何消息'));
    const question = await answered(await ben.command('privacy delete'));
    await ben.press(question.id, everything);
    const left = () => made.filter((id) => world.discord.message(id)).length;
    await expect.poll(left, { interval: 10 }).toBeLessThan(6);
    await world.stop();
    expect(left()).toBeGreaterThan(0);
    await world.start();
    const last = await world.discord.until(
      ({ id, content }) =>
        id === question.id && content.includes('6 messages that I posted for you were deleted.'),
    );
    expect(last.content).toContain('Your data was removed from 6 records.');
    expect(left()).toBe(0);
  });
});

describe('Delete below a result', () => {
  const ways = [
    ['data was deleted', async () => void (await beForgotten(people('ben')))],
    [
      'record is older than is kept',
      async () => {
        const rows: string[] = [];
        for await (const [id] of store.table('tasks').entries()) rows.push(id);
        for (const id of rows) await store.table('tasks').delete(id);
      },
    ],
  ] as const;

  it.each(ways)(
    'still works for the user who ordered it, and for no other member, once its %s',
    async (_, lose) => {
      await open();
      const [ben, mia] = [people('ben'), people('mia')];
      const ordered = await delivered(await ben.command('imagine', { prompt: 'a fox' }));
      const asked = await ben.send('@Easel an owl');
      const replied = await world.discord.until((one) => one.replyTo === asked.id && isResult(one));
      const again = await delivered(await ben.press(ordered.id, 'Again'));
      // The posts are persisted right after they are made.
      await expect.poll(() => stored('tasks')).toMatch(/("name":"delivered".*){3}/);
      await lose();
      await world.stop();
      await world.start();
      for (const { id } of [ordered, replied, again]) {
        const refused = await answered(await mia.press(id, 'Delete'));
        expect(refused.content).toBe(text('en-US', 'error.delete.notYours'));
        await (await ben.press(id, 'Delete')).acknowledged;
        await expect.poll(() => world.discord.message(id)).toBeUndefined();
      }
    },
  );
});

describe('a guild that removes Easel', () => {
  it('is forgotten, and has no fresh quota when it adds Easel again', async () => {
    const log = createCollectingLog();
    await open({ log, env: { QUOTA_GUILD_IMAGES_DAY: '1' } });
    const [ada, ben] = [people('ada'), people('ben')];
    await told(ada, 'settings private', { on: true });
    await delivered(await ben.command('imagine', { prompt: 'a fox of the guild' }));
    const elsewhere = people('ben', 'Night Workshop/general');
    await delivered(await elsewhere.command('imagine', { prompt: 'a fox elsewhere' }));
    const guild = world.discord.world.guild('Foxglove');
    world.discord.world.removeGuild(guild.id);
    await until('it is forgotten', () => log.lines.some(({ message }) => message.includes('was forgotten')));
    const left = await stored('tasks', 'settings');
    expect(left).not.toContain('of the guild');
    expect(left).toContain('a fox elsewhere');

    guild.installed = true;
    world.discord.world.addMember(guild.id, world.discord.world.botId);
    world.discord.world.events.emit('guildAdded', guild);
    expect(await told(ada, 'settings show')).toContain('visible to everyone in the channel');
    expect(await told(ben, 'imagine', { prompt: 'a fresh fox' })).toContain('daily picture limit (1)');
  });

  it('while Easel is stopped is forgotten at the next start, unlike one in an outage', async () => {
    const log = createCollectingLog();
    await open({ log });
    const { world: places } = world.discord;
    for (const where of ['general', 'Night Workshop/general'])
      await delivered(await people('ben', where).command('imagine', { prompt: `a fox in ${where}.` }));
    const [away, gone] = ['Foxglove', 'Night Workshop'].map((name) => places.guild(name));
    if (!away || !gone) throw new Error('there are no such guilds');
    await world.stop();

    places.removeGuild(gone.id);
    away.unavailable = true;
    await world.start();
    const forgotten = () =>
      log.lines.flatMap(({ message, details }) =>
        message.includes('was forgotten') && 'guild' in details ? [details.guild] : [],
      );
    // The one that is out of reach has ordered before, and would have been looked at before.
    await until('one is forgotten', () => forgotten().length > 0);
    expect(forgotten()).toEqual([gone.id]);
    const left = await stored('tasks');
    expect(left).toContain('a fox in general.');
    expect(left).not.toContain('a fox in Night Workshop');
    away.unavailable = false;
  });
});

it('says all of what is stored, in as many messages as it takes', async () => {
  await open();
  const ben = people('ben');
  await answered(await ben.command('privacy show'));
  for (const key of ['privacy.kept', 'privacy.account', 'privacy.moderation'] as const)
    await until(key, () => ben.messages().some(({ content }) => content.includes(text('en-US', key))));
});
