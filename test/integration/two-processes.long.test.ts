import type { MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../src/app/app.js';
import { createLogBook } from '../../src/discord/moderation/log-book.js';
import type { Rests } from '../../src/discord/rest/clients.js';
import { createSettings } from '../../src/guilds/settings.js';
import { silentLog } from '../../src/log.js';
import { BlockedError } from '../../src/moderation/blocks.js';
import { createModeration, moderationTable } from '../../src/moderation/moderation.js';
import { createCatalogue } from '../../src/mps/catalogue/catalogue.js';
import { createStore, type Store } from '../../src/store/store.js';
import { createFakeChannels } from '../support/fake-channels.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { anImageRequest, noon } from '../support/tasks.js';
import { giveChance, until } from '../support/until.js';
import {
  asked,
  createReviewedWorld,
  hasButton,
  member,
  moderator,
  paint,
  published,
  setReview,
} from './review-world.js';
import { answered, createWorld, delivered, type World } from './world.js';

/** A guild's id that belongs to the first or second of two shards. */
const onShard = (shard: bigint) => String((1n << 60n) | ((6n + shard) << 22n));
const guildId = onShard(0n);
const by = '100000000000000001';
const tries = 200;

let redis: RedisServer;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.close());
beforeEach(async () => {
  if (hasRedis) await redis.command('FLUSHALL');
});

describe.skipIf(!hasRedis)('what moderators set in one process', () => {
  let stores: Store[];
  const log = silentLog;
  const now = () => noon;
  beforeEach(() => {
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
  });

  /** What a process with this lease knows of moderation. */
  async function process(lease: string) {
    await redis.command(`HSET easel:leases ${lease} x`);
    const store = await createStore(redis.url(), { log });
    store.fence(lease);
    const table = store.table<unknown>(moderationTable);
    const oldMessages = store.table<unknown>('old_log_messages');
    const settings = createSettings({ table: store.table('settings'), log, now });
    return { store, settings, ...createModeration({ table, oldMessages, log, now }) };
  }

  it('binds orders in another from the moment it is acknowledged', async () => {
    const [one, other] = await Promise.all([process('1'), process('2')]);
    stores.push(one.store, other.store);
    for (let n = 0; n < tries; n++) {
      const [word, userId] = [`forbidden${n}`, `1100000000000${10_000 + n}`];
      const orderer = { orderId: '1', guildId, userId, channels: [], roles: [] };
      const judged = (prompt: string) => other.gate.check(orderer, anImageRequest({ prompt }));
      expect((await judged(word)).kind).toBe('pass');
      const words = { refuse: n % 2 === 0 ? [word] : [], review: n % 2 === 0 ? [] : [word] };
      await one.rules.change(guildId, { act: 'words', by }, (rules) => ({ ...rules, words }));
      expect((await judged(word)).kind).toBe(n % 2 === 0 ? 'refuse' : 'review');
      await one.blocks.block(guildId, { userId, by });
      expect((await judged('a red fox')).kind).toBe('refuse');
      await expect(other.blocks.whileAllowed(guildId, userId, async () => {})).rejects.toThrow(BlockedError);
      const all = n % 2 === 0;
      await one.settings.change(guildId, by, (before) => ({ ...before, review: { ...before.review, all } }));
      expect((await other.settings.get(guildId)).review.all).toBe(all);
    }
  });

  it('stops what a process that has lost its server was about to begin', async () => {
    const heir = await process('900');
    stores.push(heir.store);
    for (let n = 0; n < tries; n++) {
      const loser = await process(String(n + 1));
      const [userId, task] = [`1100000000000${10_000 + n}`, `task${n}`];
      const tasks = loser.store.table<string>('tasks');
      let acknowledge = (): void => {};
      const acknowledged = new Promise<void>((resolve) => {
        acknowledge = resolve;
      });
      const ordering = loser.blocks
        .whileAllowed(guildId, userId, async () => {
          // Every other one is held up until the member is blocked.
          if (n % 2 === 1) await acknowledged;
          await tasks.set(task, 'queued');
        })
        .catch(() => {});
      await redis.command(`HDEL easel:leases ${n + 1}`);
      await heir.blocks.block(guildId, { userId, by });
      const atBlock = await heir.store.table('tasks').get(task);
      acknowledge();
      await ordering;
      expect(await heir.store.table('tasks').get(task)).toBe(atBlock);
      if (n % 2 === 1) expect(atBlock).toBeUndefined();
      await loser.store.close();
    }
  });
});

describe.skipIf(!hasRedis)('the log of a server that two processes keep', () => {
  const [first, second] = ['1100000000000000005', '1100000000000000006'];
  const stores: Store[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });

  async function process(lease: string, rests: Pick<Rests, 'bot'>, isServing = true) {
    await redis.command(`HSET easel:leases ${lease} x`);
    const log = silentLog;
    const now = () => noon;
    const store = await createStore(redis.url(), { log });
    stores.push(store);
    store.fence(lease);
    const table = store.table<unknown>(moderationTable);
    const { journal, rules } = createModeration({
      ...{ table, log, now },
      oldMessages: store.table<unknown>('old_log_messages'),
    });
    const book = createLogBook({
      ...{ table, journal, rules, rests, log, now, gatherMs: 1 },
      ledger: { find: async () => undefined },
      catalogue: createCatalogue(),
      languageOf: async () => 'en-US',
      serves: () => isServing,
    });
    const note = (reason: string) =>
      journal.note({ guildId, act: 'block', at: noon, by, about: by, reason: `${reason}!` });
    const choose = (logChannel: string) =>
      rules.change(guildId, { act: 'settings', by, details: { fields: ['logChannel'] } }, (before) => ({
        ...before,
        logChannel,
      }));
    return { ...book, note, choose };
  }

  it.each([true, false])(
    'has what either notes once, where either says (both serve it: %s)',
    async (both) => {
      const discord = createFakeChannels();
      const said = (channel: string) =>
        discord.messages
          .filter(({ channelId }) => channelId === channel)
          .map(({ content }) => content)
          .join('\n');
      const times = (what: string) => (said(first) + said(second)).split(`${what}!`).length - 1;
      const one = await process('1', discord.rests());
      const other = await process('2', discord.rests(), both);
      await one.choose(first);
      const acts = Array.from({ length: 30 }, (_, n) => `act ${n}`);
      await Promise.all(acts.map((act, n) => (n % 2 === 0 ? one : other).note(act)));
      // What the one that doesn't serve it has noted is posted with what comes next.
      await one.note('last');
      await until('all is there', () => times('last') > 0 && acts.every((act) => times(act) > 0));
      await other.choose(second);
      await one.note('moved');
      await until('the other log is begun', () => said(second).includes('moved!'));
      expect(said(first)).not.toContain('moved!');
      await giveChance(100);
      for (const act of [...acts, 'last', 'moved']) expect(times(act), act).toBe(1);
      one.close();
      other.close();
    },
  );
});

describe.skipIf(!hasRedis)('two processes that both believe a server is theirs', () => {
  let world: World;
  let second: App | undefined;
  const fatal: Error[] = [];
  beforeEach(async () => {
    fatal.length = 0;
    world = await createReviewedWorld(
      {},
      {
        discord: { identifyConcurrency: 16 },
        env: { STORE_URL: redis.url(), SHARD_IDS: '0', SHARD_COUNT: '1' },
        onFatal: (error) => fatal.push(error),
      },
    );
  });
  afterEach(async () => {
    await second?.stop();
    second = undefined;
    await world.close();
  });

  /** From here on both hear of every event, and only the second one may write. */
  async function usurp(): Promise<void> {
    await redis.command('DEL easel:leases easel:identify:0');
    second = await world.create();
    await second.start();
    await world.discord.ready();
  }

  const ada = () => world.discord.actor('ada');

  async function command(name: string, options = {}): Promise<void> {
    await answered(await ada().command(name, options));
  }

  async function setWords(words: { readonly refuse: string; readonly review: string }): Promise<void> {
    const opened = await ada().command('moderate words');
    await opened.acknowledged;
    await answered(await ada().submitModal(opened, words));
  }

  it('let no word and no blocked member through', async () => {
    await setWords({ refuse: 'dragon', review: '' });
    await command('moderate block', { member: 'lin' });
    await usurp();
    const refused = [await paint(member(world), { prompt: 'a dragon' }), await paint(member(world, 'lin'))];
    for (const one of refused) expect((await answered(one)).attachments).toEqual([]);
    await delivered(await paint(member(world)));
    expect(world.mps.tasks.map(({ params }) => params.Prompt)).toEqual(['a red fox']);
  });

  it('publish once what is approved, in whichever process, and never what is rejected', async () => {
    await setReview(world, { channel: world.discord.world.channel('desk').id, all: true });
    await paint(member(world));
    const question = await asked(world);
    await usurp();
    // At the same instant: both processes hear both.
    await Promise.allSettled([
      moderator(world, 'rex').press(question.id, 'Approve'),
      moderator(world, 'ada').press(question.id, 'Reject'),
    ]);
    const isDecided = ({ id, components }: MessageView) => id === question.id && components.length === 0;
    const closed = await world.discord.until(isDecided, { channel: 'desk' });
    const isApproved = closed.content.includes('Approved by');
    expect(isApproved).not.toBe(closed.content.includes('Rejected by'));
    if (isApproved) await until('it is published', () => published(world).length === 1);
    await giveChance(200);
    expect(published(world)).toHaveLength(isApproved ? 1 : 0);
  });

  it('greet a new server once', async () => {
    await usurp();
    const { world: places } = world.discord;
    places.addGuild({ name: 'Nettle', owner: 'ada', systemChannel: { name: 'hello' } });
    const greetings = () =>
      world.discord
        .messages('hello')
        .filter(({ components }) => JSON.stringify(components).includes('greeting'));
    await until('it is greeted', () => greetings().length > 0);
    await giveChance(200);
    expect(greetings()).toHaveLength(1);
  });
});

describe.skipIf(!hasRedis)('two processes with a server each', () => {
  let world: World;
  let apps: App[];
  beforeEach(async () => {
    world = await createWorld({
      idle: true,
      discord: { identifyConcurrency: 16 },
      env: { STORE_URL: redis.url() },
    });
    const { world: places } = world.discord;
    for (const shard of [0n, 1n]) {
      const { id } = places.addGuild({ name: `Guild ${shard}`, id: onShard(shard), owner: 'ada' });
      for (const name of ['ada', 'ben', 'mia', 'lin']) places.addMember(id, name);
      for (const name of ['place', 'showcase']) places.addChannel(id, { name: `${name}-${shard}` });
      const desk = places.addChannel(id, { name: `desk-${shard}`, denyEveryone: ['ViewChannel'] });
      places.allowBot(desk.id, ['ViewChannel', 'SendMessages', 'AttachFiles', 'ReadMessageHistory']);
    }
    apps = await begin(['0', '1'], 2);
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
    await world.close();
  });

  async function begin(ids: readonly string[], count: number): Promise<App[]> {
    const all = await Promise.all(
      ids.map((one) => world.create({ SHARD_IDS: one, SHARD_COUNT: String(count) })),
    );
    await Promise.all(all.map((app) => app.start()));
    await world.discord.ready();
    return all;
  }

  const at = (name: string, place = 'place-0') => world.discord.actor(name, place);
  const shown = () => world.discord.messages('showcase-0').filter(({ deleted }) => !deleted);
  const star = async (name: string, { id }: MessageView) => answered(await at(name).press(id, '⭐'));
  const openShowcase = async () =>
    answered(
      await at('ada').command('settings showcase', {
        channel: world.discord.world.channel('showcase-0').id,
        stars: 2,
      }),
    );

  it('an opt-out, and a data deletion, in one take down what the other shows and keeps', async () => {
    await openShowcase();
    const [fox, owl] = [await delivered(await paint(at('ben'))), await delivered(await paint(at('lin')))];
    for (const one of [fox, owl]) for (const name of ['mia', 'ada']) await star(name, one);
    await until('both are shown', () => shown().length === 2);
    await answered(await at('ben', 'place-1').command('preferences showcase', { shown: false }));
    await until('one is left', () => shown().length === 1);
    const panel = await answered(await at('lin', 'place-1').command('privacy delete'));
    await at('lin', 'place-1').press(panel.id, 'v1:privacy:delete');
    await until('none is left', () => shown().length === 0);
  });

  it('servers that another process takes over: asked and starred in one, approved and starred in the other, once', async () => {
    await openShowcase();
    const fox = await delivered(await paint(at('ben')));
    await star('mia', fox);
    const desk = world.discord.world.channel('desk-0').id;
    await setReviewOf(desk);
    await paint(at('ben'));
    const question = await world.discord.until(hasButton('approve'), { channel: 'desk-0' });
    for (const app of apps) await app.stop();
    await redis.command('DEL easel:identify:0 easel:identify:1');
    apps = await begin(['0'], 1);
    await at('ada', 'desk-0').press(question.id, 'Approve');
    await until('it is published', () => results().length === 2);
    await star('ada', fox);
    await until('it is shown', () => shown().length === 1);
    await giveChance(200);
    expect([results().length, shown().length]).toEqual([2, 1]);
  });

  const results = () =>
    world.discord
      .messages('place-0')
      .filter(({ attachments, deleted }) => !deleted && attachments.length > 0);

  async function setReviewOf(channel: string): Promise<void> {
    const panel = await at('ada').command('settings show');
    const first = await panel.until(({ components }) => components.length > 0);
    const shows = (mark: string) =>
      world.discord.until(
        ({ id, components }) => id === first.id && JSON.stringify(components).includes(mark),
      );
    await at('ada').select(first.id, 'v1:set:section', ['review']);
    await shows('v1:set:review_channel');
    await at('ada').select(first.id, 'v1:set:review_channel', [channel]);
    await world.discord.until(({ id, content }) => id === first.id && content.includes(`<#${channel}>`));
    await at('ada').press(first.id, 'Review everything');
    await shows('v1:set:review_all_off');
  }
});
