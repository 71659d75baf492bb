import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../src/app/app.js';
import { createStyleService, type StyleService } from '../../src/discord/services/styles/style-service.js';
import { silentLog } from '../../src/log.js';
import { createModeration, moderationTable } from '../../src/moderation/moderation.js';
import { added, createStylesTable, withHouse, without } from '../../src/presets/guild-styles.js';
import { createPreferencesTable } from '../../src/presets/preferences.js';
import { hasRedis } from '../support/redis.js';
import { noon } from '../support/tasks.js';
import { useRedis, useTwoStores } from './two-stores.js';
import { answered, createWorld, delivered, saidIn, type World } from './world.js';

const onShard = (shard: bigint) => String((1n << 60n) | ((6n + shard) << 22n));
const guild = onShard(1n);
const manager = '100000000000000001';
const style = (name: string) => ({ name, after: 'soft', image: {}, video: {} });

describe.skipIf(!hasRedis)('styles changed by two processes', () => {
  const redis = useRedis();

  describe('on one Redis', () => {
    const stores = useTwoStores(redis.url);
    let both: readonly StyleService[];
    let journals: ReturnType<typeof createModeration>['journal'][];
    beforeEach(() => {
      const tables = stores().map((store) => store.table<unknown>(moderationTable));
      const log = silentLog;
      journals = tables.map(
        (table) => createModeration({ table, oldMessages: table, log, now: () => noon }).journal,
      );
      both = stores().map((store, at) => {
        const [table, journal] = [tables[at], journals[at]];
        if (!table || !journal) throw new Error('two processes');
        return createStyleService({
          guilds: createStylesTable({ table, log }),
          users: createPreferencesTable({ table: store.table('preferences'), log }),
          journal,
          rests: {} as Parameters<typeof createStyleService>[0]['rests'],
          cdn: '',
          log,
          now: () => noon,
        });
      });
    });

    it('lose nothing in a race, never exceed 25, and each change has its entry in the journal', async () => {
      const outcomes = await Promise.allSettled(
        both.flatMap((one, process) =>
          Array.from({ length: 15 }, (_, at) => {
            const name = `s${process}-${at}`;
            return one.changeGuild(guild, manager, { what: 'added', name }, (all) => added(all, style(name)));
          }),
        ),
      );
      const made = outcomes.filter(({ status }) => status === 'fulfilled');
      expect(made).toHaveLength(25);
      for (const one of both) {
        const { presets } = await one.ofGuild(guild);
        expect(presets).toHaveLength(25);
        expect(new Set(presets.map(({ no }) => no)).size).toBe(25);
      }
      const [here, there] = await Promise.all(
        journals.map(async (journal) => (await journal.page(guild, { count: 100 })).entries),
      );
      expect(here?.map(({ details }) => details?.entry).sort()).toEqual(
        (await both[0]?.ofGuild(guild))?.presets.map(({ name }) => name).sort(),
      );
      expect(there).toEqual(here);
    });

    it('are removed once, and take effect at once in the other', async () => {
      const [here, there] = both;
      if (!here || !there) throw new Error('two processes');
      for (const one of both) await one.ofGuild(guild);
      await here.changeGuild(guild, manager, { what: 'added' }, (all) => added(all, style('ink')));
      expect((await there.ofGuild(guild)).presets.map(({ name }) => name)).toEqual(['ink']);
      const gone = await Promise.allSettled(
        both.map((one) => one.changeGuild(guild, manager, { what: 'removed' }, without(1))),
      );
      expect(gone.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await there.changeGuild(guild, manager, { what: 'house' }, withHouse('blood'));
      expect(await here.ofGuild(guild)).toMatchObject({ presets: [], house: 'blood' });
    });

    it('of one user lose nothing either', async () => {
      await Promise.all(
        both.flatMap((one, process) =>
          Array.from({ length: 8 }, (_, at) =>
            one.changeUser('7', (own) => added(own, style(`s${process}-${at}`))),
          ),
        ),
      );
      for (const one of both) expect((await one.ofUser('7')).presets).toHaveLength(16);
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
        world.discord.world.addChannel(`Guild ${shard}`, { name: `place-${shard}` });
        world.discord.world.addMember(`Guild ${shard}`, 'ben');
      }
      apps = await Promise.all(['0', '1'].map((ids) => world.create({ SHARD_IDS: ids })));
      await Promise.all(apps.map((app) => app.start()));
      await world.discord.ready();
    });
    afterEach(async () => {
      for (const app of apps) await app.stop();
      await world.close();
    });

    it('knows what a user has set in a server of the other, and forgets it at once', async () => {
      const [here, there] = ['place-0', 'place-1'].map((place) => world.discord.actor('ben', place));
      if (!here || !there) throw new Error('two places');
      // Its process has read the earlier ones.
      await delivered(await there.command('imagine', { prompt: 'a fox' }));
      await answered(
        await here.command('preferences pictures', { model: 'kling-3.0', aspect_ratio: '9:16' }),
      );
      const opened = await here.command('preferences style_add');
      await opened.acknowledged;
      await answered(await here.submitModal(opened, { name: 'mine', after: 'in ink' }));
      await answered(await here.command('preferences language', { language: 'zh-CN' }));
      await delivered(await there.command('imagine', { prompt: 'a fox', style: 'mine' }));
      expect(world.mps.tasks.at(-1)?.params).toMatchObject({
        ModelName: 'Kling',
        Prompt: 'a fox, in ink',
        ExtraParameters: { AspectRatio: '9:16' },
      });
      expect(saidIn(await answered(await there.command('preferences show')))).toContain('你的默认选项');
      const question = await answered(await there.command('privacy delete'));
      await there.press(question.id, 'v1:privacy:delete');
      await world.discord.until(({ id, content }) => id === question.id && content !== question.content);
      expect(saidIn(await answered(await here.command('preferences show')))).toContain(
        'You have set no defaults',
      );
    });
  });
});
