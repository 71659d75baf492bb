import type { Actor, MessageView, OptionValues } from '@easel/discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, delivered, isResult, saidIn, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const en = (key: Parameters<typeof text>[1], params = {}) => text('en-US', key, params);
const actor = (name: string, channel = 'general') => world.discord.actor(name, channel);
const idOf = (name: string) => world.discord.world.user(name).id;

async function told(user: Actor, command: string, options: OptionValues = {}): Promise<string> {
  const message = await answered(await user.command(command, options));
  expect(message.ephemeral).toBe(true);
  return saidIn(message);
}

/** Saves both lists through the form. */
async function setWords(refuse: string, review = ''): Promise<string> {
  const opened = await actor('ada').command('moderate words');
  await opened.acknowledged;
  return saidIn(await answered(await actor('ada').submitModal(opened, { refuse, review })));
}

const refusal = async (name: string, options: OptionValues) =>
  saidIn(await answered(await actor(name).command('imagine', options)));

describe('words', () => {
  it('are refused in any of an order’s texts, in the language of who asks, and cost nothing', async () => {
    expect(await setWords('cocaine\n赌博\n/free ?nitro/')).toBe(en('words.saved', { refuse: 3, review: 0 }));
    const refused = en('moderation.words.refused');
    expect(await refusal('ben', { prompt: 'a bag of c\u200bосаïne' })).toContain(refused);
    expect(await refusal('ben', { prompt: 'a fox', negative: 'Ｃｏｃａｉｎｅ' })).toContain(refused);
    expect(await refusal('ben', { prompt: 'FREE nitro here' })).toContain(refused);
    expect(await refusal('lin', { prompt: '去賭 博的人' })).toContain(
      text('zh-CN', 'moderation.words.refused'),
    );
    const reply = await actor('ben').send(`<@${world.discord.world.botId}> some co-caine`);
    await world.discord.until(({ replyTo, content }) => replyTo === reply.id && content.includes(refused));
    await delivered(await actor('ben').command('imagine', { prompt: 'a nitrogen tank' }));
    expect(world.mps.tasks).toHaveLength(1);
    const list = await told(actor('ada'), 'moderate refusals');
    expect(list).toContain(`<@${idOf('ben')}> · ${en('refusal.words', { times: 4 })}`);
    expect(await told(actor('ada'), 'moderate audit')).toContain('cocaine');
  });

  it('that cannot be used are named, and nothing is saved', async () => {
    await setWords('cocaine');
    const said = await setWords('heroin\n/(a/');
    expect(said).toContain(en('words.error.pattern', { pattern: '/(a/' }));
    // Discord keeps nothing of a form that was sent.
    expect(said).toContain('heroin\n/(a/');
    const opened = await actor('ada').command('moderate words');
    await opened.acknowledged;
    expect(JSON.stringify(opened.modal()?.components)).toContain('"value":"cocaine"');
  });
});

it('the settings panel shows what its forms have saved, and says what a form needs first', async () => {
  const ada = actor('ada');
  const { id } = await answered(await ada.command('settings show'));
  const shows = (words: string) =>
    world.discord.until((each) => each.id === id && saidIn(each).includes(words));
  await ada.select(id, 'v1:set:section', ['moderation']);
  expect(saidIn(await shows(en('rules.log')))).toMatch(/<\/moderate block:\d+>/);

  const opened = await ada.press(id, en('button.words'));
  await opened.acknowledged;
  expect(JSON.stringify(opened.modal()?.components)).toContain(en('words.form.review.nowhere'));
  await ada.submitModal(opened, { refuse: 'dragonfly', review: '' });
  await shows(en('rules.words.value', { refuse: 1, review: 0 }));

  await ada.select(id, 'v1:set:section', ['styles']);
  await shows(en('rules.styles'));
  const add = async (before: string) => {
    const form = await ada.press(id, en('button.styles.add'));
    await form.acknowledged;
    return ada.submitModal(form, { name: 'pond', before, after: '', negative: '', options: '' });
  };
  const refused = await answered(await add('A dragon-fly and'));
  expect(saidIn(refused)).toBe(en('style.refused', { style: 'pond', entry: 'dragonfly' }));
  await add('Water lilies and');
  await shows(`**${en('rules.styles')}**: pond`);
});

describe('a blocked member', () => {
  it('cannot order, is told why, and can again once pardoned; all of it is on record', async () => {
    const blocked = await told(actor('ada'), 'moderate block', {
      member: 'ben',
      term: 'week',
      reason: 'spam *x*',
    });
    expect(blocked).toContain(`<@${idOf('ben')}>`);
    const why = await refusal('ben', { prompt: 'a fox' });
    expect(why).toContain('until <t:');
    expect(why).toContain('spam');
    expect(await told(actor('ada'), 'moderate list')).toContain(`<@${idOf('ben')}>`);
    const standing = await told(actor('ada'), 'moderate member', { member: 'ben' });
    expect(standing).toContain('spam');
    expect(standing).not.toContain(`**${en('standing.member')}**`);
    await world.stop();
    await world.start();
    expect(await refusal('ben', { prompt: 'a fox' })).toContain('until <t:');
    expect(await told(actor('ada'), 'moderate pardon', { member: 'ben' })).toBe(
      en('moderate.pardoned', { member: `<@${idOf('ben')}>` }),
    );
    await delivered(await actor('ben').command('imagine', { prompt: 'a fox' }));
    const audit = await told(actor('ada'), 'moderate audit');
    expect(audit).toContain(`<@${idOf('ada')}> ${en('moderation.act.block')} · <@${idOf('ben')}>`);
    expect(audit).toContain(en('moderation.act.pardon'));
    expect(await told(actor('ada'), 'moderate list')).toBe(en('moderate.list.none'));
  });

  it('has what waits cancelled, and gets what runs by direct message; it counts', async () => {
    const finish = world.mps.faults.add({ kind: 'status', word: 'RUN' });
    const running = await actor('ben').command('imagine', { prompt: 'a red fox' });
    await running.until(({ content }) => content.includes('painting'));
    await told(actor('ada'), 'moderate block', { member: 'ben' });
    finish();
    const direct = await world.discord.until(
      (message) => isResult(message) && message.channelId !== actor('ben').channelId,
    );
    expect(direct.attachments).toHaveLength(1);
    await running.until(({ content }) => content.includes('in a direct message'));
    expect(world.discord.messages(actor('ben').channelId).filter(isResult)).toEqual([]);
    expect(await told(actor('ben'), 'quota show')).toContain('Pictures this month: 1');
  });

  it('can be blocked from the menu of a user and of a message', async () => {
    const result = await delivered(await actor('ben').command('imagine', { prompt: 'a fox' }));
    const onMessage = await actor('ada').messageCommand('Block member', result.id);
    await onMessage.acknowledged;
    await answered(await actor('ada').submitModal(onMessage, { days: '3', reason: 'rude' }));
    expect(await refusal('ben', { prompt: 'a fox' })).toContain('rude');
    const onUser = await actor('ada').userCommand('Block member', 'mia');
    await onUser.acknowledged;
    const wrong = await answered(await actor('ada').submitModal(onUser, { days: 'x', reason: '' }));
    expect(saidIn(wrong)).toBe(en('error.moderate.days', { asked: 'x' }));
    await answered(await actor('ada').submitModal(onUser, { days: '', reason: '' }));
    expect(await refusal('mia', { prompt: 'a fox' })).toContain(en('moderation.blocked.forever'));
  });
});

it('members are not offered any of it', async () => {
  await expect(actor('ben').command('moderate list')).rejects.toThrow('permissions');
  await expect(actor('ben').userCommand('Block member', 'mia')).rejects.toThrow('permissions');
  // Admins of a server may show a command to everyone.
  const command = world.discord.commands().find(({ name }) => name === 'moderate');
  expect(command?.default_member_permissions).toBe(String(1n << 40n));
});

it('pauses, limits of channels and excluded roles hold, and are listed', async () => {
  const ada = actor('ada');
  await told(ada, 'moderate channel', { channel: 'general', most: 1 });
  await delivered(await actor('ben').command('imagine', { prompt: 'a fox' }));
  expect(await refusal('mia', { prompt: 'a fox' })).toContain('1 order an hour');
  await told(ada, 'moderate channel', { channel: 'general', most: 0 });
  expect(await refusal('mia', { prompt: 'a fox' })).toBe(en('moderation.channel.denied'));
  await told(ada, 'moderate channel', { channel: 'general' });
  await told(ada, 'moderate cooldown', { seconds: 3600 });
  expect(await refusal('ben', { prompt: 'a fox' })).toContain('<t:');
  expect(await told(ada, 'moderate limits')).toContain(en('rules.cooldown'));
  await world.stop();
  await world.start();
  expect(await refusal('ben', { prompt: 'a fox' })).toContain('<t:');
  await delivered(await actor('mia').command('imagine', { prompt: 'a fox' }));
});

it('the history of a month has names, words and links, and no formula', async () => {
  const result = await delivered(await actor('ben').command('imagine', { prompt: '=HYPERLINK("x") fox' }));
  await delivered(await actor('mia').command('imagine', { prompt: 'a secret', private: true }));
  const answer = await actor('ada').command('moderate history');
  const withFile = await answer.until((message) => message.attachments.length > 0);
  const [file] = withFile.attachments;
  const table = await (await fetch(file?.url ?? '')).text();
  expect(table).toContain(idOf('ben'));
  expect(table).toContain(`"'=HYPERLINK(""x"") fox"`);
  expect(table).toContain(result.id);
  expect(table).not.toContain('a secret');
  expect(await told(actor('ada'), 'moderate history', { month: '2020-13' })).toBe(
    en('error.moderate.month', { asked: '2020-13' }),
  );
});

it('all results of a member since a time are removed', async () => {
  const first = await delivered(await actor('ben').command('imagine', { prompt: 'a fox' }));
  const second = await delivered(await actor('ben').command('imagine', { prompt: 'a hare' }));
  const other: MessageView = await delivered(await actor('mia').command('imagine', { prompt: 'a cat' }));
  const done = await (await actor('ada').command('moderate remove', { member: 'ben', hours: 1 })).until(
    (message) => saidIn(message) !== '',
  );
  expect(saidIn(done)).toContain('Removed: 2');
  for (const { id } of [first, second]) expect(world.discord.message(id)).toBeUndefined();
  expect(world.discord.message(other.id)).toBeDefined();
});
