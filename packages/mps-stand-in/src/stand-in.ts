import { randomInt } from 'node:crypto';
import { createClock, createControl, createRandom, createSettings, hex } from '@easel/stand-in-kit';
import type { KeyPair } from '@easel/stand-in-kit/object-store';
import { createAccount } from './account.js';
import { createApi } from './api/actions.js';
import type { Credentials } from './api/authentication.js';
import { createEndpoint } from './api/endpoint.js';
import { createLimits } from './api/rate-limits.js';
import { createRecords, type RequestRecord } from './api/request-log.js';
import { controlRoutes } from './control-routes.js';
import { createFaults, type Faults } from './faults.js';
import { type BucketAccess, createBucketStorage } from './results/bucket-storage.js';
import { createResults } from './results/result-files.js';
import { createHosting } from './results/result-hosting.js';
import { listen } from './server.js';
import { type MpsSettingsInput, type ServiceSettings, settingsSchema } from './service-settings.js';
import { createSources } from './tasks/source-download.js';
import { createTasks, type Durations, type Task, type TaskRecord } from './tasks/tasks.js';

export interface MpsStandInOptions {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  readonly host?: '127.0.0.1';
  /** Made up if not given. */
  readonly secretId?: string;
  readonly secretKey?: string;
  /** Temporary credentials' X-TC-Token; without it a request must have none. */
  readonly token?: string;
  /** How much faster than in reality tasks end and links expire. @default 1 */
  readonly speed?: number;
  /** Makes ids, durations and pictures the same each time; any by default. */
  readonly seed?: number;
  /** ms since the epoch. */
  readonly now?: () => number;
  /** Seconds, least and most: 60–180 for a picture, 180–300 for a clip. */
  readonly durations?: Partial<Durations>;
  /** The bucket that StoreCosParam may name: a COS stand-in. Without one, MPS lacks the role for any. */
  readonly cos?: BucketAccess;
  readonly settings?: MpsSettingsInput;
}

export interface MpsStandIn {
  /** For MPS_ENDPOINT, `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  readonly secretId: string;
  readonly secretKey: string;
  readonly faults: Faults;
  readonly settings: ServiceSettings;
  readonly records: readonly RequestRecord[];
  /** As they are now; another array at each look. */
  readonly tasks: readonly TaskRecord[];
  readonly clock: {
    /** Sets the API's clock off by so many ms. */
    skew(ms: number): void;
    /** Lets so many ms of task time pass at once. */
    advance(ms: number): void;
  };
  /** Throws RangeError unless above 0. */
  setSpeed(speed: number): void;
  /** The bytes of a task's link, by default its first. Throws for an unknown task. */
  resultBytes(taskId: string, index?: number): Promise<Buffer>;
  /** Requests refused with RequestLimitExceeded. */
  readonly rejected: number;
  close(): Promise<void>;
}

/** Starts a server that behaves as Tencent Cloud MPS does for the four AIGC actions, by the documented facts alone. */
export async function createMpsStandIn(options: MpsStandInOptions = {}): Promise<MpsStandIn> {
  let url = '';
  const service = createService(options, {
    origin: () => url,
    emit: (event, data) => control.emit(event, data),
  });
  const { api, clock, faults, settings, limits, tasks, hosting } = service;
  const records = createRecords();
  const control = createControl(
    controlRoutes({ clock, faults, settings, limits, tasks, records: records.list }),
  );
  const endpoint = createEndpoint({
    api,
    clock,
    faults,
    record(record) {
      records.add(record);
      control.emit('request', record);
    },
  });
  const handlers = { endpoint, results: hosting.serve, control };
  const server = await listen(handlers, options.port ?? 0, options.host ?? '127.0.0.1');
  url = `http://127.0.0.1:${server.port}`;
  return createFacade(service, { url, port: server.port, records: records.list, close: server.close });
}

type Service = ReturnType<typeof createService>;

/** MPS without its server. `emit` publishes events; `origin` is known once the server listens. */
function createService(
  options: MpsStandInOptions,
  { origin, emit }: { origin: () => string; emit: (event: string, data: unknown) => void },
) {
  const seed = options.seed ?? randomInt(2 ** 32);
  const random = createRandom(seed);
  const credentials: Credentials = {
    secretId: options.secretId ?? `AKID${hex(random, 32)}`,
    secretKey: options.secretKey ?? hex(random, 32),
    token: options.token,
  };
  const clock = createClock({ now: options.now, speed: options.speed ?? 1 });
  const faults = createFaults(createRandom(seed + 1));
  const limits = createLimits();
  const durations: Durations = { image: [60, 180], video: [180, 300], ...options.durations };
  const settings = createSettings(settingsSchema, options.settings);
  const tasks = createTasks({
    clock,
    random,
    durations,
    imageIdPrefix: () => settings.current.imageIdPrefix,
    unknownTask: () => settings.current.unknownTask,
    onChange: (task) => emit('task', task),
  });
  const sources = createSources();
  const results = createResults();
  const bucketStorage = createBucketStorage({ clock, settings, results, bucket: options.cos });
  const keys = linkKeys(seed);
  const onDownload = (task: Task): void => {
    task.downloads += 1;
    emit('download', { taskId: task.id });
  };
  const hosting = createHosting({ tasks, clock, faults, settings, results, keys, origin, onDownload });
  const account = createAccount(settings, tasks);
  const parts = {
    credentials,
    clock,
    limits,
    faults,
    tasks,
    sources,
    settings,
    account,
    hosting,
    bucketStorage,
  };
  return { ...parts, results, api: createApi(parts) };
}

/** MPS's key for links to its own results. */
function linkKeys(seed: number): KeyPair {
  return { secretId: `AKID${hex(createRandom(seed + 2), 32)}`, secretKey: hex(createRandom(seed + 3), 32) };
}

interface Listening {
  readonly url: string;
  readonly port: number;
  readonly records: readonly RequestRecord[];
  readonly close: () => Promise<void>;
}

/** The stand-in's API for tests and the playground. */
function createFacade(service: Service, { url, port, records, close }: Listening): MpsStandIn {
  const { credentials, clock, faults, settings, limits, tasks, results, bucketStorage, sources } = service;
  return {
    url,
    port,
    secretId: credentials.secretId,
    secretKey: credentials.secretKey,
    faults,
    settings,
    records,
    get tasks() {
      return tasks.records();
    },
    clock,
    setSpeed: (speed) => clock.setSpeed(speed),
    async resultBytes(taskId, index) {
      const task = tasks.get(taskId);
      if (!task) throw new Error(`there is no task ${taskId}`);
      return results.bytesOf(task, index);
    },
    get rejected() {
      return Object.values(limits.rejected).reduce((sum, count) => sum + count, 0);
    },
    async close() {
      await close();
      await bucketStorage.close();
      await sources.close();
    },
  };
}
