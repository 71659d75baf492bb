import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { asked, createReviewedWorld, member, moderator, paint, published } from './review-world.js';
import { answered, delivered, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const says = (words: string) => (message: { content: string }) => message.content.includes(words);

describe('a result under review', () => {
  it.each([
    ['ben', 'en-US'],
    ['lin', 'zh-CN'],
  ] as const)('goes to moderators first, and is posted once %s may have it', async (name, locale) => {
    world = await createReviewedWorld();
    const sent = await paint(member(world, name));
    await sent.until(says(text(locale, 'card.awaitingReview')));
    const question = await asked(world);
    expect(question.attachments).toHaveLength(1);
    expect(question.content).toContain('a red fox');
    expect(question.notified).toEqual([]);
    expect(published(world)).toEqual([]);
    await moderator(world).press(question.id, 'Approve');
    const result = await delivered(sent);
    expect(result.attachments).toHaveLength(1);
    await world.discord.until(({ id, components }) => id === question.id && components.length === 0);
    expect(published(world)).toHaveLength(1);
  });

  it('is not posted if a moderator rejects it, counts, and its user is told', async () => {
    world = await createReviewedWorld();
    const sent = await paint(member(world));
    const question = await asked(world);
    await moderator(world).press(question.id, 'Reject');
    await sent.until(says(text('en-US', 'card.rejected.result')));
    const closed = await world.discord.until(
      ({ id, components }) => id === question.id && components.length === 0,
    );
    expect(closed.content).toContain('Rejected by');
    expect(closed.attachments).toHaveLength(1);
    expect(published(world)).toEqual([]);
    const quota = await answered(await member(world).command('quota show'));
    expect(quota.content).toContain('Pictures today: 1');
  });
});
