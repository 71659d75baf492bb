import type { Invocation, OptionValues } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { until } from '../support/until.js';
import { asked, createReviewedWorld } from './review-world.js';
import { answered, createWorld, delivered, saidIn, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const members = [
  ['ben', 'en-US'],
  ['lin', 'zh-CN'],
] as const;
const actor = (name: string, channel = 'general') => world.discord.actor(name, channel);

async function told(name: string, command: string, options: OptionValues = {}): Promise<string> {
  return saidIn(await answered(await actor(name).command(command, options)));
}

const block = (name: string) => told('ada', 'moderate block', { member: name, reason: 'rude' });

describe.each(members)('%s, blocked with something open (%s)', (name, locale) => {
  const isRefused = (said: string) => {
    expect(said).toContain(text(locale, 'moderation.blocked.forever.why', { reason: 'rude' }));
  };
  const answer = async (made: Promise<Invocation>) => saidIn(await answered(await made));

  it('can submit no form, accept no offer, press nothing that orders and mention in vain', async () => {
    world = await createWorld();
    const result = await delivered(await actor(name).command('imagine', { prompt: 'a fox' }));
    const offer = await answered(
      await actor(name).command('animate', { prompt: 'it runs', model: 'Kling 2.1', duration: 8 }),
    );
    const form = await actor(name).messageCommand('Remix', result.id);
    await form.acknowledged;
    const made = world.mps.tasks.length;
    await block(name);
    isRefused(await answer(actor(name).submitModal(form, { prompt: 'a fox in the snow' })));
    const use = locale === 'zh-CN' ? '改用 10 秒' : 'Use 10 s';
    isRefused(await answer(actor(name).press(offer.id, use)));
    isRefused(await answer(actor(name).press(result.id, text(locale, 'button.again'))));
    const mention = await actor(name).send(`<@${world.discord.world.botId}> a fox`);
    const reply = await world.discord.until(({ replyTo }) => replyTo === mention.id);
    // Discord doesn't say in which language a message was written: the reply is in the server's.
    expect(saidIn(reply)).toContain(text('en-US', 'moderation.blocked.forever.why', { reason: 'rude' }));
    expect(world.mps.tasks).toHaveLength(made);
  });

  it('whose order waits for approval has it ended, and all are told why; nothing is made', async () => {
    world = await createReviewedWorld({ all: false });
    const words = await actor('ada').command('moderate words');
    await words.acknowledged;
    await answered(await actor('ada').submitModal(words, { refuse: '', review: 'dragon' }));
    const sent = await actor(name).command('imagine', { prompt: 'a dragon' });
    await sent.until(({ content }) => content.includes(text(locale, 'card.awaitingApproval')));
    const question = await asked(world, 'allow');
    expect(await told('ada', 'moderate block', { member: name })).toContain('Orders cancelled: 1');
    const ended = await sent.until(({ components }) =>
      JSON.stringify(components).includes(text(locale, 'button.why')),
    );
    const why = await answered(await actor(name).press(ended.id, text(locale, 'button.why')));
    expect(saidIn(why)).toContain(text(locale, 'failure.blocked'));
    await until('the question is over', () => {
      const said = JSON.stringify(world.discord.message(question.id));
      return said.includes(text('en-US', 'review.blocked')) && !said.includes('v1:allow:');
    });
    const member = await answered(await actor('ada').command('moderate member', { member: name }));
    expect(saidIn(member)).not.toContain(text('en-US', 'tasks.awaitingApproval'));
    expect(world.mps.tasks).toEqual([]);
  });
});
