import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { created, described, startServer } from '../server.js';
import { createWorld, never, painting } from '../world.js';

describe('connections', () => {
  it('outlast the second until a slot returns, so that many Creates need no handshakes', async () => {
    await using server = await startServer(created('t'));
    await using world = createWorld(server.url);
    await world.client.create(painting, { signal: never });
    await sleep(1100);
    await world.client.create(painting, { signal: never });
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('idle for longer are not used for a Create, so that a server closing them causes no uncertain charge', async () => {
    await using server = await startServer(created('t'));
    await using world = createWorld(server.url);
    await world.client.create(painting, { signal: never });
    await sleep(4000);
    await world.client.create(painting, { signal: never });
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('idle for a second are good enough for a query', async () => {
    await using server = await startServer(described({ Status: 'RUN' }));
    await using world = createWorld(server.url);
    const ask = () => world.client.describe('image', () => 't', { signal: never });
    await ask();
    await sleep(1100);
    await ask();
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1]);
  });
});
