import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../src/app/app.js';
import { text } from '../../src/locales/index.js';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import { type CollectingLog, createCollectingLog } from '../support/log.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, isResult, type World } from './world.js';

/** A guild's id that belongs to the second of two shards, whenever it is created; the default ones can belong to any. */
const onShard = (shard: bigint) => String((1n << 60n) | ((6n + shard) << 22n));
const painting = 'painting;';
const say = (key: Parameters<typeof text>[1], params = {}) => text('en-US', key, params);

describe.skipIf(!hasRedis)('a task of the second process, met in direct messages with the first', () => {
  let redis: RedisServer;
  let world: World;
  let log: CollectingLog;
  let first: App;
  let second: App | undefined;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    log = createCollectingLog();
    world = await createWorld({
      idle: true,
      log,
      discord: { identifyConcurrency: 16 },
      env: { STORE_URL: redis.url(), MAX_IMAGE_TASKS: '1' },
      mps: { durations: { image: [60, 60] } },
    });
    for (const shard of [0n, 1n]) {
      world.discord.world.addGuild({ name: `Guild ${shard}`, id: onShard(shard) });
      world.discord.world.addChannel(`Guild ${shard}`, { name: `place-${shard}` });
      for (const name of ['ada', 'ben']) world.discord.world.addMember(`Guild ${shard}`, name);
    }
    first = await start('0');
    second = await start('1');
    await world.discord.ready();
  });
  afterEach(async () => {
    await Promise.all([first.stop(), second?.stop()]);
    await world.close();
  });

  async function start(id: string): Promise<App> {
    const app = await world.create({ SHARD_IDS: id, SHARD_COUNT: '2' });
    await app.start();
    return app;
  }
  async function end(): Promise<void> {
    await second?.stop();
    second = undefined;
    // The stand-in keeps no one waiting, either.
    await redis.command('DEL easel:identify:1');
  }
  const ben = (place = 'dm') => world.discord.actor('ben', place);
  const order = (prompt: string, place = 'place-1') => ben(place).command('imagine', { prompt });
  const list = async () => answered(await ben().command('tasks'));
  const paints = (invocation: Invocation) => invocation.until(({ content }) => content.includes(painting));
  const finish = () => world.mps.clock.advance(120_000);
  /** Presses, and waits for the message's new text. */
  const changed = async ({ id }: MessageView, label: string, words: string) => {
    await ben().press(id, label);
    return world.discord.until((message) => message.id === id && message.content.includes(words));
  };
  /** All that the store holds in these tables, as text. */
  async function stored(...tables: readonly string[]): Promise<string> {
    const store = await createStore(redis.url(), { log: silentLog });
    const rows: unknown[] = [];
    for (const name of tables) for await (const [, row] of store.table(name).entries()) rows.push(row);
    await store.close();
    return JSON.stringify(rows);
  }

  describe('and cancelled', () => {
    async function waiting(): Promise<Invocation> {
      await paints(await order('an owl'));
      const waits = await order('a hare');
      await waits.until(({ content }) => content.includes('next in line'));
      return waits;
    }

    it('leaves the queue, and its card and the list say so', async () => {
      const waits = await waiting();
      const shown = await list();
      // Only the other process knows its position in the queue.
      expect(shown.content.split('\n')[0]).toContain(`a hare · ${say('tasks.queued')}`);
      await changed(shown, 'Cancel #1', `a hare · ${say('tasks.cancelled')}`);
      await waits.until(({ content }) => content.includes(say('card.cancelled')));
      expect((await list()).content).toContain(`a hare · ${say('tasks.cancelled')}`);
      finish();
      expect(world.mps.tasks).toHaveLength(1);
    });

    it('is left as it is if that process is unavailable, and its user is asked to try again', async () => {
      await waiting();
      const shown = await list();
      await end();
      const pressed = await ben().press(shown.id, 'Cancel #1');
      expect(await answered(pressed)).toMatchObject({ content: expect.stringContaining(say('error.away')) });
      second = await start('1');
      await changed(shown, 'Cancel #1', `a hare · ${say('tasks.cancelled')}`);
    });

    it('too late says so', async () => {
      const waits = await waiting();
      const shown = await list();
      finish();
      await paints(waits);
      const offered = await answered(await ben().press(shown.id, 'Cancel #1'));
      expect(offered.content).toContain(say('release.ask'));
    });
  });

  describe('and dismissed', () => {
    async function offered(invocation: Invocation): Promise<MessageView> {
      await paints(invocation);
      return answered(await ben().press((await list()).id, 'Stop waiting for #1'));
    }

    it('is discarded when it comes, as its card says', async () => {
      const invocation = await order('an owl');
      await changed(await offered(invocation), 'Discard it', say('release.done.drop'));
      finish();
      await invocation.until(({ content }) => content.includes(say('card.discarded.asker')));
      expect(world.discord.messages('place-1').filter(isResult)).toEqual([]);
    });

    it('continues as ordered if that process is unavailable, and its user is asked to try again', async () => {
      const invocation = await order('an owl');
      const choice = await offered(invocation);
      await end();
      await changed(choice, 'Discard it', say('error.away'));
      second = await start('1');
      finish();
      await delivered(invocation);
    });
  });

  describe('and kept', () => {
    /** A picture that could not be posted; the list that offers it. */
    async function kept(): Promise<MessageView> {
      const invocation = await order('a red fox');
      await paints(invocation);
      invocation.expireToken();
      world.discord.world.denyBot('place-1', ['SendMessages']);
      world.discord.world.setDms('ben', false);
      finish();
      return offering();
    }
    async function offering(): Promise<MessageView> {
      for (;;) {
        const shown = await list();
        if (JSON.stringify(shown.components).includes('v1:collect:')) return shown;
      }
    }
    const fetchFirst = async ({ id }: MessageView) => ben().press(id, say('button.collect', { number: 1 }));

    it('is delivered in the answer to the press, with its bytes', async () => {
      const press = await fetchFirst(await kept());
      const brought = await delivered(press);
      expect([brought.ephemeral, brought.content]).toEqual([true, expect.stringContaining('a red fox')]);
      const [file] = brought.attachments;
      const bytes = Buffer.from(await (await fetch(file?.url ?? '')).arrayBuffer());
      expect(bytes.length).toBe(file?.size);
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(world.mps.tasks).toHaveLength(1);
      await until('it is written down', async () => (await stored('tasks')).includes('"name":"delivered"'));
      expect(JSON.stringify(log.lines)).not.toContain(press.token);
      expect(await stored('tasks')).not.toContain(press.token);
    });

    it('is delivered once if pressed twice', async () => {
      const shown = await kept();
      const [one, other] = await Promise.all([fetchFirst(shown), fetchFirst(shown)]);
      await delivered(one);
      expect((await answered(other)).content).toContain(say('error.button.collecting'));
    });

    it('stays kept if that process is unavailable, until it is collected again', async () => {
      const shown = await kept();
      await end();
      const press = await fetchFirst(shown);
      expect((await answered(press)).content).toContain(say('error.away'));
      const refusals = () => world.discord.requests.filter(({ code }) => code === 50_007).length;
      const before = refusals();
      second = await start('1');
      await until('it is refused again', () => refusals() > before);
      await delivered(await fetchFirst(await offering()));
    });
  });

  it('posted there as a fallback, is recorded as deleted when its user deletes it', async () => {
    const invocation = await order('a red fox');
    await paints(invocation);
    invocation.expireToken();
    world.discord.world.denyBot('place-1', ['SendMessages']);
    finish();
    const { id } = await world.discord.until(isResult, { channel: 'dm:ben' });
    await until('it is written down', async () => (await stored('tasks')).includes('"name":"delivered"'));
    await ben().press(id, 'Delete');
    await until('it is noted', async () => (await stored('tasks')).includes('"removed":true'));
    expect((await list()).content).toContain(say('tasks.removed'));
  });

  describe('and its user is forgotten', () => {
    async function everywhere(): Promise<void> {
      for (const place of ['place-0', 'place-1', 'dm']) {
        const invocation = await order(`a private fox in ${place}`, place);
        await paints(invocation);
        finish();
        await delivered(invocation);
      }
      const kept = async () => (await stored('tasks')).match(/"name":"delivered"/g)?.length === 3;
      await until('all are written down', kept);
    }
    const asked = async () => answered(await ben().command('privacy delete'));

    it('by both: nothing is left of their words, nor of their grants', async () => {
      const ada = world.discord.actor('ada', 'place-1');
      const grant = { measure: 'image.day', extra: 5, days: 3, member: 'ben' };
      await answered(await ada.command('quota grant', grant));
      expect(await stored('settings')).toContain(ben().userId);
      await everywhere();
      await changed(await asked(), 'Yes, delete it', 'Done. Your data was removed from 3 records.');
      expect(await stored('tasks', 'settings')).not.toContain(ben().userId);
      // The process that looks after the guild has not kept it in mind, either.
      await answered(await ada.command('settings private', { on: true }));
      const left = await stored('tasks', 'settings');
      for (const trace of ['private fox', ben().userId]) expect(left).not.toContain(trace);
    });

    it('and tasks in progress are counted, and redacted once they end', async () => {
      const invocation = await order('a private fox');
      await paints(invocation);
      await changed(await asked(), 'Yes, delete it', say('privacy.later', { count: 1 }));
      finish();
      await delivered(invocation);
      await until('it is emptied', async () => !(await stored('tasks')).includes('a private fox'));
    });

    it('by one while the other is unavailable: the user reads that a part is left, and to ask again', async () => {
      await everywhere();
      await end();
      const partly = say('privacy.partly', { count: 2 });
      const shown = await changed(await asked(), 'Yes, delete it', partly);
      expect(await stored('tasks')).toContain('a private fox in place-1');
      second = await start('1');
      const again = await changed(shown, 'Delete my data', 'cannot be undone');
      await changed(again, 'Yes, delete it', 'Done. Your data was removed from 1 record.');
      expect(await stored('tasks')).not.toContain('private fox');
    });
  });
});
