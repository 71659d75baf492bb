import type { OptionValues } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, delivered, saidIn, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const actor = (name: string) => world.discord.actor(name, 'general');
const idOf = (name: string) => world.discord.world.user(name).id;

/** Two moderators who may not manage the server, each with their own language. */
async function open(): Promise<void> {
  world = await createWorld();
  const { world: there } = world.discord;
  const home = there.guild('Foxglove');
  const wardens = there.addRole(home.id, { name: 'Wardens', permissions: ['ModerateMembers'] });
  there.addUser({ username: 'rex', globalName: 'Rex' });
  there.addMember(home.id, 'rex', [wardens.id]);
  there.addUser({ username: 'hua', globalName: '华', locale: 'zh-CN' });
  there.addMember(home.id, 'hua', [wardens.id]);
}

async function told(name: string, command: string, options: OptionValues = {}): Promise<string> {
  const answer = await actor(name).command(command, options);
  return saidIn(await answer.until((message) => saidIn(message) !== ''));
}

/** What a day on a server leaves behind. */
async function aDay(): Promise<void> {
  await told('ada', 'quota set', { scope: 'member', measure: 'image.day', amount: 5 });
  await told('ada', 'quota grant', { member: 'ben', measure: 'image.day', extra: 2, days: 3 });
  await told('ada', 'moderate channel', { channel: 'general', most: 50 });
  const words = await actor('ada').command('moderate words');
  await words.acknowledged;
  await answered(await actor('ada').submitModal(words, { refuse: 'dragon', review: '' }));
  await delivered(await actor('ben').command('imagine', { prompt: 'a red fox' }));
  await answered(await actor('ben').command('imagine', { prompt: 'a dragon' }));
  const checked = await actor('ben').command('imagine', { prompt: 'something forbidden' });
  await checked.until(({ content }) => content.includes(text('en-US', 'failure.moderation')));
  await told('ada', 'moderate cooldown', { seconds: 60 });
  await told('ada', 'moderate block', { member: 'mia', term: 'day', reason: 'rude' });
}

describe.each([
  ['rex', 'en-US'],
  ['hua', 'zh-CN'],
] as const)('%s finds in their language (%s)', (name, locale) => {
  it('limits and grants, members, refusals, history and acts, each in one command', async () => {
    const say = (key: Parameters<typeof text>[1], params = {}) => text(locale, key, params);
    await open();
    expect(await told(name, 'moderate member', { member: 'lin' })).toContain(say('standing.none.member'));
    expect(await told(name, 'moderate limits')).toBe(say('moderate.limits.none'));
    await aDay();
    const ben = `<@${idOf('ben')}>`;

    const limits = await told(name, 'moderate limits');
    const what = say('measure.image.day');
    expect(limits).toContain(say('moderate.limits.line', { what, amount: 5 }));
    expect(limits).toContain(`${say('moderate.limits.grants')}`);
    expect(limits).toContain(ben);
    expect(limits).toContain(say('moderate.limits.channels'));
    expect(limits).toContain(say('rules.cooldown'));

    const member = await told(name, 'moderate member', { member: 'ben' });
    expect(member).toContain(say('moderate.member.free', { member: ben }));
    expect(member).toContain(say('standing.of.image.day'));
    expect(member).toContain(say('refusal.words', { times: 1 }));
    expect(member).toContain('a red fox');
    const blocked = await told(name, 'moderate member', { member: 'mia' });
    expect(blocked).toContain(say('log.reason', { reason: 'rude' }));

    expect(await told(name, 'moderate list')).toContain(`<@${idOf('mia')}>`);
    expect(await told(name, 'moderate refusals', { days: 1 })).toContain(
      [say('refusal.words', { times: 1 }), say('refusal.check', { times: 1 })].join(say('list.comma')),
    );

    const history = await actor(name).command('moderate history', { member: 'ben' });
    const [file] = (await history.until(({ attachments }) => attachments.length > 0)).attachments;
    const table = await (await fetch(file?.url ?? '')).text();
    expect(table).toContain('a red fox');
    expect(table).toMatch(/Ben/);

    const audit = await told(name, 'moderate audit');
    const changed = (field: Parameters<typeof text>[1]) => say('log.fields', { fields: say(field) });
    expect(audit).toContain(changed('rules.cooldown'));
    expect(audit).toContain(changed('moderate.limits.channels'));
    expect(audit).toContain(changed('moderate.limits.grants'));
    expect(audit).toContain(say('moderation.act.words'));
    expect(audit).not.toMatch(/moderation\.|limits\.|grants\b/);
    expect(await told(name, 'moderate audit', { before: 99_999 })).toBe(audit);

    const lifted = await told(name, 'moderate pardon', { member: 'mia' });
    expect(lifted).toBe(say('moderate.pardoned', { member: `<@${idOf('mia')}>` }));
    const removed = await told(name, 'moderate remove', { member: 'ben', hours: 2 });
    expect(removed).toContain(ben);
    expect(await told(name, 'moderate history', { month: '2020/1' })).toBe(
      say('moderate.history.none', { month: '2020-01' }),
    );
  });
});
