import { expect, test } from 'vitest';
import { type MentionQuestion, readMentions } from '../src/messages/mentions.js';

const ask = (texts: string[], more: Partial<MentionQuestion> = {}) =>
  readMentions({
    texts,
    allowed: undefined,
    guild: undefined,
    authorId: '1',
    mayMentionEveryone: false,
    repliedTo: undefined,
    isUser: (id) => ['1', '2', '3'].includes(id),
    ...more,
  });

test("names in the text ping, but not in code, unknown names or the author's own", () => {
  expect(ask(['<@2> <@!3> <@9> <@1>']).notified).toEqual(['2', '3']);
  expect(ask(['`<@2>` ```\n<@3>\n```']).notified).toEqual([]);
  expect(ask(['<@\u200b2>']).notified).toEqual([]);
});

test('an empty list pings no one, though the names still show', () => {
  const { users, notified } = ask(['<@2> @everyone'], { allowed: { parse: [] }, mayMentionEveryone: true });
  expect({ users, notified }).toEqual({ users: ['2'], notified: [] });
});

test('a reply pings the author it replies to unless disabled', () => {
  expect(ask(['hi'], { repliedTo: '2' }).notified).toEqual(['2']);
  expect(ask(['hi'], { repliedTo: '2', allowed: { parse: [] } }).notified).toEqual([]);
  expect(ask(['hi'], { repliedTo: '2', allowed: { parse: [], replied_user: true } }).users).toEqual(['2']);
});
