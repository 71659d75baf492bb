import type { Socket } from 'node:net';
import { Agent, buildConnector, Pool } from 'undici';

type Connector = buildConnector.connector;

/** Connections that are open before the requests that need them. */
export interface ReadyConnections {
  /** Sends by connections that are open already, if there are any. */
  readonly agent: Agent;
  /**
   * Opens a connection for a request that follows within seconds, unless one is idle. If that can't be done the request
   * will find out.
   */
  ready(origin: string): Promise<void>;
  /** A request is being sent: it takes the connection that was readied for it. */
  taken(): void;
  destroy(): Promise<void>;
}

/** @param idleMs for which a connection may stay idle. */
export function createReadyConnections(options: Agent.Options, idleMs: number): ReadyConnections {
  const { connect: given } = options;
  const connect: Connector = typeof given === 'function' ? given : buildConnector({ ...given });
  const pools = new Map<string, Pool>();
  const spares: Spares = new Map();
  /** When the requests were announced that haven't been sent yet. */
  let awaited: number[] = [];
  let opening = 0;

  const agent = new Agent({
    ...options,
    connect(target, done) {
      const spare = take(spares);
      if (spare) queueMicrotask(() => done(null, spare));
      else connect(target, done);
    },
    factory(origin, settings) {
      const pool = new Pool(origin, settings);
      pools.set(new URL(origin).origin, pool);
      return pool;
    },
  });

  return {
    agent,
    async ready(origin) {
      const now = performance.now();
      awaited = [...awaited.filter((at) => now - at < idleMs), now];
      const idle = pools.get(origin)?.stats.free ?? 0;
      if (awaited.length <= idle + spares.size + opening) return;
      opening += 1;
      const socket = await opened(connect, new URL(origin));
      opening -= 1;
      if (socket) keep(spares, socket, idleMs);
    },
    taken: () => void awaited.shift(),
    async destroy() {
      for (const socket of spares.keys()) socket.destroy();
      await agent.destroy();
    },
  };
}

function opened(connect: Connector, url: URL): Promise<Socket | undefined> {
  const { hostname, host, protocol, port } = url;
  return new Promise((resolve) =>
    connect({ hostname, host, protocol, port }, (error, socket) => resolve(error ? undefined : socket)),
  );
}

/** Connections that are open and unused, each with what ends its keeping. */
type Spares = Map<Socket, () => void>;

/** Keeps a connection until it is taken, too old, or the server ends it. */
function keep(spares: Spares, socket: Socket, idleMs: number): void {
  const drop = () => {
    spares.delete(socket);
    socket.destroy();
  };
  // The server has nothing to say before it is asked: that is the end of it.
  socket.on('error', drop).on('close', drop).on('readable', drop).setTimeout(idleMs, drop);
  spares.set(socket, () =>
    socket.off('error', drop).off('close', drop).off('readable', drop).off('timeout', drop).setTimeout(0),
  );
}

function take(spares: Spares): Socket | undefined {
  const [spare] = spares;
  if (!spare) return undefined;
  const [socket, release] = spare;
  spares.delete(socket);
  release();
  return socket;
}
