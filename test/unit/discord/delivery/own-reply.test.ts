import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDelivery } from '../../../../src/discord/delivery/discord-delivery.js';
import { createRests } from '../../../../src/discord/rest/clients.js';
import { createSetCards } from '../../../../src/discord/views/sets/set-card.js';
import { createCards } from '../../../../src/discord/views/task-card.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { type Delivery, RouteClosedError } from '../../../../src/tasks/delivery/delivery-port.js';
import type { Origin } from '../../../../src/tasks/model/task.js';
import { createFakeClock, type FakeClock } from '../../../support/clock.js';
import { noLimits } from '../../../support/delivery.js';
import { createCollectingLog } from '../../../support/log.js';
import { type RestServer, startRestServer } from '../../../support/rest-server.js';
import { anOrigin, aTask, noon } from '../../../support/tasks.js';

let discord: RestServer;
let clock: FakeClock;
let delivery: Delivery;

beforeEach(async () => {
  discord = await startRestServer();
  clock = createFakeClock(noon);
  const rests = createRests(discord.apiUrl, 'bot-token');
  const cards = createCards({ catalogue: createCatalogue() });
  delivery = createDelivery({
    rests,
    cards,
    setCards: createSetCards({ catalogue: createCatalogue() }),
    limits: noLimits,
    ledger: { find: async () => undefined },
    log: createCollectingLog(),
    now: clock.now,
  });
});
afterEach(() => discord[Symbol.asyncDispose]());

const bot = '1100000000000000009';
const { token: _token, tokenExpiresAt: _expiry, messageId: _message, ...byMessage } = anOrigin();
const asked = (more: Partial<Origin> = {}) =>
  aTask({ origin: { ...byMessage, replyAs: bot, acknowledged: false, ...more } });
const channel = '/channels/1100000000000000003/messages';
const ours = { id: '1146000000000000024', channel_id: '1100000000000000003', author: { id: bot } };
const found = { channelId: ours.channel_id, messageId: ours.id };

describe('the answer to a message', () => {
  it('is a reply that is posted once, however often it is sent', async () => {
    discord.answers.set(`POST ${channel}`, [200, ours]);
    const task = asked();
    expect(await delivery.answered(task)).toEqual(found);
    expect(discord.asked).toEqual([`POST ${channel}`]);
    expect(discord.bodies[0]).toMatchObject({
      nonce: `a${task.id.replace(':', '.')}`,
      enforce_nonce: true,
      message_reference: { message_id: task.origin.eventId, fail_if_not_exists: false },
      allowed_mentions: { parse: [] },
    });
  });

  it('is looked up first once its nonce may be forgotten', async () => {
    clock.pass(120_000);
    const task = asked();
    const reply = { ...ours, message_reference: { message_id: task.origin.eventId } };
    const others = { ...reply, id: '1146000000000000023', author: { id: '1100000000000000008' } };
    discord.answers.set(`GET ${channel}`, [200, [others, reply]]);
    expect(await delivery.answered(task)).toEqual(found);
    expect(discord.asked).toEqual([`GET ${channel}`]);
  });

  it('is sent again if there is none after all', async () => {
    clock.pass(120_000);
    discord.answers.set(`GET ${channel}`, [200, []]);
    discord.answers.set(`POST ${channel}`, [200, ours]);
    expect(await delivery.answered(asked())).toEqual(found);
  });

  it("can't be posted where Easel can't write", async () => {
    discord.answers.set(`POST ${channel}`, [403, { code: 50_013, message: 'Missing Permissions' }]);
    await expect(delivery.answered(asked())).rejects.toThrow(RouteClosedError);
  });

  it('is edited with the bot’s own token, long after any other has expired', async () => {
    clock.pass(60 * 60_000);
    discord.answers.set(`PATCH ${channel}/${ours.id}`, [200, ours]);
    const task = asked({ acknowledged: true, messageId: ours.id });
    await delivery.show(task);
    expect(await delivery.post(task, 'answer', [])).toEqual(found);
    expect(discord.asked).toEqual([`PATCH ${channel}/${ours.id}`, `PATCH ${channel}/${ours.id}`]);
  });
});
