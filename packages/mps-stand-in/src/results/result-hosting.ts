import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StandInClock } from '@easel/stand-in-kit';
import { addressOf } from '@easel/stand-in-kit';
import {
  type Content,
  CosRefusal,
  claimOf,
  commonHeaders,
  contentOf,
  type KeyPair,
  type Pace,
  type Part,
  rangeOf,
  type Signable,
  send,
  sendRefusal,
  signQuery,
  verify,
} from '@easel/stand-in-kit/object-store';
import type { ArmedFaults } from '../faults.js';
import type { ServiceSettings } from '../service-settings.js';
import { linkLife, type Task, type Tasks } from '../tasks/tasks.js';
import { contentTypeOf, extensionOf, type Results } from './result-files.js';

/** The bucket that MPS keeps its results in, by the real name in its links. */
const realHost = 'mps-aigc-1258344699.cos.ap-guangzhou.myqcloud.com';

export interface Hosting {
  /** The signed link under which a file of a finished task is served for 12 h. */
  linkOf(task: Task, index: number): string;
  /** Serves GET and HEAD under `/results/` as COS does, errors in XML included. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface Deps {
  readonly tasks: Tasks;
  readonly clock: StandInClock;
  readonly faults: ArmedFaults;
  readonly settings: ServiceSettings;
  readonly results: Results;
  /** The key that signs the links. */
  readonly keys: KeyPair;
  /** The origin of links, such as `http://127.0.0.1:8080`. */
  readonly origin: () => string;
  /** Called when a file is about to be sent. */
  readonly onDownload: (task: Task) => void;
}

/** MPS's own hosting: results behind links with COS's signature in the query, which expire by the clock that tasks live by. */
export function createHosting(deps: Deps): Hosting {
  const { tasks, clock, faults, settings, keys, origin, onDownload } = deps;
  const epoch = clock.now() - clock.task();
  const host = () => new URL(origin()).host;

  /** The file a request may read; throws a `CosRefusal` if there is none. */
  function open(url: URL): { task: Task; index: number } {
    const query = [...url.searchParams];
    const path = decodePath(url.pathname);
    // A link is signed for GET; that its head may be looked at too is kindness.
    const signable: Signable = { method: 'GET', path, query, headers: { host: host() } };
    const claim = claimOf(signable);
    if (!claim) throw new CosRefusal(403, 'AccessDenied', 'Access Denied.');
    verify(signable, claim, keys, epoch + clock.task());
    return fileAt(path, tasks);
  }

  async function answer(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { task, index } = open(url);
    const broken = faults.strike('link', {});
    if (broken) throw noSuchKey(broken.status);
    const moved = faults.strike('redirect', {});
    if (moved) return void response.writeHead(302, { Location: moved.location }).end();
    const content = await contentFor(task, index, deps);
    const part = writeHead(request, response, task, content, clock);
    if (request.method === 'HEAD') return void response.end();
    onDownload(task);
    await send(response, content, part, paceNow(faults));
  }

  return {
    linkOf(task, index) {
      const path = `/results/${task.id}_${index}.${extensionOf(task)}`;
      const finished = (epoch + task.finishesAt) / 1000;
      const until = Math.floor(finished + linkLife / 1000) - 1;
      const signable: Signable = { method: 'GET', path, query: [], headers: { host: host() } };
      const query = signQuery(signable, keys, finished, until);
      const { ownLinks } = settings.current;
      return `${ownLinks === 'loopback' ? origin() : `${ownLinks}://${realHost}`}${path}?${query}`;
    },
    async serve(request, response) {
      const url = addressOf(request);
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

/** The file that a path names; throws a `CosRefusal` if there is none. */
function fileAt(path: string, tasks: Tasks): { task: Task; index: number } {
  const [, id = '', number] = /^\/results\/(.+)_(\d+)\.\w+$/.exec(path) ?? [];
  const task = tasks.get(id);
  if (!task) throw noSuchKey();
  return { task, index: Number(number) };
}

/** The served content: the result, or a fault's replacement. */
async function contentFor(task: Task, index: number, { faults, results }: Deps): Promise<Content> {
  const wrong = faults.strike('mistype', {});
  if (!wrong) return results.contentOf(task, index);
  const bytes = Buffer.from(wrong.text);
  return contentOf(bytes, createHash('md5').update(bytes).digest('hex'));
}

/** Begins the answer; answers which bytes follow. */
function writeHead(
  { headers }: IncomingMessage,
  response: ServerResponse,
  task: Task,
  { length, etag }: Content,
  clock: StandInClock,
): Part {
  const ETag = `"${etag}"`;
  // A condition that does not hold makes the range void (RFC 9110, 13.1.5).
  const { 'if-range': condition = ETag } = headers;
  const range = condition === ETag ? rangeOf(headers.range, length) : undefined;
  const part = range ?? { from: 0, to: length };
  response.writeHead(range ? 206 : 200, {
    ...commonHeaders(clock.server()),
    'Content-Type': contentTypeOf(task),
    'Content-Length': part.to - part.from,
    'Accept-Ranges': 'bytes',
    ETag,
    'Last-Modified': new Date(clock.realOf(task.finishesAt)).toUTCString(),
    ...(range && { 'Content-Range': `bytes ${range.from}-${range.to - 1}/${length}` }),
  });
  return part;
}

function paceNow(faults: ArmedFaults): Pace {
  return {
    bytesPerSecond: faults.strike('slow', {})?.bytesPerSecond,
    breaksAfter: faults.strike('truncate', {})?.part,
    stallsAfter: faults.strike('stall', {})?.part,
  };
}

function noSuchKey(status = 404): CosRefusal {
  return new CosRefusal(status, 'NoSuchKey', 'The specified key does not exist.');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new CosRefusal(400, 'InvalidURI', 'Could not parse the specified URI.');
  }
}
