import { randomUUID } from 'node:crypto';
import type { StandInClock } from '../clock.js';
import { authenticate, type Credentials, type RawRequest } from './auth.js';
import type { ArmedFaults } from './faults.js';
import type { Hosting } from './hosting.js';
import { judgeImage, judgeVideo } from './judge.js';
import type { Keeping } from './keeping.js';
import { type Action, isAction, type Limits } from './limits.js';
import { invalidValue, missingParameter, Refusal } from './refusal.js';
import { describeParameters, imageParameters, readParameters, videoParameters } from './schema.js';
import { inBlocks, sizeOf } from './size.js';
import type { Sources } from './sources.js';
import type { Kind, Task, Tasks, Wish } from './tasks.js';

const version = '2019-06-12';
const largestBody = 10 * 1024 * 1024;

/** What an API request came to: the answer's body, and for the record its code and the task it made. */
export interface Outcome {
  readonly code: string;
  readonly requestId: string;
  readonly body: string;
  readonly created?: Task;
}

export interface Api {
  /** Checks a request in the order of the real API and does what it asks; every refusal is an outcome, too. */
  process(request: RawRequest): Outcome;
  /** The error answer for a code; `message` replaces the refusal's own words. */
  refuse(request: RawRequest, refusal: Refusal): Outcome;
}

export function createApi(deps: {
  credentials: Credentials;
  clock: StandInClock;
  limits: Limits;
  faults: ArmedFaults;
  tasks: Tasks;
  sources: Sources;
  hosting: Hosting;
  keeping: Keeping;
}): Api {
  const { credentials, clock, limits, faults, tasks, sources, hosting, keeping } = deps;

  function perform(action: Action, body: Buffer): { fields: object; created?: Task } {
    if (action === 'DescribeAigcImageTask') return { fields: describe('image', action, body) };
    if (action === 'DescribeAigcVideoTask') return { fields: describe('video', action, body) };
    const created = create(action, body);
    return { fields: { TaskId: created.id }, created };
  }

  function create(action: Action, body: Buffer): Task {
    const wish = readWish(action, body);
    const doubts = wish.kind === 'image' ? judgeImage(wish.params) : judgeVideo(wish.params);
    moderate(wish);
    const urls = sourcesOf(wish);
    const task = tasks.create({
      wish,
      doubts,
      failure: faults.strike('fail', { action })?.message,
      stuck: faults.strike('stuck', { action }) !== undefined,
      results: faults.strike('results', { action })?.number,
      file: faults.strike('file', { action })?.path,
      ...(urls.length > 0 && { sources: sources.fetch(wish.kind, urls) }),
    });
    keeping.accept(task);
    return task;
  }

  function describe(kind: Kind, action: Action, body: Buffer): object {
    const task = tasks.find(kind, readParameters(describeParameters, body).TaskId);
    keeping.look();
    const word = faults.strike('status', { action })?.word;
    const status = word ?? tasks.statusOf(task);
    const done = status === 'DONE';
    if (done) tasks.tell(task);
    return {
      Status: status,
      [kind === 'image' ? 'ImageUrls' : 'VideoUrls']: done ? linksOf(task) : [],
      ...(kind === 'video' && { Resolution: done ? inBlocks(sizeOf(task.wish)) : '' }),
      Message: status === 'FAIL' ? task.failure : done ? (task.notKept ?? 'ok') : '',
    };
  }

  function linksOf(task: Task): string[] {
    const own = () => Array.from({ length: task.results }, (_, index) => hosting.linkOf(task, index));
    return keeping.linksOf(task) ?? own();
  }

  function refuse({ headers }: RawRequest, { code, words }: Refusal): Outcome {
    const requestId = randomUUID();
    const message = words[headers['x-tc-language'] === 'zh-CN' ? 'zh-CN' : 'en-US'];
    const body = JSON.stringify({
      Response: { Error: { Code: code, Message: message }, RequestId: requestId },
    });
    return { code, requestId, body };
  }

  return {
    refuse,
    process(request) {
      try {
        const action = checkHeaders(request);
        authenticate(request, credentials, clock.server());
        limits.admit(action, clock.monotonic());
        const { fields, created } = perform(action, request.body);
        const requestId = randomUUID();
        const body = JSON.stringify({ Response: { ...fields, RequestId: requestId } });
        return { code: 'OK', requestId, body, ...(created && { created }) };
      } catch (error) {
        if (error instanceof Refusal) return refuse(request, error);
        throw error;
      }
    },
  };
}

/** The addresses of a wish's source images. */
function sourcesOf({ params, kind }: Wish): string[] {
  const frames = kind === 'video' ? [params.ImageUrl, params.LastImageUrl] : [];
  const references = params.ImageInfos?.map(({ ImageUrl }) => ImageUrl) ?? [];
  return [...frames, ...references].filter((url) => url !== undefined);
}

function readWish(action: Action, body: Buffer): Wish {
  return action === 'CreateAigcImageTask'
    ? { kind: 'image', params: readParameters(imageParameters, body) }
    : { kind: 'video', params: readParameters(videoParameters, body) };
}

function moderate({ params: { Prompt = '', NegativePrompt = '' } }: Wish): void {
  if (!/forbidden/i.test(`${Prompt}\n${NegativePrompt}`)) return;
  throw new Refusal(
    'InvalidParameter.ViolationContent',
    'The prompt contains content that violates the rules.',
    'Prompt 内容触发了内容审核拦截。',
  );
}

/** Everything that is judged before the signature, in order; returns the action. */
function checkHeaders({ headers, body }: RawRequest): Action {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) throw invalidValue('Content-Type', type, 'application/json');
  if (body.length > largestBody)
    throw new Refusal(
      'RequestSizeLimitExceeded',
      'The request is larger than 10 MB.',
      '请求包超过 10 MB 限制。',
    );
  const named = (name: string) => String(headers[name.toLowerCase()] ?? '');
  for (const name of ['X-TC-Version', 'X-TC-Action']) if (!named(name)) throw missingParameter(name);
  if (named('X-TC-Version') !== version)
    throw new Refusal(
      'NoSuchVersion',
      `The version must be ${version}.`,
      `接口版本不存在，应为 ${version}。`,
    );
  const action = named('X-TC-Action');
  if (!isAction(action))
    throw new Refusal(
      'InvalidAction',
      `The action \`${action}\` is not found.`,
      `接口 \`${action}\` 不存在。`,
    );
  const region = named('X-TC-Region');
  if (region && !/^[a-z]{2,4}(-[a-z0-9]+)+$/.test(region))
    throw new Refusal(
      'UnsupportedRegion',
      `The region \`${region}\` is not supported.`,
      `不支持地域 \`${region}\`。`,
    );
  return action;
}
