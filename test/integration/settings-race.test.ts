import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../src/app/app.js';
import { createSettings, type GuildSettings, type Settings } from '../../src/guilds/settings.js';
import { silentLog } from '../../src/log.js';
import { hasRedis } from '../support/redis.js';
import { noon } from '../support/tasks.js';
import { useRedis, useTwoStores } from './two-stores.js';
import { answered, createWorld, delivered, type World } from './world.js';

const onShard = (shard: bigint) => String((1n << 60n) | ((6n + shard) << 22n));
const guild = onShard(1n);
const id = '100000000000000001';

/** A change of each setting that there is. */
const changes: { readonly [Field in Exclude<keyof GuildSettings, 'v'>]-?: Partial<GuildSettings> } = {
  imageModel: { imageModel: 'hunyuan-3.0' },
  videoModel: { videoModel: 'kling-3.0' },
  duration: { duration: 10 },
  private: { private: true },
  channels: { channels: [id] },
  roles: { roles: [id] },
  modelsOff: { modelsOff: ['video:kling-2.1'] },
  language: { language: 'zh-CN' },
  zone: { zone: { timeZone: 'Asia/Tokyo' } },
  membersMayDelete: { membersMayDelete: false },
  provenance: { provenance: 'full' },
  mostResults: { mostResults: 9 },
  spoiler: { spoiler: true },
  showcase: { showcase: { channelId: id, threshold: 5 } },
  content: { content: { image: 'anywhere', video: 'age-restricted' } },
  review: { review: { all: true, channels: [], roles: [], channel: id } },
  spoilerFor: { spoilerFor: { channels: [id], roles: [] } },
  ageLimit: { ageLimit: { roles: [id], except: [] } },
  limits: { limits: { guild: { 'image.day': 3 }, member: {} } },
  shares: { shares: { [id]: { 'image.day': 5 } } },
  grants: { grants: [{ to: { userId: id }, measure: 'image.day', extra: 5, expiresAt: noon + 1 }] },
  override: { override: { guild: { 'image.month': null }, member: {} } },
};

describe.skipIf(!hasRedis)('settings changed by two processes', () => {
  const redis = useRedis();

  describe('on one Redis', () => {
    const stores = useTwoStores(redis.url);
    let both: readonly [Settings, Settings];
    beforeEach(() => {
      const [here, there] = stores().map((store) =>
        createSettings({ table: store.table('settings'), log: silentLog, now: () => noon }),
      );
      if (!here || !there) throw new Error('two processes');
      both = [here, there];
    });

    it.each(Object.entries(changes))(
      'take effect at once in the other, and survive a restart: %s',
      async (_, change) => {
        const [here, there] = both;
        // Each has read them, and would go by that.
        for (const one of both) await one.get(guild);
        await here.change(guild, id, (old) => ({ ...old, ...change }));
        expect(await there.get(guild)).toMatchObject(change);
        const other = 'spoiler' in change ? { private: true } : { spoiler: true };
        await there.change(guild, id, (old) => ({ ...old, ...other }));
        for (const one of both) expect(await one.get(guild)).toMatchObject({ ...change, ...other });
      },
    );

    it.each(Object.entries(changes))('lose nothing in a race: %s', async (_, change) => {
      const [here, there] = both;
      const count = (old: GuildSettings) => ({
        ...old,
        duration: (old.duration ?? 0) + 1,
      });
      const other = (old: GuildSettings) => ({ ...old, ...change });
      const isLength = 'duration' in change;
      await Promise.all([
        ...Array.from({ length: 8 }, () => [
          here.change(guild, id, count),
          there.change(guild, id, count),
        ]).flat(),
        ...(isLength ? [] : [here.change(guild, id, other), there.change(guild, id, other)]),
      ]);
      for (const one of both)
        expect(await one.get(guild)).toMatchObject(isLength ? { duration: 16 } : { ...change, duration: 16 });
    });
  });

  describe('a bot in two processes', () => {
    let world: World;
    let apps: App[];
    beforeEach(async () => {
      world = await createWorld({
        idle: true,
        discord: { identifyConcurrency: 16 },
        env: { STORE_URL: redis.url(), SHARD_COUNT: '2' },
      });
      for (const shard of [0n, 1n]) {
        world.discord.world.addGuild({ name: `Guild ${shard}`, id: onShard(shard) });
        world.discord.world.addRole(`Guild ${shard}`, { name: 'Keepers', permissions: ['Administrator'] });
        world.discord.world.addChannel(`Guild ${shard}`, { name: `place-${shard}` });
        for (const name of ['ada', 'ben'])
          world.discord.world.addMember(`Guild ${shard}`, name, name === 'ada' ? ['Keepers'] : []);
      }
      const ada = world.discord.world.user('ada').id;
      apps = await Promise.all(
        ['0', '1'].map((ids) => world.create({ SHARD_IDS: ids, OPERATOR_USER_IDS: ada })),
      );
      await Promise.all(apps.map((app) => app.start()));
      await world.discord.ready();
    });
    afterEach(async () => {
      for (const app of apps) await app.stop();
      await world.close();
    });

    it('a ceiling set from a guild of one takes effect in a guild of the other, whatever that changes', async () => {
      const [ada, ben] = ['ada', 'ben'].map((name) => world.discord.actor(name, 'place-1'));
      if (!ada || !ben) throw new Error('two actors');
      const order = (prompt: string) => ben.command('imagine', { prompt });
      // Its process has the earlier settings in memory.
      await delivered(await order('a red fox'));
      const ceiling = { guild, scope: 'guild', measure: 'image.day', amount: 1 };
      const set = await answered(
        await world.discord.actor('ada', 'place-0').command('quota ceiling', ceiling),
      );
      expect(set.content).toContain('limit on pictures per day set to 1');
      expect((await answered(await order('another fox'))).content).toContain(
        'This server has reached its daily picture limit (1)',
      );
      await answered(await ada.command('settings spoiler', { on: true }));
      expect((await answered(await order('one more fox'))).content).toContain(
        'This server has reached its daily picture limit (1)',
      );
      const tooHigh = { scope: 'guild', measure: 'image.day', amount: 5 };
      expect((await answered(await ada.command('quota set', tooHigh))).content).toContain('at most 1 for');
    });
  });
});
