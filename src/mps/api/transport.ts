import { Agent, type Dispatcher } from 'undici';
import { orAborted } from '../../util/abort.js';
import { userAgent } from '../../util/http.js';
import { createReadyConnections } from './ready-connections.js';

export interface Outgoing {
  /** `https://mps.tencentcloudapi.com`, without a path. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** A request that must not be repeated if its response is lost. */
  readonly precious: boolean;
  readonly signal: AbortSignal;
  /** Called right before the first byte is sent: until then nothing can have happened at the server. */
  onWrite(): void;
}

export interface Incoming {
  readonly status: number;
  /** A header's value by its lower-case name. */
  header(name: string): string | undefined;
  readonly text: string;
}

/**
 * Sends one request over the network; knows nothing about MPS. A plain `fetch` isn't enough: it can't tell what was
 * written.
 */
export interface Transport {
  /** @throws errors of the network, or the signal's reason */
  send(request: Outgoing): Promise<Incoming>;
  /**
   * Sees to it that a precious request that follows within seconds needn't connect first. Never throws: what stands in
   * its way is said when it is sent.
   */
  ready(origin: string): Promise<void>;
  /** Resolves when the requests in flight have ended and the connections are closed. */
  close(): Promise<void>;
}

/** undici's timer for this ticks in seconds, so a connection may stay idle a second longer. */
const preciousMs = 2_500;
const common = { connect: { timeout: 10_000 }, maxResponseSize: 1024 * 1024 };

/**
 * undici keep-alive connections in two pools. A server may close an idle connection just as we write to it, and then
 * no one knows whether it read the request. A poll is simply repeated; a Create isn't, so it only uses a connection
 * that was idle for less than servers keep theirs (at least five seconds). Under load a slot frees up after a second,
 * and a new handshake for each Create would add to every round.
 */
export function createTransport(options: Pick<Agent.Options, 'connect'> = {}): Transport {
  const settings = { ...common, ...options };
  const precious = createReadyConnections(
    { ...settings, keepAliveTimeout: preciousMs, keepAliveMaxTimeout: preciousMs },
    preciousMs,
  );
  const casual = new Agent({ ...settings, keepAliveTimeout: 4000, keepAliveMaxTimeout: 30_000 });
  const inFlight = new Set<Promise<Incoming>>();
  return {
    send(request) {
      // undici honours a signal only once connected; until then nothing is written, and after an abort nothing will
      // be.
      if (request.precious) precious.taken();
      const agent = request.precious ? precious.agent : casual;
      const sending = orAborted(request.signal, exchange(agent, request));
      const settle = () => void inFlight.delete(sending);
      inFlight.add(sending);
      sending.then(settle, settle);
      return sending;
    },
    ready: precious.ready,
    async close() {
      await Promise.allSettled(inFlight);
      await Promise.all([precious.destroy(), casual.destroy()]);
    },
  };
}

/** A Create was not sent, because the store could not say whether this process still holds its lease. */
class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError';
}

/**
 * The same network, but nothing is sent if `confirm` rejects, and no Create unless it says yes: the record that says
 * `submitting` may be older than a pause in which another process took the task over.
 */
export function confirmed(transport: Transport, confirm: () => Promise<boolean>): Transport {
  return {
    async send(request) {
      const isHeld = await confirm();
      if (!isHeld && request.precious) throw new UnconfirmedError('the store cannot be asked for the lease');
      return transport.send(request);
    },
    ready: transport.ready,
    close: transport.close,
  };
}

/**
 * One request and its answer, without the streams and wrappers of undici's `request`, which cost as much CPU as the rest of a
 * query: a bot sends hundreds of thousands of them a day.
 */
function exchange(agent: Agent, request: Outgoing): Promise<Incoming> {
  const { origin, body } = request;
  const headers = { 'user-agent': userAgent, ...request.headers };
  return new Promise((resolve, reject) => {
    agent.dispatch(
      { origin, path: '/', method: 'POST', headers, body },
      new Exchange(request, resolve, reject),
    );
  });
}

const utf8 = new TextDecoder();

class Exchange implements Dispatcher.DispatchHandlers {
  readonly #request: Outgoing;
  readonly #resolve: (answer: Incoming) => void;
  readonly #reject: (error: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #headers: readonly Buffer[] = [];
  #abort: (() => void) | undefined;

  constructor(request: Outgoing, resolve: (answer: Incoming) => void, reject: (error: unknown) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** undici calls it when a connected socket is about to be written to, and only then. */
  onConnect(abort: (error?: Error) => void): void {
    const { signal, onWrite } = this.#request;
    if (signal.aborted) {
      abort(signal.reason);
      return;
    }
    this.#abort = () => abort(signal.reason);
    signal.addEventListener('abort', this.#abort, { once: true });
    onWrite();
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    this.#status = status;
    this.#headers = headers;
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    this.#leave();
    const [status, headers] = [this.#status, this.#headers];
    const text = utf8.decode(Buffer.concat(this.#chunks));
    this.#resolve({ status, header: (name) => headerIn(headers, name), text });
  }

  onError(error: Error): void {
    this.#leave();
    this.#reject(error);
  }

  #leave(): void {
    if (this.#abort) this.#request.signal.removeEventListener('abort', this.#abort);
  }
}

/** @param headers names and values in turn, as they came */
function headerIn(headers: readonly Buffer[], name: string): string | undefined {
  const at = headers.findIndex(
    (one, index) => index % 2 === 0 && one.toString('latin1').toLowerCase() === name,
  );
  return at < 0 ? undefined : headers[at + 1]?.toString('latin1');
}
