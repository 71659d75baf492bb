import { expect, it, vi } from 'vitest';
import { createHeartbeat } from '../../../src/cluster/heartbeat.js';
import { createRests } from '../../../src/discord/rest/clients.js';
import { confirmed } from '../../../src/mps/api/transport.js';
import { StoreError } from '../../../src/store/store-error.js';

const lifeMs = 10_000;

function setUp(renew: () => Promise<boolean>) {
  let [ticks, wall] = [0, 1_000_000];
  const [onLost, onFailure, renewal] = [vi.fn(), vi.fn(), vi.fn(renew)];
  const heartbeat = createHeartbeat({
    lifeMs,
    renew: renewal,
    onLost,
    onFailure,
    monotonic: () => ticks,
    now: () => wall,
  });
  return {
    heartbeat,
    onLost,
    onFailure,
    renewal,
    pass(ms: number, standingStill = false) {
      if (!standingStill) ticks += ms;
      wall += ms;
    },
  };
}

it('does not query the store while the last heartbeat is recent, and before the lease was taken', async () => {
  const { heartbeat, renewal, pass } = setUp(async () => true);
  pass(lifeMs);
  await heartbeat.confirm();
  heartbeat.start(heartbeat.clocks());
  pass(lifeMs / 2);
  await heartbeat.confirm();
  expect(renewal).not.toHaveBeenCalled();
  heartbeat.stop();
});

it.each([
  ['a pause', false],
  ['the sleep of the machine, in which its ticks stand still', true],
])('after %s it gives a sign of life first, once for all who wait', async (_, standingStill) => {
  const { heartbeat, renewal, pass } = setUp(async () => true);
  heartbeat.start(heartbeat.clocks());
  pass(lifeMs, standingStill);
  await Promise.all([heartbeat.confirm(), heartbeat.confirm()]);
  await heartbeat.confirm();
  expect(renewal).toHaveBeenCalledTimes(1);
  heartbeat.stop();
});

it('lets no request out once the lease is lost, and says so once', async () => {
  const { heartbeat, onLost, pass } = setUp(async () => false);
  heartbeat.start(heartbeat.clocks());
  pass(lifeMs);
  const lost = { name: 'StoreError', reason: 'fenced' };
  await expect(heartbeat.confirm()).rejects.toMatchObject(lost);
  await expect(heartbeat.confirm()).rejects.toMatchObject(lost);
  expect(onLost).toHaveBeenCalledTimes(1);
});

it('holds nothing up while the store is unavailable: a request that needs a write waits by itself', async () => {
  const { heartbeat, onLost, onFailure, pass } = setUp(async () => {
    throw new StoreError('away', 'lease', 'gone');
  });
  heartbeat.start(heartbeat.clocks());
  pass(lifeMs);
  expect(await heartbeat.confirm()).toBe(false);
  expect(onFailure).toHaveBeenCalled();
  expect(onLost).not.toHaveBeenCalled();
  heartbeat.stop();
});

it('queries an unavailable store once, not for every request', async () => {
  const { heartbeat, onFailure, renewal, pass } = setUp(async () => {
    throw new StoreError('away', 'lease', 'gone');
  });
  heartbeat.start(heartbeat.clocks());
  pass(lifeMs);
  for (let request = 0; request < 10; request++) expect(await heartbeat.confirm()).toBe(false);
  expect(renewal).toHaveBeenCalledTimes(1);
  expect(onFailure).toHaveBeenCalledTimes(1);
  // After another pause it may be back, with another process in its lease.
  pass(lifeMs);
  await heartbeat.confirm();
  expect(renewal).toHaveBeenCalledTimes(2);
  heartbeat.stop();
});

it('sends no Create while the owner of the lease is unknown, but everything else', async () => {
  const send = vi.fn(async () => ({ status: 200, header: () => undefined, text: '' }));
  const transport = confirmed({ send, ready: async () => {}, close: async () => {} }, async () => false);
  const outgoing = (precious: boolean) => ({ precious }) as Parameters<typeof transport.send>[0];
  await expect(transport.send(outgoing(true))).rejects.toThrow('lease');
  expect(send).not.toHaveBeenCalled();
  await transport.send(outgoing(false));
  expect(send).toHaveBeenCalledTimes(1);
});

it('a request whose confirmation fails reaches neither Discord nor MPS', async () => {
  const refuse = async () => {
    throw new StoreError('fenced', 'lease', 'lost');
  };
  // No one listens there: a request that went out would fail otherwise.
  const rests = createRests('http://127.0.0.1:9/api', 'token', 1, refuse);
  for (const rest of [rests.answers, rests.bot, rests.uploads])
    await expect(rest.get('/gateway', { auth: rest !== rests.answers })).rejects.toMatchObject({
      reason: 'fenced',
    });
  const send = vi.fn();
  const transport = confirmed({ send, ready: async () => {}, close: async () => {} }, refuse);
  await expect(transport.send({} as Parameters<typeof transport.send>[0])).rejects.toMatchObject({
    reason: 'fenced',
  });
  expect(send).not.toHaveBeenCalled();
});
