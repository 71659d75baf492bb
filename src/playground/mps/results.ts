import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import PQueue from 'p-queue';
import type { StandInClock } from '../clock.js';
import { rangeOf } from '../object-store/range.js';
import { CosRefusal, commonHeaders, sendRefusal } from '../object-store/refusal.js';
import { type Content, contentAt, contentOf, type Pace, send } from '../object-store/sending.js';
import { drawClip } from './clip.js';
import type { ArmedFaults } from './faults.js';
import { loadLettering } from './lettering.js';
import { drawPicture } from './picture.js';

import { linkLife, type Task, type Tasks } from './tasks.js';

const cacheSize = 16;

export interface Results {
  /** The path, with its signature, under which a file of a finished task is served; 0, the first one, unless told. */
  linkOf(task: Task, index?: number): string;
  /** The very bytes the link serves. */
  bytesOf(task: Task, index?: number): Promise<Buffer>;
  /** Answers GET and HEAD under `/results/` as COS does, errors in XML included. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * Result files, drawn when they are first asked for. Drawing is a pure function of the task, so that a file can be forgotten
 * and drawn again to the same bytes.
 */
export function createResults(deps: {
  tasks: Tasks;
  clock: StandInClock;
  faults: ArmedFaults;
  /** Called when a file is about to be sent. */
  onDownload: (task: Task) => void;
}): Results {
  const { tasks, clock, faults, onDownload } = deps;
  const secret = randomBytes(16);
  const pencils = new PQueue({ concurrency: 2 });
  let lettering: ReturnType<typeof loadLettering> | undefined;
  const drawn = new Map<string, Promise<Buffer>>();

  function bytesOf(task: Task, index = 0): Promise<Buffer> {
    // Each file of a task is drawn as that of a task of its own would be.
    const id = nameOf(task, index);
    const known = drawn.get(id);
    if (known) return known;
    const bytes = pencils.add(() => draw({ ...task, id }));
    drawn.set(id, bytes);
    const [oldest] = drawn.keys();
    if (drawn.size > cacheSize && oldest !== undefined) drawn.delete(oldest);
    return bytes;
  }

  /** What is served: the result, or what a fault puts in its place. */
  async function contentFor(task: Task, index: number): Promise<Content> {
    const wrong = faults.strike('mistype', {});
    if (!wrong && task.file !== undefined) return contentAt(task.file);
    const bytes = wrong ? Buffer.from(wrong.text) : await bytesOf(task, index);
    return contentOf(bytes, createHash('md5').update(bytes).digest('hex'));
  }

  function paceNow(): Pace {
    return {
      bytesPerSecond: faults.strike('slow', {})?.bytesPerSecond,
      breaksAfter: faults.strike('truncate', {})?.part,
      stallsAfter: faults.strike('stall', {})?.part,
    };
  }

  async function draw(task: Task): Promise<Buffer> {
    if (task.file !== undefined) return readFile(task.file);
    if (task.wish.kind === 'video') return drawClip(task);
    lettering ??= loadLettering();
    return drawPicture(task, await lettering);
  }

  function signatureOf(name: string, expiry: string): string {
    return createHmac('sha256', secret).update(`${name};${expiry}`).digest('hex');
  }

  /** The file a link stands for; throws a `CosRefusal` where it opens to none. */
  function open(url: URL): { task: Task; index: number } {
    const name = url.pathname.slice('/results/'.length);
    const [, expiry = '', given = ''] =
      /^(\d+)-([0-9a-f]{64})$/.exec(url.searchParams.get('sign') ?? '') ?? [];
    const expected = Buffer.from(signatureOf(name, expiry));
    if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given), expected))
      throw new CosRefusal(403, 'SignatureDoesNotMatch', 'The Signature you specified is invalid.');
    if (clock.task() >= Number(expiry)) throw new CosRefusal(403, 'AccessDenied', 'Request has expired');
    const [id = '', number] = name.replace(/\.[a-z]\w*$/, '').split('.');
    const task = tasks.get(id);
    if (!task) throw new CosRefusal(404, 'NoSuchKey', 'The specified key does not exist.');
    return { task, index: number === undefined ? 0 : Number(number) - 1 };
  }

  async function answer(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { task, index } = open(url);
    const broken = faults.strike('link', {});
    if (broken) throw new CosRefusal(broken.status, 'NoSuchKey', 'The specified key does not exist.');
    const moved = faults.strike('redirect', {});
    if (moved) return void response.writeHead(302, { Location: moved.location }).end();
    const content = await contentFor(task, index);
    const { length } = content;
    const ETag = `"${content.etag}"`;
    // A condition that does not hold makes the range void (RFC 9110, 13.1.5).
    const { 'if-range': condition = ETag } = request.headers;
    const range = condition === ETag ? rangeOf(request.headers.range, length) : undefined;
    const part = range ?? { from: 0, to: length };
    response.writeHead(range ? 206 : 200, {
      'Content-Type': task.wish.kind === 'video' ? 'video/mp4' : `image/${extensionOf(task)}`,
      'Content-Length': part.to - part.from,
      'Accept-Ranges': 'bytes',
      ETag,
      'Last-Modified': new Date(clock.realOf(task.finishesAt)).toUTCString(),
      ...commonHeaders(clock.server()),
      ...(range && { 'Content-Range': `bytes ${range.from}-${range.to - 1}/${length}` }),
    });
    if (request.method === 'HEAD') return void response.end();
    onDownload(task);
    await send(response, content, part, paceNow());
  }

  return {
    linkOf(task, index = 0) {
      const name = `${nameOf(task, index)}.${extensionOf(task)}`;
      const expiry = String(Math.ceil(task.finishesAt + linkLife));
      return `/results/${name}?sign=${expiry}-${signatureOf(name, expiry)}`;
    },
    bytesOf,
    async serve(request, response) {
      const url = new URL(request.url ?? '/', 'http://localhost');
      try {
        await answer(url, request, response);
      } catch (error) {
        if (!(error instanceof CosRefusal)) throw error;
        const { method } = request;
        sendRefusal(response, { method, resource: url.pathname, now: clock.server() }, error);
      }
    },
  };
}

/** `4-AigcImage-…`, and `4-AigcImage-….2` for the second of several. */
function nameOf({ id }: Task, index: number): string {
  return index === 0 ? id : `${id}.${index + 1}`;
}

function extensionOf({ wish }: Task): string {
  return wish.kind === 'video' ? 'mp4' : (wish.params.ExtraParameters?.OutputFormat ?? 'png');
}
