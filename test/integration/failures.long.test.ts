import { afterEach, expect, it } from 'vitest';
import { type TextKey, text } from '../../src/locales/index.js';
import { createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

/** Ben's client speaks English, Lin's Chinese. */
const people = [
  ['ben', 'en-US'],
  ['lin', 'zh-CN'],
] as const;

/** Words of a text without its params, as a user would see them. */
function opening(locale: 'en-US' | 'zh-CN', key: TextKey): string {
  return text(locale, key).split(/[{.。:：]/)[0] ?? '';
}

it.each(people)(
  'while MPS is unreachable the card tells %s so, and in the end that nothing was ordered',
  async (person, locale) => {
    world = await createWorld({
      env: { MPS_ENDPOINT: 'http://127.0.0.1:9' },
      timing: { unreachableMs: 1_500 },
    });
    const invocation = await world.discord
      .actor(person, 'general')
      .command('imagine', { prompt: '雪地里的红狐狸' });
    await invocation.until(({ content }) => content.includes(opening(locale, 'card.unreachable')));
    const message = await invocation.until(({ content }) =>
      content.includes(opening(locale, 'failure.unreachable')),
    );
    expect(message.components).toHaveLength(1);
  },
);
