import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { silentLog } from '../../src/log.js';
import { createStore, type Store } from '../../src/store/store.js';
import { hasRedis, startRedis } from '../support/redis.js';
import { createWorld, saidIn, type World, type WorldOptions } from './world.js';

let world: World;
let store: Store;
afterEach(() => world.close());

/** Opens a world; what `wrapped` makes of the store is the bot's. */
async function open(options: WorldOptions = {}, wrapped = (one: Store) => one): Promise<void> {
  world = await createWorld({
    ...options,
    store: async (url) => {
      store = await createStore(url, { log: silentLog });
      return wrapped(store);
    },
  });
}

/** A new server adds Easel. */
function join(name: string, more: Partial<Parameters<World['discord']['world']['addGuild']>[0]> = {}) {
  const guild = world.discord.world.addGuild({
    name,
    owner: 'ada',
    systemChannel: { name: `welcome-${name}` },
    ...more,
  });
  if (!more.id) for (const member of ['ben', 'lin']) world.discord.world.addMember(guild.id, member);
  return guild;
}

const greetings = () =>
  world.discord.world
    .channels()
    .flatMap(({ id }) => world.discord.messages(id))
    .filter(({ components }) => JSON.stringify(components).includes('v1:greeting:'));
const isGreeted = async (id: string) => (await store.table('greeted').get(id)) !== undefined;

/** Lets everything that a join leads to end: a later join is recorded and greeted after it. */
async function settled(): Promise<void> {
  const { id } = join('afterwards', { systemChannel: undefined });
  await expect.poll(() => isGreeted(id)).toBe(true);
}

async function greeting(): Promise<MessageView> {
  await expect.poll(() => greetings().length).toBe(1);
  return greetings()[0] as MessageView;
}

describe('a server that adds Easel', () => {
  it('is greeted in its language, once, with a picture and buttons, and no one is pinged', async () => {
    await open();
    const { id } = join('foxes', { preferredLocale: 'zh-CN' });
    const message = await greeting();
    expect(message.channelId).toBe(world.discord.world.channel('welcome-foxes').id);
    expect(message.content).toContain(text('zh-CN', 'greeting.both'));
    expect(message.content).toMatch(/<\/imagine:\d+>/);
    // Discord docs: SUPPRESS_NOTIFICATIONS.
    expect(message.flags & (1 << 12)).not.toBe(0);
    expect(message.attachments).toMatchObject([{ filename: 'easel.png' }]);
    const bytes = await world.discord.fetchAttachment(message.id);
    expect(bytes.length).toBeLessThan(200_000);
    // Thrown out and added again, also after a restart.
    world.discord.world.removeGuild(id);
    join('foxes', { id });
    world.discord.world.removeGuild(id);
    await world.stop();
    await world.start();
    join('foxes', { id });
    await settled();
    expect(greetings().map((one) => one.id)).toEqual([message.id]);
  });

  it('before this process began is never greeted, also if it comes back', async () => {
    await open({ idle: true });
    const { id } = join('old');
    const away = join('away', { unavailable: true });
    await world.start();
    await expect.poll(() => isGreeted(id)).toBe(true);
    expect(await isGreeted(away.id)).toBe(true);
    world.discord.world.removeGuild(id);
    join('old', { id });
    await settled();
    expect(greetings()).toEqual([]);
  });

  it('is not greeted if Easel may not write there, or takes no orders there', async () => {
    await open({ env: { ALLOWED_GUILD_IDS: '123456789012345678' } });
    const closed = join('closed');
    await expect.poll(() => isGreeted(closed.id)).toBe(true);
    await world.stop();
    await world.start({ ALLOWED_GUILD_IDS: '' });
    join('silent', { systemChannel: { name: 'quiet', denyBot: ['SendMessages'] } });
    join('hidden', { systemChannel: { name: 'hidden', denyBot: ['ViewChannel'] } });
    await settled();
    expect(greetings()).toEqual([]);
    join('plain', { systemChannel: { name: 'plain', denyBot: ['AttachFiles'] } });
    expect((await greeting()).attachments).toEqual([]);
    expect(world.discord.requests.filter(({ status }) => status >= 400)).toEqual([]);
  });

  it('leads to the form, the rules and, for managers, the settings', async () => {
    await open();
    join('foxes');
    const { id } = await greeting();
    const [ada, ben, lin] = ['ada', 'ben', 'lin'].map((name) => world.discord.actor(name, 'welcome-foxes'));
    if (!ada || !ben || !lin) throw new Error('no one is there');
    const tried = await ben.press(id, 'Try it');
    await tried.acknowledged;
    const form = tried.modal();
    expect(form).toMatchObject({ title: 'Make a picture' });
    expect(world.mps.tasks).toEqual([]);
    const rules = await (await lin.press(id, 'Rules')).until((one) => saidIn(one) !== '');
    expect(saidIn(rules)).toContain(text('zh-CN', 'help.rules.title'));
    const refused = await (await ben.press(id, 'Set it up')).until((one) => one.content !== '');
    expect([refused.ephemeral, refused.content]).toEqual([true, text('en-US', 'error.manageGuild')]);
    const panel = await (await ada.press(id, 'Set it up')).until((one) => one.content !== '');
    expect(panel.ephemeral).toBe(true);
    expect(panel.content).toContain(text('en-US', 'rules.title'));
  });
});

describe('a process that dies while it greets', () => {
  it('after the server was recorded leaves it without a greeting', async () => {
    const id = '1234567890123456789';
    let dies = true;
    await open({}, (one) => ({
      ...one,
      table: <T>(name: string) => {
        const table = one.table<T>(name);
        if (name !== 'greeted') return table;
        const add: typeof table.add = async (key, value) => {
          const added = await table.add(key, value);
          // It never goes on.
          if (dies && key === id) await new Promise<never>(() => {});
          return added;
        };
        return { ...table, add };
      },
    }));
    join('foxes', { id });
    await expect.poll(() => isGreeted(id)).toBe(true);
    await world.stop();
    dies = false;
    await world.start();
    world.discord.world.removeGuild(id);
    join('foxes', { id });
    await settled();
    expect(greetings()).toEqual([]);
  });

  it('after the post, before the answer to it, leaves one greeting', async () => {
    await open();
    world.discord.faults.add({ kind: 'resetAfter', method: 'POST', route: '/messages$' });
    const { id } = join('foxes');
    await greeting();
    await world.stop();
    await world.start();
    world.discord.world.removeGuild(id);
    join('foxes', { id });
    await settled();
    expect(greetings()).toHaveLength(1);
  });
});

describe.skipIf(!hasRedis)('two processes', () => {
  it('greet each new server once, whichever of them has its shard', async () => {
    const redis = await startRedis();
    world = await createWorld({
      idle: true,
      discord: { identifyConcurrency: 16 },
      env: { STORE_URL: redis.url() },
    });
    const apps = await Promise.all(
      ['0', '1'].map((ids) => world.create({ SHARD_IDS: ids, SHARD_COUNT: '2' })),
    );
    try {
      await Promise.all(apps.map((app) => app.start()));
      await world.discord.ready();
      const ids = [0n, 1n].map((shard) => String((1n << 60n) | ((6n + shard) << 22n)));
      for (const id of ids) join(`on-${id}`, { id });
      await expect.poll(() => greetings().length).toBe(2);
      for (const id of ids) world.discord.world.removeGuild(id);
      for (const id of ids) join(`again-${id}`, { id });
      const last = String((1n << 60n) | (8n << 22n));
      join('last', { id: last });
      await expect.poll(() => greetings().length).toBe(3);
    } finally {
      for (const app of apps) await app.stop();
      await redis.close();
    }
  });
});
