import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import {
  createClock,
  createControl,
  createRandom,
  createSettings,
  hex,
  type Random,
  type StandInClock,
  serve,
} from '@easel/stand-in-kit';
import type { KeyPair } from '@easel/stand-in-kit/object-store';
import { type BucketSettings, type CosSettingsInput, settingsSchema } from './bucket-settings.js';
import { controlRoutes } from './control-routes.js';
import { type CosFaults, createCosFaults } from './faults.js';
import { createObjects, type StoredObject } from './object-table.js';
import { type CosRequestRecord, createBucketServer } from './server.js';

export interface CosStandInOptions {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  /** With the account's number at its end; `easel-1250000000` by default. */
  readonly bucket?: string;
  /** `ap-guangzhou` by default. */
  readonly region?: string;
  /** The account's key; made up if not given. */
  readonly secretId?: string;
  readonly secretKey?: string;
  /** Temporary credentials' x-cos-security-token; without it a request must have none. */
  readonly token?: string;
  /** How much faster than in reality listings catch up. @default 1 */
  readonly speed?: number;
  /** Makes keys the same each time; any by default. */
  readonly seed?: number;
  /** ms since the epoch. */
  readonly now?: () => number;
  readonly settings?: CosSettingsInput;
}

export interface CosStandIn {
  /** For COS_ENDPOINT: `http://127.0.0.1:8080`, an object's address is this and its key. */
  readonly url: string;
  readonly port: number;
  readonly bucket: string;
  readonly region: string;
  readonly secretId: string;
  readonly secretKey: string;
  /** The key of MPS's service role: it may do everything, and no fault strikes it. */
  readonly serviceKeys: KeyPair;
  /** The objects in the bucket, by key; live. */
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** Puts an object there as if someone had. */
  put(key: string, bytes: Buffer, type?: string): StoredObject;
  readonly settings: BucketSettings;
  readonly faults: CosFaults;
  readonly records: readonly CosRequestRecord[];
  readonly clock: Pick<StandInClock, 'skew' | 'advance'>;
  close(): Promise<void>;
}

const mostRecords = 100_000;

/** Starts a private bucket that behaves as Tencent Cloud COS does, by its documents and Tencent's own SDK alone. */
export async function createCosStandIn(options: CosStandInOptions = {}): Promise<CosStandIn> {
  const random = createRandom(options.seed ?? randomInt(2 ** 32));
  const { bucket = 'easel-1250000000', region = 'ap-guangzhou' } = options;
  const name = { bucket, region };
  const keys = keysOf(options, makeKeys(random));
  const serviceKeys = makeKeys(random);
  const clock = createClock({ now: options.now, speed: options.speed ?? 1 });
  const settings = createSettings(settingsSchema, options.settings);
  const faults = createCosFaults(random);
  const objects = createObjects(clock, () => settings.current.listingDelayMs);
  const records: CosRequestRecord[] = [];
  const control = createControl(
    controlRoutes({ name, serviceKeys, clock, settings, faults, objects, records }),
  );
  const answer = createBucketServer({
    name,
    keys,
    serviceKeys,
    clock,
    objects,
    settings,
    faults,
    record(record) {
      keep(record, records);
      control.emit('request', record);
    },
  });
  const server = createServer();
  serve(server, {
    request: (request, response) =>
      control.request(request, response) || answer(request, response).catch(() => request.socket.destroy()),
    upgrade: control.upgrade,
  });
  const port = await listen(server, options.port ?? 0);

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    ...name,
    secretId: keys.secretId,
    secretKey: keys.secretKey,
    serviceKeys,
    objects: objects.all,
    put: (key, bytes, type) => objects.put({ key, bytes, ...(type !== undefined && { type }) }),
    settings,
    faults,
    records,
    clock,
    async close() {
      if (!server.listening) return;
      control.close();
      await close(server);
    },
  };
}

/** Adds a record; the oldest go once there are too many. */
function keep(record: CosRequestRecord, records: CosRequestRecord[]): void {
  records.push(record);
  if (records.length > mostRecords) records.splice(0, mostRecords / 10);
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

function makeKeys(random: Random): KeyPair {
  return { secretId: `AKID${hex(random, 32)}`, secretKey: hex(random, 32) };
}

/** The account's key: the one that was given, as far as it was. */
function keysOf({ secretId, secretKey, token }: CosStandInOptions, made: KeyPair): KeyPair {
  return { secretId: secretId ?? made.secretId, secretKey: secretKey ?? made.secretKey, token };
}

async function listen(server: Server, port: number): Promise<number> {
  // Idle connections stay open for long, so that a client seldom writes to one that is just being closed.
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
