import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDelivery } from '../../../../src/discord/delivery/discord-delivery.js';
import { createRests } from '../../../../src/discord/rest/clients.js';
import { customId, type Verb } from '../../../../src/discord/views/custom-ids.js';
import { createSetCards } from '../../../../src/discord/views/sets/set-card.js';
import { createCards } from '../../../../src/discord/views/task-card.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { type Delivery, RouteClosedError } from '../../../../src/tasks/delivery/delivery-port.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { noLimits } from '../../../support/delivery.js';
import { createCollectingLog } from '../../../support/log.js';
import { type RestAnswer, type RestServer, startRestServer } from '../../../support/rest-server.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';

let discord: RestServer;
let delivery: Delivery;

beforeEach(async () => {
  discord = await startRestServer();
  const rests = createRests(discord.apiUrl, 'bot-token');
  const cards = createCards({ catalogue: createCatalogue() });
  const ledger = { find: async () => undefined };
  delivery = createDelivery({
    rests,
    cards,
    setCards: createSetCards({ catalogue: createCatalogue() }),
    limits: noLimits,
    ledger,
    log: createCollectingLog(),
    now: () => noon,
  });
});
afterEach(() => discord[Symbol.asyncDispose]());

const byToken = 'GET /webhooks/1100000000000000001/the-interaction-token/messages/%40original';
const asBot = 'GET /channels/1100000000000000003/messages/1146000000000000024';
const dead: RestAnswer = [401, { code: 50_027, message: 'Invalid Webhook Token' }];

function message(task: Task | undefined, verb: Verb = 'again', files = true): RestAnswer {
  const button = {
    type: 2,
    style: 2,
    label: 'Again',
    custom_id: task ? customId(verb, task.id) : 'v1:again:1:1',
  };
  const components = [{ type: 1, components: [button] }];
  const attachments = files ? [{ id: '1', size: 9 }] : [];
  return [200, { id: '1146000000000000024', channel_id: '1100000000000000003', components, attachments }];
}

describe("Discord's copy of a picture that is to be animated", () => {
  const expected = { unit: 'image', amount: 4 } as const;
  const results = (made: number) => ({
    urls: Array<string>(made).fill('https://mps.example.com/x'),
    files: [],
  });
  const part = (made: number, frame?: number) =>
    aTask({
      state: {
        ...states.delivered,
        posted: { channelId: '1100000000000000003', messageId: '1146000000000000024' },
      },
      cost: expected,
      results: results(made),
      set: { part: 2, parts: 2, before: 4, results: 8, ...(frame !== undefined && { frame }) },
    });
  const file = (number: number) => ({
    id: `${number}`,
    size: 9,
    filename: `a-red-fox-${number}.png`,
    url: `https://cdn.discordapp.com/${number}`,
  });
  const holding = (...numbers: number[]): RestAnswer => [
    200,
    { id: '1146000000000000024', channel_id: '1100000000000000003', attachments: numbers.map(file) },
  ];
  const all = [8, 7, 6, 5, 4, 3, 2, 1];

  it.each([
    ['the one that its user picked', part(4, 2), all, 7],
    ['the first one of its Create, if none was picked', part(4), all, 5],
    ['the first one, if MPS made too few', part(2, 2), [1, 2, 3, 4, 5, 6], 5],
    ['no other one, if the picked one is not there', part(4, 2), [1, 2, 3, 4, 5, 6, 8], undefined],
  ] as const)('is %s', async (_what, task, numbers, copied) => {
    discord.answers.set(asBot, holding(...numbers));
    expect(await delivery.copy(task)).toBe(copied && `https://cdn.discordapp.com/${copied}`);
  });
});

describe('looking for an outcome that may be in the answer', () => {
  const task = aTask({ state: states.delivering });
  const found = { channelId: '1100000000000000003', messageId: '1146000000000000024' };

  it("finds it by the button with the task's id", async () => {
    discord.answers.set(byToken, message(task));
    expect(await delivery.seek(task, 'answer')).toEqual(found);
  });

  it('skips a message that Discord accepted without its files', async () => {
    discord.answers.set(byToken, message(task, 'again', false));
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
  });

  it('skips another task’s outcome, and a progress card', async () => {
    discord.answers.set(byToken, message(aTask()));
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
    discord.answers.set(byToken, message(task, 'cancel'));
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
    discord.answers.set(byToken, [200, { id: '1', channel_id: '2', components: [] }]);
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
    discord.answers.set(byToken, message(task, 'cancel'));
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
  });

  it('finds it in the channel when the token has expired', async () => {
    discord.answers.set(byToken, dead);
    discord.answers.set(asBot, message(task));
    expect(await delivery.seek(task, 'answer')).toEqual(found);
    expect(discord.asked).toEqual([byToken, asBot]);
  });

  it.each([
    ['the answer is private', { private: true }],
    ['the channel’s history is closed to Easel', { mayReadHistory: false }],
  ])('does not look into the channel when %s', async (_, origin) => {
    discord.answers.set(byToken, dead);
    const hidden = { ...task, origin: anOrigin(origin) };
    expect(await delivery.seek(hidden, 'answer')).toBeUndefined();
    expect(discord.asked).toEqual([byToken]);
  });

  it('finds nothing if the channel is closed as well', async () => {
    discord.answers.set(byToken, dead);
    discord.answers.set(asBot, [403, { code: 50_001, message: 'Missing Access' }]);
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
  });
});

describe('looking for the answer to an unconfirmed order', () => {
  const task = aTask({ origin: anOrigin({ acknowledged: false }) });
  const inChannel = 'GET /channels/1100000000000000003/messages';
  const there = { id: '1146000000000000024', channel_id: '1100000000000000003' };
  const found = { channelId: there.channel_id, messageId: there.id };
  const unknown: RestAnswer = [404, { code: 10_015, message: 'Unknown Webhook' }];

  it('finds it by its token', async () => {
    discord.answers.set(byToken, [200, there]);
    expect(await delivery.answered(task)).toEqual(found);
  });

  it.each([
    ['has died', dead],
    ['is not known any more', unknown],
  ])('finds it in the channel when the token %s', async (_, answer) => {
    discord.answers.set(byToken, answer);
    const mine = { ...there, interaction_metadata: { id: task.origin.eventId } };
    discord.answers.set(inChannel, [
      200,
      [{ ...there, id: '1146000000000000025', interaction_metadata: { id: '1' } }, mine],
    ]);
    expect(await delivery.answered(task)).toEqual(found);
  });

  it('is sure that there is none if it is neither there nor in the channel', async () => {
    discord.answers.set(byToken, dead);
    discord.answers.set(inChannel, [200, []]);
    expect(await delivery.answered(task)).toBe(false);
  });

  it.each([
    ['the channel cannot be read', { mayReadHistory: false }],
    ['the answer is private', { private: true }],
  ])('says that it cannot know when the token opens nothing and %s', async (_, origin) => {
    const unseen = { ...task, origin: anOrigin({ acknowledged: false, ...origin }) };
    for (const answer of [unknown, dead]) {
      discord.answers.set(byToken, answer);
      await expect(delivery.answered(unseen)).rejects.toThrow(RouteClosedError);
    }
  });

  it("says that it can't know if the channel is no longer visible", async () => {
    discord.answers.set(byToken, unknown);
    discord.answers.set(inChannel, [403, { code: 50_001, message: 'Missing Access' }]);
    await expect(delivery.answered(task)).rejects.toThrow(RouteClosedError);
  });

  it('does not know yet while Discord is failing', async () => {
    discord.answers.set(byToken, [503, {}]);
    expect(await delivery.answered(task)).toBeUndefined();
  });
});
