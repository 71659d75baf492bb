import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCards } from '../../../src/discord/cards.js';
import { customId } from '../../../src/discord/custom-id.js';
import { createDelivery } from '../../../src/discord/deliver.js';
import { createRests } from '../../../src/discord/rest.js';
import { createCatalogue } from '../../../src/mps/models.js';
import type { Delivery } from '../../../src/tasks/delivery.js';
import type { Task } from '../../../src/tasks/task.js';
import { createCollectingLog } from '../../support/log.js';
import { anOrigin, aTask, noon, states } from '../../support/tasks.js';

type Answer = readonly [status: number, body: unknown];

let asked: string[];
let answers: Record<string, Answer>;
let delivery: Delivery;
let close: () => Promise<void>;

/** A Discord of which only the answers to a few paths are known; all else is unknown to it. */
beforeEach(async () => {
  asked = [];
  answers = {};
  const server = createServer((request, response) => {
    const path = `${request.method} ${new URL(request.url ?? '', 'http://discord').pathname.replace('/api/v10', '')}`;
    asked.push(path);
    const [status, body] = answers[path] ?? [404, { code: 10_008, message: 'Unknown Message' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const rests = createRests(`http://127.0.0.1:${port}/api`, 'bot-token');
  const cards = createCards({ catalogue: createCatalogue() });
  delivery = createDelivery({ rests, cards, log: createCollectingLog(), now: () => noon });
  close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
});
afterEach(() => close());

const byToken = 'GET /webhooks/1100000000000000001/the-interaction-token/messages/%40original';
const asBot = 'GET /channels/1100000000000000003/messages/1146000000000000024';
const dead: Answer = [401, { code: 50_027, message: 'Invalid Webhook Token' }];

function message(task: Task | undefined): Answer {
  const button = {
    type: 2,
    style: 2,
    label: 'Again',
    custom_id: task ? customId('again', task.id) : 'v1:again:1:1',
  };
  const components = [{ type: 1, components: [button] }];
  return [200, { id: '1146000000000000024', channel_id: '1100000000000000003', components }];
}

describe('looking for an outcome that may be in the answer', () => {
  const task = aTask({ state: states.delivering });
  const found = { channelId: '1100000000000000003', messageId: '1146000000000000024' };

  it('finds it by the button that names the task', async () => {
    answers[byToken] = message(task);
    expect(await delivery.seek(task, 'answer')).toEqual(found);
  });

  it('does not take another task’s outcome, or a card on the way, for it', async () => {
    answers[byToken] = message(aTask());
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
    answers[byToken] = [200, { id: '1', channel_id: '2', components: [] }];
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
  });

  it('finds it in the channel when the token has died', async () => {
    answers[byToken] = dead;
    answers[asBot] = message(task);
    expect(await delivery.seek(task, 'answer')).toEqual(found);
    expect(asked).toEqual([byToken, asBot]);
  });

  it.each([
    ['the answer is private', { private: true }],
    ['the channel’s history is closed to Easel', { mayReadHistory: false }],
  ])('does not look into the channel when %s', async (_, origin) => {
    answers[byToken] = dead;
    const hidden = { ...task, origin: anOrigin(origin) };
    expect(await delivery.seek(hidden, 'answer')).toBeUndefined();
    expect(asked).toEqual([byToken]);
  });

  it('finds nothing where the channel is closed as well', async () => {
    answers[byToken] = dead;
    answers[asBot] = [403, { code: 50_001, message: 'Missing Access' }];
    expect(await delivery.seek(task, 'answer')).toBeUndefined();
  });
});
