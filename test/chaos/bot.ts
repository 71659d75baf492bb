/**
 * The whole bot as a process that can be made to die: `node bot.js [STEP NTH]`. Everything in it is the product's own;
 * its store and its network are only watched.
 */
import { subscribe } from 'node:diagnostics_channel';
import { type App, createApp, LeaseLostError, StoreTakenError } from '../../src/app/app.js';
import { loadConfig, readEnvironment } from '../../src/config/config.js';
import { createLog } from '../../src/log.js';
import { createCatalogue } from '../../src/mps/catalogue/catalogue.js';
import { createStore } from '../../src/store/store.js';
import { requestMark } from './life.js';
import { isStep } from './steps.js';
import { createTripwire } from './tripwire.js';
import { watchStore } from './watched-store.js';
import { watchWire } from './watched-wire.js';

const [step = '', nth = '1'] = process.argv.slice(2);
const tripwire = createTripwire(isStep(step) ? step : undefined, Number(nth));
const catalogue = createCatalogue();
const config = loadConfig(readEnvironment(), {
  find: (kind, name) => catalogue.find(kind, name),
  names: (kind) => catalogue.list(kind).map(({ id }) => id),
});
const log = createLog({ level: config.logLevel });
const store = watchStore(await createStore(config.storeUrl, { log, guarded: true }), tripwire, log);
watchWire(tripwire);

// A harness that was killed leaves no one behind.
process.stdin.on('end', () => process.exit(1)).on('error', () => process.exit(1));
process.stdin.resume();

/** Exit codes of the product (src/app/run.ts): it was turned away or lost its file; it lost its shards. */
const [taken, temporary] = [78, 75];
const { CHAOS_LEASE_MS: leaseMs, CHAOS_WIRE: wire } = process.env;

if (wire)
  subscribe('undici:request:create', (told) => {
    const { request } = told as { request: { method: string; path: string } };
    log.info({}, `${requestMark}${request.method} ${request.path}`);
  });

let app: App | undefined;

function end(code: number): void {
  void app?.stop().finally(() => process.exit(code));
}

app = await createApp({
  config,
  catalogue,
  log,
  store,
  // Nothing that MPS makes here takes longer.
  timing: {
    retryMs: 60,
    searchMs: 200,
    searchForMs: 10_000,
    ...(leaseMs !== undefined && { leaseMs: Number(leaseMs) }),
  },
  onFatal(error) {
    log.error({ err: error }, 'cannot go on');
    end(error instanceof LeaseLostError ? temporary : taken);
  },
});
process.on('SIGTERM', () => {
  log.info({}, 'told to stop');
  end(0);
});
try {
  await app.start();
} catch (error) {
  if (!(error instanceof StoreTakenError)) throw error;
  log.info({}, 'turned away');
  end(taken);
}
