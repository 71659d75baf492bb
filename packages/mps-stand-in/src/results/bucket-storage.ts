import type { StandInClock } from '@easel/stand-in-kit';
import { encode, type KeyPair, type Signable, signQuery } from '@easel/stand-in-kit/object-store';
import { request } from 'undici';
import { z } from 'zod';
import type { MpsSettings, ServiceSettings } from '../service-settings.js';
import type { Task } from '../tasks/tasks.js';
import { contentTypeOf, extensionOf, type Results } from './result-files.js';

/** A bucket that MPS can reach, and the key of its service role there; a COS stand-in is one. */
export interface BucketAccess {
  /** An object's address is this and its key. */
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  readonly serviceKeys: KeyPair;
}

/** No bucket stand-in answers at an address; the message is a sentence. */
export class NoBucket extends Error {
  override readonly name = 'NoBucket';
}

const description = z.object({
  bucket: z.string(),
  region: z.string(),
  serviceKeys: z.object({ secretId: z.string(), secretKey: z.string() }),
});

/** The bucket of a stand-in in another process, with the role's key there. Throws `NoBucket`. */
export async function openBucket(url: string): Promise<BucketAccess> {
  try {
    const { body } = await request(`${url}/_control/bucket`);
    return { url, ...description.parse(await body.json()) };
  } catch {
    throw new NoBucket(`There is no bucket at ${url}. Start one with npm run playground:cos.`);
  }
}

/** How often a write is retried, and how often due writes are looked for; ms of real time. */
const tries = 5;
const lookEveryMs = 20;

export interface BucketStorage {
  /** Takes a new task in, if it asks for its results to be stored. */
  accept(task: Task): void;
  /** Stores due results. Called now and then, and at once when a task is polled. */
  look(): void;
  /** The links into the operator's bucket; undefined if the results are not there. */
  linksOf(task: Task): string[] | undefined;
  /** Ends transfers in progress. */
  close(): Promise<void>;
}

interface BucketStorageDeps {
  readonly clock: StandInClock;
  readonly settings: ServiceSettings;
  readonly results: Results;
  readonly bucket: BucketAccess | undefined;
}

/**
 * StoreCosParam: writes a task's results into the operator's bucket, over HTTP and signed with the role's key, and answers
 * bare links into it. Without the role, or without such a bucket, the results stay with MPS; `task.notKept` has the reason.
 */
export function createBucketStorage(deps: BucketStorageDeps): BucketStorage {
  const { clock, settings, bucket } = deps;
  const waiting = new Set<Task>();
  const writing = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    for (const task of waiting) {
      if (task.failure !== undefined) waiting.delete(task);
      else if (clock.task() >= task.finishesAt + settings.current.objectsAfterMs) begin(task);
    }
    if (waiting.size > 0) timer ??= setInterval(look, lookEveryMs).unref();
    else stopLooking();
  }

  function stopLooking(): void {
    clearInterval(timer);
    timer = undefined;
  }

  function begin(task: Task): void {
    waiting.delete(task);
    const work = storeOrSayWhy(task, deps).finally(() => writing.delete(work));
    writing.add(work);
  }

  return {
    accept(task) {
      const wanted = task.request.params.StoreCosParam;
      if (!wanted) return;
      const { CosBucketName, CosBucketRegion, CosBucketPath = '' } = wanted;
      task.notKept = obstacle(deps, CosBucketName, CosBucketRegion);
      if (task.notKept !== undefined) return;
      task.keys = Array.from({ length: task.results }, (_, index) =>
        keyOf(CosBucketPath, settings.current.objectName, task, index),
      );
      task.isHeld = settings.current.objectsAfterMs <= 0;
      waiting.add(task);
      look();
    },
    look,
    linksOf(task) {
      if (!bucket || !task.keys) return undefined;
      const origin = originOf(bucket, settings.current.bucketLinks);
      return task.keys.map((key) => `${origin}/${encodePath(key)}`);
    },
    async close() {
      stopLooking();
      waiting.clear();
      await Promise.allSettled(writing);
    },
  };
}

/** The results stay with MPS if they can't be stored: `task.notKept` says why. Never rejects. */
async function storeOrSayWhy(task: Task, deps: BucketStorageDeps): Promise<void> {
  try {
    await store(task, deps);
  } catch (error) {
    task.notKept = `store result failed: ${error instanceof Error ? error.message : String(error)}`;
    task.keys = undefined;
  } finally {
    task.isHeld = false;
  }
}

/** Writes all files of a task into the bucket. */
async function store(task: Task, { clock, results, bucket }: BucketStorageDeps): Promise<void> {
  for (const [index, key] of (task.keys ?? []).entries()) {
    const bytes = await results.bytesOf(task, index);
    await putPatiently(bucket, key, bytes, contentTypeOf(task));
  }
  task.storedAt = clock.now();
}

async function putPatiently(
  bucket: BucketAccess | undefined,
  key: string,
  bytes: Buffer,
  type: string,
): Promise<void> {
  if (!bucket) throw new Error('there is no bucket');
  for (let left = tries; ; left -= 1) {
    try {
      return await put(bucket, key, bytes, type);
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

async function put(bucket: BucketAccess, key: string, bytes: Buffer, type: string): Promise<void> {
  const { host } = new URL(bucket.url);
  const signable: Signable = { method: 'PUT', path: `/${key}`, query: [], headers: { host } };
  // The role's signature is valid at any time: this stand-in and the bucket can have different clocks.
  const authorization = signQuery(signable, bucket.serviceKeys, 0, 99_999_999_999);
  const { statusCode, body } = await request(`${bucket.url}/${encodePath(key)}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': type },
    body: bytes,
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
}

/** Why the results cannot go to the bucket a task names. */
function obstacle({ settings, bucket }: BucketStorageDeps, name: string, region: string): string | undefined {
  if (!settings.current.role || !bucket) return 'role not exist';
  return bucket.bucket === name && bucket.region === region ? undefined : 'bucket not exist';
}

/** The origin of links into the bucket. */
function originOf({ bucket, region, url }: BucketAccess, links: MpsSettings['bucketLinks']): string {
  const host = `${bucket}.cos.${region}`;
  const origins = {
    loopback: url,
    myqcloud: `https://${host}.myqcloud.com`,
    tencentcos: `https://${host}.tencentcos.cn`,
  };
  return origins[links];
}

function keyOf(path: string, pattern: string, task: Task, index: number): string {
  const folder = path.replace(/^\/+|\/+$/g, '');
  const name = pattern
    .replaceAll('{task}', task.id)
    .replaceAll('{n}', String(index))
    .replaceAll('{ext}', extensionOf(task));
  return folder === '' ? name : `${folder}/${name}`;
}

function encodePath(key: string): string {
  return key.split('/').map(encode).join('/');
}
