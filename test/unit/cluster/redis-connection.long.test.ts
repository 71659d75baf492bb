import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectRedis, settled } from '../../../src/cluster/redis-connection.js';
import { giveChance } from '../../support/until.js';

/** A Redis that can fall silent: it receives everything, and answers nothing. */
let silent: boolean;
let sockets: Socket[];
const server = createServer((socket) => {
  const heard = silent;
  sockets.push(socket);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    if (heard !== silent) return;
    const commands = data
      .toString()
      .toLowerCase()
      .split(/(?=\*\d+\r\n)/);
    for (const command of commands)
      socket.write(command.includes('info') ? '$15\r\nredis_version:7\r\n' : '+PONG\r\n');
  });
});

beforeEach(async () => {
  [silent, sockets] = [false, []];
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const url = () => `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;

it('a connection that falls silent is replaced, even if TCP considers it alive', async () => {
  const redis = connectRedis(url());
  await settled(redis);
  silent = true;
  await expect(redis.ping()).rejects.toThrow(/timed out/);
  expect(sockets).toHaveLength(1);
  await expect.poll(() => redis.status).not.toBe('ready');
  silent = false;
  await expect.poll(() => redis.ping().catch(() => 'away')).toBe('PONG');
  expect(sockets).toHaveLength(2);
  redis.disconnect();
});

it('an idle connection can be silent for as long as it likes', async () => {
  const redis = connectRedis(url());
  await settled(redis);
  await redis.ping();
  await giveChance(5_000);
  await expect(redis.ping()).resolves.toBe('PONG');
  expect(sockets).toHaveLength(1);
  redis.disconnect();
});
