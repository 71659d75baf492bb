import type { Actor, OptionValues } from '@easel/discord-stand-in';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, saidIn, type World } from './world.js';

let world: World;
let log: string;
let clock = 0;
beforeEach(async () => {
  clock = 0;
  world = await createWorld({ now: () => Date.now() + clock, timing: { firstPruneMs: 50 } });
  const { world: places } = world.discord;
  const guild = places.guild('Foxglove');
  log = places.addChannel(guild.id, { name: 'mod-log', denyEveryone: ['ViewChannel'] }).id;
  places.setOverwrite('mod-log', { id: places.botId, type: 'member', allow: 1n << 10n, deny: 0n });
});
afterEach(() => world.close());

const en = (key: Parameters<typeof text>[1], params = {}) => text('en-US', key, params);
const actor = (name: string, channel = 'general') => world.discord.actor(name, channel);
const idOf = (name: string) => world.discord.world.user(name).id;
const lines = () =>
  world.discord
    .messages(log)
    .filter(({ deleted }) => !deleted)
    .map(({ content }) => content)
    .join('\n');

async function told(user: Actor, command: string, options: OptionValues = {}): Promise<string> {
  return saidIn(await answered(await user.command(command, options)));
}

/** Opens the page for moderators in the settings, and chooses the log channel. */
async function chooseLog(channels: readonly string[] = ['mod-log']): Promise<void> {
  const panel = await answered(await actor('ada').command('settings show'));
  await actor('ada').select(panel.id, 'v1:set:section', ['moderation']);
  await world.discord.until(({ id, content }) => id === panel.id && content.includes(en('rules.log')));
  await actor('ada').select(panel.id, 'v1:set:log_channel', channels);
}

it('says who ordered what, what became of it and who deleted it, once, also over a restart', async () => {
  await chooseLog();
  await until('the choice is in the log', () => lines().includes(en('moderation.act.settings')));
  const result = await delivered(await actor('ben').command('imagine', { prompt: 'a red *fox* @everyone' }));
  await delivered(await actor('mia').command('imagine', { prompt: 'a secret', private: true }));
  await until('both are done', () => lines().split(en('tasks.delivered')).length === 3);
  expect(lines()).toContain(`<@${idOf('ben')}> ${en('moderation.act.order')}`);
  expect(lines()).toContain('a red \\*fox\\*');
  expect(lines()).toContain(result.id);
  expect(lines()).toContain(en('log.private'));
  expect(lines()).not.toContain('a secret');
  await world.stop();
  await world.start();
  await told(actor('ada'), 'moderate cooldown', { seconds: 1 });
  await until('the act is in the log', () => lines().includes(en('rules.cooldown')));
  expect(lines().split('a red').length).toBe(2);
  await actor('ada').press(result.id, 'Delete');
  await until('who deleted it', () =>
    lines().includes(`<@${idOf('ada')}> ${en('moderation.act.deleted')} · <@${idOf('ben')}>`),
  );
  await until('that it is gone', () => lines().includes(en('tasks.removed')));
  expect(world.discord.messages(log).flatMap(({ notified }) => notified)).toEqual([]);
});

it('forgets words, name and link when a member deletes a result or their data; the act stays', async () => {
  await chooseLog();
  await until('the choice is in the log', () => lines().includes(en('moderation.act.settings')));
  const first = await delivered(await actor('ben').command('imagine', { prompt: 'a red fox' }));
  await until('it is done', () => lines().includes(en('tasks.delivered')));
  await actor('ben').press(first.id, 'Delete');
  await until('it is forgotten', () => lines().includes(en('log.deletedData')));
  expect(lines()).not.toContain('a red fox');
  expect(lines()).not.toContain(first.id);
  await delivered(await actor('ben').command('imagine', { prompt: 'a blue hare' }));
  await told(actor('ada'), 'moderate block', { member: 'ben', reason: 'rude' });
  await until('the block', () => lines().includes('rude'));
  const question = await answered(await actor('ben').command('privacy delete'));
  await actor('ben').press(question.id, en('button.forget.sure'));
  await until('all is forgotten', () => !lines().includes('a blue hare') && !lines().includes('rude'));
  expect(lines()).not.toContain(`<@${idOf('ben')}>`);
  expect(lines()).toContain(`<@${idOf('ada')}> ${en('moderation.act.block')}`);
});

it('a log that may not be written is put on record once, and nothing is lost', async () => {
  await chooseLog();
  await until('the choice is in the log', () => lines().includes(en('moderation.act.settings')));
  const free = world.discord.faults.add({
    ...{ kind: 'status', status: 403, code: 50013, method: 'POST', times: Number.POSITIVE_INFINITY },
    route: `/channels/${log}/messages`,
  });
  await told(actor('ada'), 'moderate cooldown', { seconds: 1 });
  await until('it is on record', async () =>
    (await told(actor('ada'), 'moderate audit')).includes(en('moderation.act.silent')),
  );
  free();
  await world.stop();
  clock += 3_600_000;
  await world.start();
  await until('what was missing is there', () => lines().includes(en('rules.cooldown')));
  await until('that it was silent', () => lines().split(en('moderation.act.silent')).length === 2);
});

it('a log that is switched off or elsewhere forgets as well, and one that is gone silences no other', async () => {
  await chooseLog();
  await until('the choice is in the log', () => lines().includes(en('moderation.act.settings')));
  const [first, second] = [
    await delivered(await actor('ben').command('imagine', { prompt: 'a red fox' })),
    await delivered(await actor('ben').command('imagine', { prompt: 'a blue hare' })),
  ];
  await until('both are done', () => lines().split(en('tasks.delivered')).length === 3);
  await chooseLog([]);
  await until(
    'it is off',
    async () =>
      (await told(actor('ada'), 'moderate audit')).split(en('moderation.act.settings')).length === 3,
  );
  await actor('ben').press(first.id, 'Delete');
  await until('it is forgotten', () => !lines().includes('a red fox'));
  const { world: places } = world.discord;
  const other = places.addChannel(places.guild('Foxglove').id, {
    name: 'new-log',
    denyEveryone: ['ViewChannel'],
  }).id;
  places.setOverwrite('new-log', { id: places.botId, type: 'member', allow: 1n << 10n, deny: 0n });
  await chooseLog(['new-log']);
  const said = () =>
    world.discord
      .messages(other)
      .map(({ content }) => content)
      .join('\n');
  await until('the choice is in the other log', () => said().includes(en('moderation.act.settings')));
  places.removeChannel('mod-log');
  await actor('ben').press(second.id, 'Delete');
  await until('the deletion', () => said().includes(en('moderation.act.deleted')));
  await told(actor('ada'), 'moderate cooldown', { seconds: 1 });
  await until('it goes on', () => said().includes(en('rules.cooldown')));
  expect(await told(actor('ada'), 'moderate audit')).not.toContain(en('moderation.act.silent'));
});

/** What is posted into the log arrives, and its answer is lost. */
const loseAnswers = () =>
  world.discord.faults.add({
    ...{ kind: 'resetAfter', method: 'POST', times: Number.POSITIVE_INFINITY },
    route: `/channels/${log}/messages`,
  });

it('what a crash left half posted is forgotten, too, and not posted twice', async () => {
  await chooseLog();
  await until('the choice is in the log', () => lines().includes(en('moderation.act.settings')));
  const result = await delivered(await actor('ben').command('imagine', { prompt: 'a grey owl' }));
  await until('it is done', () => lines().includes(en('tasks.delivered')));
  const free = loseAnswers();
  const second = await delivered(await actor('ben').command('imagine', { prompt: 'a red fox' }));
  await until('it is posted', () => lines().includes('a red fox'));
  await world.stop();
  await world.start();
  for (const { id } of [result, second]) await actor('ben').press(id, 'Delete');
  await until('the first is forgotten', () => !lines().includes('a grey owl'));
  await world.stop();
  free();
  // Discord has forgotten the nonce by now.
  clock += 10 * 60_000;
  await world.start();
  await until('the second, too', () => !lines().includes('a red fox'));
  await told(actor('ada'), 'moderate cooldown', { seconds: 1 });
  await until('it goes on', () => lines().includes(en('rules.cooldown')));
  expect(lines().split(en('moderation.act.order'))).toHaveLength(3);
});

it('a message that was sent when another channel was chosen is known, and forgotten', async () => {
  await chooseLog();
  await until('the choice is in the log', () => lines().includes(en('moderation.act.settings')));
  const free = loseAnswers();
  const result = await delivered(await actor('ben').command('imagine', { prompt: 'a red fox' }));
  await until('it is posted', () => lines().includes('a red fox'));
  await world.stop();
  free();
  const { world: places } = world.discord;
  places.addChannel(places.guild('Foxglove').id, { name: 'new-log', denyEveryone: ['ViewChannel'] });
  places.setOverwrite('new-log', { id: places.botId, type: 'member', allow: 1n << 10n, deny: 0n });
  const closed = world.discord.faults.add({
    ...{ kind: 'status', status: 500, method: 'POST', times: Number.POSITIVE_INFINITY },
    route: `/channels/${log}/messages`,
  });
  await world.start();
  await chooseLog(['new-log']);
  closed();
  await until('the choice is in the other', async () =>
    (await told(actor('ada'), 'moderate audit')).includes(en('rules.log')),
  );
  await world.stop();
  await world.start();
  await actor('ben').press(result.id, 'Delete');
  await until('it is forgotten', () => !lines().includes('a red fox'));
  expect(lines().split(en('moderation.act.order'))).toHaveLength(2);
});

it('what a kill left between the journal and the log is posted once after the next start', async () => {
  await chooseLog();
  await until('the choice is in the log', () => lines().includes(en('moderation.act.settings')));
  const broken = world.discord.faults.add({
    ...{ kind: 'status', status: 500, method: 'POST', times: Number.POSITIVE_INFINITY },
    route: `/channels/${log}/messages`,
  });
  await told(actor('ada'), 'moderate cooldown', { seconds: 1 });
  await told(actor('ada'), 'quota set', { scope: 'guild', measure: 'image.day', amount: 5 });
  await world.stop();
  broken();
  expect(lines()).not.toContain(en('rules.cooldown'));
  for (let start = 0; start < 2; start++) {
    await world.start();
    const limit = `${en('moderate.limits.server')}: ${en('measure.image.day')}`;
    await until('both are there', () => lines().includes(en('rules.cooldown')) && lines().includes(limit));
    await world.stop();
  }
  expect(lines().split(en('rules.cooldown'))).toHaveLength(2);
  expect(lines().split(en('moderation.act.quota'))).toHaveLength(2);
  await world.start();
});

it('messages that are older than what is kept of them are cleaned when their users delete their data', async () => {
  await chooseLog();
  await until('the choice is in the log', () => lines().includes(en('moderation.act.settings')));
  await delivered(await actor('ben').command('imagine', { prompt: 'a red fox' }));
  await delivered(await actor('mia').command('imagine', { prompt: 'a blue hare' }));
  await told(actor('ada'), 'moderate block', { member: 'ben', reason: 'rude' });
  await until(
    'all is there',
    () => lines().includes('rude') && lines().split(en('tasks.delivered')).length === 3,
  );
  await world.stop();
  clock += 91 * 24 * 3_600_000;
  await world.start();
  await until('the entries are gone', async () =>
    (await told(actor('ada'), 'moderate audit')).includes(en('moderate.audit.none')),
  );
  expect(lines()).toContain('a red fox');
  const question = await answered(await actor('ben').command('privacy delete'));
  await actor('ben').press(question.id, en('button.forget.sure'));
  await until('all is forgotten', () => !lines().includes('a red fox') && !lines().includes('rude'));
  expect(lines()).not.toContain(`<@${idOf('ben')}>`);
  expect(lines()).toContain(`<@${idOf('ada')}> ${en('moderation.act.block')}`);
  expect(lines()).toContain('a blue hare');
});
