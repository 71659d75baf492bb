import { REST, Routes } from 'discord.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { controlId, customId } from '../../src/discord/views/custom-ids.js';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, delivered, saidIn, type World } from './world.js';

/** One world for all: nothing that a member forges changes it. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
  const { world: there } = world.discord;
  const home = there.guild('Foxglove');
  // May moderate members, and not manage the server.
  const wardens = there.addRole(home.id, { name: 'Wardens', permissions: ['ModerateMembers'] });
  there.addUser({ username: 'rex', globalName: 'Rex' });
  there.addMember(home.id, 'rex', [wardens.id]);
});
afterAll(() => world.close());

const actor = (name: string) => world.discord.actor(name, 'general');
const forged = { forged: true };
const members = [
  ['ben', 'en-US'],
  ['lin', 'zh-CN'],
] as const;
const subcommands = [
  ['block', { member: 'mia' }],
  ['pardon', { member: 'mia' }],
  ['list', {}],
  ['member', { member: 'mia' }],
  ['limits', {}],
  ['refusals', {}],
  ['history', {}],
  ['audit', {}],
  ['remove', { member: 'mia', hours: 1 }],
  ['words', {}],
  ['channel', { channel: 'general', most: 0 }],
  ['role', { role: '@everyone', allowed: false }],
  ['cooldown', { seconds: 3600 }],
] as const;

it.each(subcommands)(
  '/moderate %s that a member forges is refused, in their language',
  async (name, options) => {
    for (const [who, locale] of members) {
      const answer = await answered(await actor(who).command(`moderate ${name}`, options, forged));
      expect(saidIn(answer)).toContain(text(locale, 'error.moderate'));
      expect(answer.ephemeral).toBe(true);
    }
  },
);

const managed = [
  ['settings show', {}],
  ['settings showcase', { channel: 'general', stars: 2 }],
  ['settings spoiler', { on: true }],
  ['settings private', { on: true }],
  ['settings delete', { on: false }],
  ['settings most_results', { most: 9 }],
  ['settings provenance', { level: 'usual' }],
  ['presets list', {}],
  ['presets add', {}],
  ['presets show', { style: 'ink' }],
  ['presets edit', { style: 'ink' }],
  ['presets remove', { style: 'ink' }],
  ['presets default', { style: 'ink' }],
  ['presets negative', {}],
  ['presets export', {}],
] as const;

it.each(managed)('/%s that a member forges is refused, in their language', async (name, options) => {
  for (const [who, locale] of members) {
    const asked = await actor(who).command(name, options, forged);
    await asked.acknowledged;
    expect(asked.modal()).toBeUndefined();
    const answer = await answered(asked);
    expect(saidIn(answer)).toContain(text(locale, 'error.manageGuild'));
    expect(answer.ephemeral).toBe(true);
  }
});

it('what moderators press here, pressed by one who manages another server, there, decides nothing', async () => {
  const { world: there } = world.discord;
  const result = await delivered(await actor('mia').command('imagine', { prompt: 'a hare' }));
  const [, id = ''] = /v1:again:(\d+:\d+)/.exec(JSON.stringify(result.components)) ?? [];
  for (const [who, locale] of members) {
    const foreign = there.addGuild({ name: `Foreign ${who}`, owner: who });
    const lobby = there.addChannel(foreign.id, { name: `lobby-${who}` }).id;
    const verbs = ['approve', 'reject', 'allow', 'refuse', 'expel', 'ban', 'dismiss'] as const;
    const ids = verbs.map((verb) => customId(verb, id as Parameters<typeof customId>[1]));
    const rows = [ids.slice(0, 4), ids.slice(4)].map((row) => ({
      type: 1,
      components: row.map((custom_id) => ({ type: 2, style: 2, label: 'x', custom_id })),
    }));
    const { apiUrl, token } = world.discord;
    const rest = new REST({ api: apiUrl }).setToken(token);
    const posted = await rest.post(Routes.channelMessages(lobby), {
      body: { content: 'x', components: rows },
    });
    const { id: messageId } = z.object({ id: z.string() }).parse(posted);
    for (const custom of ids) {
      const pressed = await world.discord.actor(who, lobby).press(messageId, custom);
      const heard = saidIn(await answered(pressed));
      expect([text(locale, 'review.error.over'), text(locale, 'report.error.gone')], custom).toContain(heard);
    }
  }
  expect(world.discord.message(result.id)?.attachments).toHaveLength(1);
  const list = saidIn(await answered(await actor('ada').command('moderate list')));
  expect(list).toBe(text('en-US', 'moderate.list.none'));
});

it('a member who may moderate can use all of it, and no settings', async () => {
  const rex = actor('rex');
  for (const name of ['list', 'limits', 'refusals', 'audit', 'member'] as const) {
    const answer = await rex.command(`moderate ${name}`, name === 'member' ? { member: 'mia' } : {});
    expect(saidIn(await answer.until((one) => saidIn(one) !== ''))).not.toContain(
      text('en-US', 'error.moderate'),
    );
  }
  expect(saidIn(await answered(await rex.command('moderate pardon', { member: 'mia' })))).toBe(
    text('en-US', 'error.moderate.notBlocked'),
  );
  const words = await rex.command('moderate words');
  await words.acknowledged;
  expect(words.modal()).toBeDefined();
  const settings = await answered(await rex.command('settings show', {}, forged));
  expect(saidIn(settings)).toContain(text('en-US', 'error.manageGuild'));
});

it('buttons and selects of moderators that others forge are refused, in their language', async () => {
  const result = await delivered(await actor('mia').command('imagine', { prompt: 'a fox' }));
  const [, id = ''] = /v1:again:(\d+:\d+)/.exec(JSON.stringify(result.components)) ?? [];
  const task = id as Parameters<typeof customId>[1];
  const button = (custom_id: string) => ({ type: 2, style: 2, label: 'x', custom_id });
  const choices = ['moderation'].map((value) => ({ label: value, value }));
  const managers = ['words', 'review_all_on', 'review_all_off', 'style_house', 'showcase_off'].map(
    (control) => controlId('set', control),
  );
  const moderators = (['approve', 'reject', 'allow', 'refuse', 'expel', 'ban', 'dismiss'] as const).map(
    (verb) => customId(verb, task),
  );
  const select = { type: 3, custom_id: controlId('set', 'section'), options: choices };
  const rows = [managers, moderators.slice(0, 4), moderators.slice(4)].map((ids) => ids.map(button));
  const { apiUrl, token } = world.discord;
  const rest = new REST({ api: apiUrl }).setToken(token);
  const body = {
    content: 'x',
    components: [...rows, [select]].map((components) => ({ type: 1, components })),
  };
  const route = Routes.channelMessages(actor('ben').channelId);
  const { id: messageId } = z.object({ id: z.string() }).parse(await rest.post(route, { body }));
  for (const [who, locale] of members) {
    const heard = async (custom: string) => {
      const pressed = await actor(who).press(messageId, custom);
      await pressed.acknowledged;
      expect(pressed.modal(), custom).toBeUndefined();
      return saidIn(await answered(pressed));
    };
    for (const custom of managers)
      expect(await heard(custom), custom).toBe(text(locale, 'error.manageGuild'));
    for (const custom of moderators)
      expect(await heard(custom), custom).toBe(text(locale, 'review.error.notYours'));
    const chosen = await actor(who).select(messageId, controlId('set', 'section'), ['moderation']);
    expect(saidIn(await answered(chosen))).toBe(text(locale, 'error.manageGuild'));
  }
});

it('menus and forms that a member forges are refused, in their language', async () => {
  const result = await delivered(await actor('mia').command('imagine', { prompt: 'a fox' }));
  const onUser = await answered(await actor('lin').userCommand('Block member', 'mia', forged));
  expect(saidIn(onUser)).toContain(text('zh-CN', 'error.moderate'));
  const onMessage = await answered(await actor('ben').messageCommand('Block member', result.id, forged));
  expect(saidIn(onMessage)).toContain(text('en-US', 'error.moderate'));

  const block = await actor('ada').userCommand('Block member', 'mia');
  await block.acknowledged;
  const blocked = await answered(await actor('ben').submitModal(block, { days: '', reason: '' }, forged));
  expect(saidIn(blocked)).toContain(text('en-US', 'error.moderate'));
  const words = await actor('ada').command('moderate words');
  await words.acknowledged;
  const saved = await answered(await actor('ben').submitModal(words, { refuse: 'fox', review: '' }, forged));
  expect(saidIn(saved)).toContain(text('en-US', 'error.moderate'));

  expect(saidIn(await answered(await actor('ada').command('moderate list')))).toBe(
    text('en-US', 'moderate.list.none'),
  );
  await delivered(await actor('mia').command('imagine', { prompt: 'another fox' }));
});
