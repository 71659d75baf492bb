import { PermissionsBitField } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { offerIn } from '../../../../src/discord/access/guild-catalogue.js';
import type { AnswerableInteraction } from '../../../../src/discord/access/request-origin.js';
import type { Mention } from '../../../../src/discord/input/mention.js';
import { createAckGate } from '../../../../src/discord/interactions/ack-gate.js';
import type { Asking } from '../../../../src/discord/services/guild-service.js';
import { createOrders } from '../../../../src/discord/services/orders.js';
import { createPlaceOrder } from '../../../../src/discord/services/place-order.js';
import { UserError } from '../../../../src/errors.js';
import { defaultSettings, type GuildSettings } from '../../../../src/guilds/settings.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { noPreferences } from '../../../../src/presets/preferences.js';
import type { Origin } from '../../../../src/tasks/model/task.js';
import { createCollectingLog } from '../../../support/log.js';
import { anOrigin, aTask, noon } from '../../../support/tasks.js';
import { offer } from '../../commands/offer.js';

const noRights = new PermissionsBitField();
const allRights = new PermissionsBitField(PermissionsBitField.All);

function interactionWith(permissions: PermissionsBitField): AnswerableInteraction {
  return {
    id: '1146000000000000500',
    applicationId: '1',
    guildId: '2',
    channelId: '3',
    token: 'the-token',
    user: { id: '4' },
    locale: 'en-US',
    authorizingIntegrationOwners: { 0: '2' },
    appPermissions: permissions,
    attachmentSizeLimit: 10_485_760,
    channel: null,
    member: null,
    isMessageComponent: () => false,
    isModalSubmit: () => false,
  } as unknown as AnswerableInteraction;
}

function mentionWith(permissions: PermissionsBitField): Mention {
  return {
    address: 'mention',
    words: 'a fox',
    message: {} as Mention['message'],
    inThread: false,
    locked: false,
    permissions,
    origin: anOrigin({ eventId: '1146000000000000600', guildId: '2', channelId: '3', replyAs: '9' }),
    circumstances: { channels: ['3'], roles: ['2'], ageRestricted: false },
  };
}

/** Orders in a guild with these rules; `admitted` and `started` collect admitted and started orders. */
function setUp(changes: Partial<GuildSettings> = {}, refuse?: UserError) {
  const rules = { ...defaultSettings, ...changes };
  const task = aTask();
  const admitted: Origin[] = [];
  const started: string[] = [];
  const log = createCollectingLog();
  const placeOrder = createPlaceOrder({
    admission: {
      async admit(_, origin) {
        if (refuse) throw refuse;
        admitted.push(origin);
        return task;
      },
    },
    ledger: { find: async () => undefined, record: async () => task, amendSoon: async () => task },
    runner: { start: (id) => void started.push(id) },
    gate: { check: async () => ({ kind: 'pass' }) },
    chosenLanguage: async () => undefined,
    catalogue: createCatalogue(),
    ackGate: createAckGate(),
    log,
  });
  const acknowledge = async () => ({ answer: {} });
  const orders = createOrders({
    styles: { house: async () => undefined, ofUser: async () => noPreferences },
    placeOrder,
    acknowledge,
    guilds: { rules: async () => rules, offer: async () => offerIn(offer, rules) },
    refusals: { withFixes: async (error) => error },
    now: () => noon,
  });
  const order = (asking: Asking) => orders.place(asking, task.request);
  return { order, admitted, started, id: task.id };
}

describe.each([
  ['an interaction', interactionWith],
  ['a mention', mentionWith],
])('an order by %s', (_, askingWith) => {
  const elsewhere = { channels: ['7'] };
  const spent = new UserError({ key: 'error.disabled.image' });

  it('is checked against the policy first, then for permissions, then by admission', async () => {
    const all = setUp(elsewhere, spent);
    await expect(all.order(askingWith(noRights))).rejects.toThrow('error.policy.channel');
    const rights = setUp({}, spent);
    await expect(rights.order(askingWith(noRights))).rejects.toThrow('error.permission.view');
    const admission = setUp({}, spent);
    await expect(admission.order(askingWith(allRights))).rejects.toThrow(spent);
    for (const { admitted, started } of [all, rights, admission])
      expect([admitted, started]).toEqual([[], []]);
  });

  it('is admitted in the language of the guild, and started', async () => {
    const { order, admitted, started, id } = setUp({ language: 'zh-CN' });
    await order(askingWith(allRights));
    expect(admitted).toMatchObject([{ locale: 'zh-CN', channelId: '3' }]);
    expect(started).toEqual([id]);
  });
});

describe('the visibility of the answer', () => {
  it('follows the guild for an interaction; a mention is answered in public', async () => {
    const { order, admitted } = setUp({ private: true });
    await order(interactionWith(allRights));
    await order(mentionWith(allRights));
    expect(admitted.map((origin) => origin.private)).toEqual([true, false]);
  });
});
