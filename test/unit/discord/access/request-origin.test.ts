import { PermissionFlagsBits, PermissionsBitField } from 'discord.js';
import { describe, expect, it } from 'vitest';
import {
  type AnswerableInteraction,
  originOf,
  requirePostingRights,
} from '../../../../src/discord/access/request-origin.js';
import { UserError } from '../../../../src/errors.js';
import { noon } from '../../../support/tasks.js';

const { ViewChannel, SendMessages, SendMessagesInThreads, AttachFiles, ReadMessageHistory } =
  PermissionFlagsBits;
const all = [ViewChannel, SendMessages, SendMessagesInThreads, AttachFiles, ReadMessageHistory];

interface Given {
  readonly permissions?: readonly bigint[];
  /** Keys of authorizing_integration_owners: 0 the guild (or the bot's own conversation), 1 the user. */
  readonly owners?: { readonly 0?: string; readonly 1?: string };
  readonly guildId?: string | null;
  readonly thread?: boolean;
  readonly locale?: string;
}

/** The parts of an interaction that are looked at, as discord.js fills them in. */
function anInteraction(given: Given = {}): AnswerableInteraction {
  const { permissions = all, owners = { 0: '2' }, guildId = '2', thread = false, locale = 'nl' } = given;
  const parts = {
    id: '1146000000000000023',
    applicationId: '1',
    guildId,
    channelId: '3',
    channel: { id: '3', isThread: () => thread },
    user: { id: '4' },
    token: 'the-token',
    locale,
    appPermissions: new PermissionsBitField([...permissions]),
    // Every kind has its key there, with or without a value.
    authorizingIntegrationOwners: { 0: owners[0], 1: owners[1] },
    isMessageComponent: () => false,
    isModalSubmit: () => false,
    attachmentSizeLimit: 10_485_760,
  };
  return parts as unknown as AnswerableInteraction;
}

/** The text that names the missing permission; undefined if nothing is missing. */
function missing(given: Given): string | undefined {
  try {
    requirePostingRights(anInteraction(given));
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.sentences[0]?.key;
    throw error;
  }
}

const without = (...lacking: readonly bigint[]) => all.filter((one) => !lacking.includes(one));

describe('the origin of a request', () => {
  it('is stored as Discord sends it, the token with its expiry', () => {
    const origin = originOf(anInteraction(), noon);
    expect(origin).toMatchObject({
      eventId: '1146000000000000023',
      guildId: '2',
      channelId: '3',
      userId: '4',
      locale: 'en-US',
      token: 'the-token',
      acknowledged: false,
      sizeLimit: 10_485_760,
      mayPostLater: true,
      mayReadHistory: true,
    });
    expect(origin.tokenExpiresAt).toBeGreaterThan(noon + 14 * 60_000);
    expect(origin.tokenExpiresAt).toBeLessThan(noon + 15 * 60_000);
  });

  it('has no guild in a conversation with the bot', () => {
    expect(originOf(anInteraction({ guildId: null, owners: { 0: '0' } }), noon)).not.toHaveProperty(
      'guildId',
    );
  });

  it('is Chinese wherever Discord is', () => {
    for (const locale of ['zh-CN', 'zh'])
      expect(originOf(anInteraction({ locale }), noon).locale).toBe('zh-CN');
  });

  it('can be posted to later only where the bot itself is installed', () => {
    expect(originOf(anInteraction({ owners: { 1: '4' } }), noon).mayPostLater).toBe(false);
    expect(originOf(anInteraction({ owners: { 0: '2', 1: '4' } }), noon).mayPostLater).toBe(true);
  });
});

describe('the permissions to post', () => {
  it('are complete if nothing is missing', () => {
    expect(missing({})).toBeUndefined();
    expect(missing({ permissions: without(ReadMessageHistory) })).toBeUndefined();
  });

  it.each([
    ['error.permission.view', ViewChannel],
    ['error.permission.send', SendMessages],
    ['error.permission.attach', AttachFiles],
  ])('lack one, and are said to: %s', (key, permission) => {
    expect(missing({ permissions: without(permission) })).toBe(key);
  });

  it('are different in a thread', () => {
    expect(missing({ thread: true, permissions: without(SendMessages) })).toBeUndefined();
    expect(missing({ thread: true, permissions: without(SendMessagesInThreads) })).toBe(
      'error.permission.sendInThread',
    );
    expect(missing({ permissions: without(SendMessagesInThreads) })).toBeUndefined();
  });

  it('are not required if only the answer itself is used', () => {
    expect(missing({ permissions: [], owners: { 1: '4' } })).toBeUndefined();
    expect(missing({ permissions: [], owners: { 0: '0' }, guildId: null })).toBeUndefined();
  });
});
