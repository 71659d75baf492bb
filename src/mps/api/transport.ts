import { Agent, DecoratorHandler, type Dispatcher } from 'undici';
import { orAborted } from '../../util/abort.js';
import { userAgent } from '../../util/http.js';

export interface Outgoing {
  /** `https://mps.tencentcloudapi.com`, without a path. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** A request that must not be repeated when its answer is lost. */
  readonly precious: boolean;
  readonly signal: AbortSignal;
  /** Called directly before the first byte of the request goes out: before that, nothing can have happened at the server. */
  onWrite(): void;
}

export interface Incoming {
  readonly status: number;
  /** A header's value by its lower-case name. */
  header(name: string): string | undefined;
  readonly text: string;
}

/** Carries one request over the network; knows nothing of MPS. A plain `fetch` will not do: it cannot tell what was written. */
export interface Transport {
  /** @throws what the network or the signal threw */
  send(request: Outgoing): Promise<Incoming>;
  /** Settles when the requests in flight have ended and the connections are closed. */
  close(): Promise<void>;
}

/** undici's clock for this ticks in seconds, so that a connection may rest a second more. */
const preciousMs = 2_500;
const common = { connect: { timeout: 10_000 }, maxResponseSize: 1024 * 1024 };

/**
 * Keep-alive connections by undici, in two pools. A kept connection may be closed by the server in the very moment
 * we write to it, and then nobody knows whether the request was read. A poll is simply asked again; a Create is
 * not, so it only takes a connection that rested for less than servers keep theirs, which is at least five seconds. Where
 * many wait, a slot comes back after a second: a handshake for each Create would lengthen every round by its own.
 */
export function createTransport(options: Pick<Agent.Options, 'connect'> = {}): Transport {
  const settings = { ...common, ...options };
  const precious = new Agent({ ...settings, keepAliveTimeout: preciousMs, keepAliveMaxTimeout: preciousMs });
  const casual = new Agent({ ...settings, keepAliveTimeout: 4000, keepAliveMaxTimeout: 30_000 });
  const inFlight = new Set<Promise<Incoming>>();
  return {
    send(request) {
      // undici heeds a signal only once it is connected; until then nothing is written, and after an abort nothing will be.
      const sending = orAborted(request.signal, exchange(request.precious ? precious : casual, request));
      const settle = () => void inFlight.delete(sending);
      inFlight.add(sending);
      sending.then(settle, settle);
      return sending;
    },
    async close() {
      await Promise.allSettled(inFlight);
      await Promise.all([precious.destroy(), casual.destroy()]);
    },
  };
}

/** The same network, used only while `confirm` does not reject: then nothing is sent. */
export function confirmed(transport: Transport, confirm: () => Promise<void>): Transport {
  return {
    async send(request) {
      await confirm();
      return transport.send(request);
    },
    close: transport.close,
  };
}

async function exchange(agent: Agent, request: Outgoing): Promise<Incoming> {
  const { origin, body, signal } = request;
  const headers = { 'user-agent': userAgent, ...request.headers };
  const dispatcher = agent.compose(tellWhenWriting(request));
  const answer = await dispatcher.request({ origin, path: '/', method: 'POST', headers, body, signal });
  return {
    status: answer.statusCode,
    header: (name) => [answer.headers[name]].flat()[0],
    text: await answer.body.text(),
  };
}

/** undici calls `onConnect` when a connected socket is about to be written to, and only then. */
function tellWhenWriting({ signal, onWrite }: Outgoing): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => dispatch(options, new WriteHandler(handler, signal, onWrite));
}

class WriteHandler extends DecoratorHandler {
  readonly #signal: AbortSignal;
  readonly #onWrite: () => void;
  readonly #inner: Dispatcher.DispatchHandlers;

  constructor(inner: Dispatcher.DispatchHandlers, signal: AbortSignal, onWrite: () => void) {
    super(inner);
    this.#inner = inner;
    this.#signal = signal;
    this.#onWrite = onWrite;
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#inner.onConnect?.(abort);
    // Aborted before its turn: the inner handler has just called it off.
    if (!this.#signal.aborted) this.#onWrite();
  }
}
