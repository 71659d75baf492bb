import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildConnector } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import { createTransport, type Transport } from '../../../../src/mps/api/transport.js';
import { created, startServer } from '../server.js';
import { createWorld, errorOf, never, painting } from '../world.js';

const quick = { create: 150, describe: 150 };
const giveUp = { signal: never, giveUpAfterMs: 0 };

/** A TCP server that handles a connection as instructed. */
async function startTcp(onConnection: (socket: Socket) => void): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A network whose connections take `ms` longer; `connected` settles with the first one. */
function slowToConnect(ms: number): { readonly transport: Transport; readonly connected: Promise<void> } {
  const connect = buildConnector({});
  let arrive = () => {};
  const connected = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const transport = createTransport({
    connect(options, done) {
      const later: typeof done = (...outcome) => {
        done(...outcome);
        arrive();
      };
      setTimeout(() => connect(options, later), ms);
    },
  });
  return { transport, connected };
}

async function closedPort(): Promise<number> {
  await using server = await startTcp(() => {});
  return server.port;
}

describe('the connection of a Create', () => {
  it('is open before the Create is recorded as sent, and is used again', async () => {
    const happened: string[] = [];
    await using server = await startServer(created('fox'));
    const connect = buildConnector({});
    const transport = createTransport({
      connect: (options, done) =>
        connect(options, (...outcome) => {
          happened.push('connected');
          done(...outcome);
        }),
    });
    await using world = createWorld(server.url, { transport });
    const onSend = async () => void happened.push(`recorded, ${server.seen.length} seen`);
    await world.client.create(painting, { signal: never, onSend });
    await world.client.create(painting, { signal: never, onSend });
    expect(happened).toEqual(['connected', 'recorded, 0 seen', 'recorded, 1 seen']);
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('carries what was signed before the Create was recorded as sent, unless that took too long', async () => {
    await using server = await startServer(created('fox'));
    let time = Date.now();
    await using world = createWorld(server.url, { now: () => time });
    const signedAt = () => Number(server.seen.at(-1)?.headers['x-tc-timestamp']);
    for (const [seconds, later] of [
      [50, 0],
      [70, 70],
    ] as const) {
      const began = Math.floor(time / 1_000);
      const onSend = async () => {
        time += seconds * 1_000;
      };
      await world.client.create(painting, { signal: never, onSend });
      expect(signedAt()).toBe(began + later);
    }
  });

  it('is one for each of several at once', async () => {
    await using server = await startServer(created('fox'));
    const transport = createTransport();
    await using world = createWorld(server.url, { transport });
    let connected = 0;
    let begin = () => {};
    const all = new Promise<void>((resolve) => {
      begin = resolve;
    });
    // Each has its connection before any is sent.
    const onSend = () => {
      connected += 1;
      if (connected === 5) begin();
      return all;
    };
    const creates = Array.from({ length: 5 }, () => world.client.create(painting, { signal: never, onSend }));
    await Promise.all(creates);
    expect(new Set(server.seen.map(({ connection }) => connection)).size).toBe(5);
  });

  it('is another one if the server has ended it meanwhile', async () => {
    await using server = await startServer(created('fox'));
    const sockets: Socket[] = [];
    const connect = buildConnector({});
    const transport = createTransport({
      connect: (options, done) =>
        connect(options, (...outcome) => {
          if (outcome[1]) sockets.push(outcome[1]);
          done(...outcome);
        }),
    });
    await using world = createWorld(server.url, { transport });
    const onSend = async () => {
      const [first] = sockets;
      if (sockets.length > 1 || !first) return;
      const closed = new Promise((resolve) => first.once('close', resolve));
      first.destroy();
      await closed;
    };
    await world.client.create(painting, { signal: never, onSend });
    expect(server.seen).toHaveLength(1);
    expect(sockets).toHaveLength(2);
  });
});

describe('a Create whose request was never written', () => {
  const provably = { reason: 'unreachable', created: 'no', retry: 'backoff' };

  it('has created nothing when the connection is refused', async () => {
    await using world = createWorld(`http://127.0.0.1:${await closedPort()}`);
    expect(await errorOf(world.client.create(painting, giveUp))).toMatchObject({
      ...provably,
      code: 'ECONNREFUSED',
    });
  });

  it('has created nothing when TLS fails', async () => {
    await using server = await startTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await using world = createWorld(`https://127.0.0.1:${server.port}`);
    expect(await errorOf(world.client.create(painting, giveUp))).toMatchObject(provably);
  });

  it('has created nothing when the connection breaks during the TLS handshake', async () => {
    await using server = await startTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await using world = createWorld(`https://127.0.0.1:${server.port}`);
    expect(await errorOf(world.client.create(painting, giveUp))).toMatchObject(provably);
  });

  it('has created nothing when time runs out before the handshake ends', async () => {
    await using server = await startTcp(() => {});
    await using world = createWorld(`https://127.0.0.1:${server.port}`, { timeouts: quick });
    expect(await errorOf(world.client.create(painting, giveUp))).toMatchObject({
      ...provably,
      code: 'TimedOut',
    });
  });

  it('is not written after its time has run out, even if the connection then succeeds', async () => {
    await using server = await startServer(created('ghost'));
    const network = slowToConnect(300);
    await using world = createWorld(server.url, { transport: network.transport, timeouts: quick });
    expect(await errorOf(world.client.create(painting, giveUp))).toMatchObject(provably);
    await network.connected;
    await sleep(50);
    expect(server.seen).toEqual([]);
  });

  it('is not reported as written if it was cancelled while connecting', async () => {
    await using server = await startServer(created('ghost'));
    const { transport, connected } = slowToConnect(100);
    const cut = new AbortController();
    const onWrite = vi.fn();
    const request = { origin: server.url, headers: {}, body: '{}', precious: true, onWrite };
    const sending = transport.send({ ...request, signal: cut.signal });
    cut.abort('enough');
    await expect(sending).rejects.toBe('enough');
    await connected;
    await sleep(50);
    expect(onWrite).not.toHaveBeenCalled();
    await transport.send({ ...request, signal: never });
    expect(onWrite).toHaveBeenCalledOnce();
    await transport.close();
  });

  it('is retried until MPS is back', async () => {
    const port = await closedPort();
    await using world = createWorld(`http://127.0.0.1:${port}`);
    const server = createServer((socket) =>
      socket.once('data', () => {
        const body = '{"Response":{"TaskId":"t","RequestId":"r"}}';
        socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      }),
    );
    const onRefused = vi.fn(async () => {
      if (onRefused.mock.calls.length === 2)
        await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    });
    const task = await world.client.create(painting, { signal: never, onRefused, giveUpAfterMs: 60_000 });
    server.close();
    expect(task.taskId).toBe('t');
    expect(onRefused).toHaveBeenCalledTimes(2);
  });

  it('is given up once its time is over, and not reported as about to be retried', async () => {
    let time = 0;
    await using world = createWorld(`http://127.0.0.1:${await closedPort()}`, { now: () => time });
    const onRefused = vi.fn(async () => {
      time += 400;
    });
    await errorOf(world.client.create(painting, { signal: never, onRefused, giveUpAfterMs: 1000 }));
    expect(onRefused).toHaveBeenCalledTimes(3);
  });
});

describe('connections', () => {
  it('are kept from one Create to the next and from one query to the next', async () => {
    await using server = await startServer(({ action }) =>
      action.startsWith('Create') ? { TaskId: 't' } : { Status: 'RUN' },
    );
    await using world = createWorld(server.url);
    for (let n = 0; n < 3; n += 1) {
      await world.client.create(painting, { signal: never });
      await world.client.describe('image', () => 't', { signal: never });
    }
    expect(new Set(server.seen.map(({ connection }) => connection)).size).toBe(2);
  });
});
