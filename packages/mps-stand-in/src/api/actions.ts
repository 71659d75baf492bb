import { randomUUID } from 'node:crypto';
import type { StandInClock } from '@easel/stand-in-kit';
import type { Account } from '../account.js';
import type { ArmedFaults } from '../faults.js';
import type { BucketStorage } from '../results/bucket-storage.js';
import type { Hosting } from '../results/result-hosting.js';
import type { ServiceSettings } from '../service-settings.js';
import { failureOf } from '../tasks/failure-messages.js';
import type { InputClips } from '../tasks/input-clips.js';
import { createFrames } from '../tasks/kept-frames.js';
import { inBlocks } from '../tasks/output-size.js';
import type { Keep, Sources } from '../tasks/source-download.js';
import {
  type Frames,
  type Kind,
  resultSizeOf,
  type Task,
  type TaskRequest,
  type Tasks,
} from '../tasks/tasks.js';
import { imageRules } from '../validation/image-models.js';
import { judgeImage } from '../validation/validate-image.js';
import { judgeVideo } from '../validation/validate-video.js';
import { invalidValue, missingParameter, Refusal } from './api-error.js';
import { authenticate, type Credentials, type RawRequest } from './authentication.js';
import { refusalWith } from './error-messages.js';
import { describeParameters, imageParameters, readParameters, videoParameters } from './parameter-schemas.js';
import { type Action, isAction, type Limits } from './rate-limits.js';

const version = '2019-06-12';
const largestBody = 10 * 1024 * 1024;

/** The outcome of an API request: the answer's body, and for the record its code and its task. */
export interface Outcome {
  readonly code: string;
  readonly requestId: string;
  readonly body: string;
  readonly created?: Task;
}

export interface Api {
  /** Checks a request in the order of the real API and executes it; every refusal is an outcome, too. */
  process(request: RawRequest): Outcome;
  /** The error answer for a code; `message` replaces the refusal's own words. */
  refuse(request: RawRequest, refusal: Refusal): Outcome;
}

export interface ApiDeps {
  readonly credentials: Credentials;
  readonly clock: StandInClock;
  readonly limits: Limits;
  readonly faults: ArmedFaults;
  readonly tasks: Tasks;
  readonly sources: Sources;
  readonly settings: ServiceSettings;
  readonly account: Account;
  readonly hosting: Hosting;
  readonly bucketStorage: BucketStorage;
}

export function createApi(deps: ApiDeps): Api {
  const { credentials, clock, limits, account } = deps;
  return {
    refuse,
    process(request) {
      try {
        const action = checkHeaders(request);
        authenticate(request, credentials, clock.server());
        account.check(String(request.headers['x-tc-region'] ?? ''));
        limits.admit(action, clock.monotonic());
        const { fields, created } = perform(deps, action, request.body);
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

function refuse({ headers }: RawRequest, { code, words }: Refusal): Outcome {
  const requestId = randomUUID();
  const message = words[headers['x-tc-language'] === 'zh-CN' ? 'zh-CN' : 'en-US'];
  const body = JSON.stringify({
    Response: { Error: { Code: code, Message: message }, RequestId: requestId },
  });
  return { code, requestId, body };
}

function perform(deps: ApiDeps, action: Action, body: Buffer): { fields: object; created?: Task } {
  if (action === 'DescribeAigcImageTask') return { fields: describe(deps, 'image', action, body) };
  if (action === 'DescribeAigcVideoTask') return { fields: describe(deps, 'video', action, body) };
  const created = create(deps, action, body);
  return { fields: { TaskId: created.id }, created };
}

function create(deps: ApiDeps, action: Action, body: Buffer): Task {
  const { faults, tasks, settings, account, bucketStorage } = deps;
  const request = readTaskRequest(action, body);
  const { turndown, moderationCode } = settings.current;
  const { undocumented, dropped, failure } =
    request.kind === 'image' ? judgeImage(request.params, turndown) : judgeVideo(request.params, turndown);
  moderate(request, moderationCode);
  account.makeRoom(request);
  const fail = faults.strike('fail', { action });
  const task = tasks.create({
    request,
    undocumented,
    dropped,
    failure: fail ? failureOf(fail) : failure,
    failWord: fail?.word,
    stuck: faults.strike('stuck', { action }) !== undefined,
    results: faults.strike('results', { action })?.number ?? countOf(request),
    file: faults.strike('file', { action })?.path,
    bytes: request.params.SceneType === '3d_panorama' ? settings.current.panoramaBytes : undefined,
    ...fetching(deps, request),
  });
  bucketStorage.accept(task);
  return task;
}

/** Starts to download a task's sources. */
function fetching(
  { sources, settings }: ApiDeps,
  request: TaskRequest,
): { sources?: Promise<string | undefined>; frames?: Frames; clips?: InputClips } {
  const { kind, params } = request;
  const ends = kind === 'video' ? [params.ImageUrl, params.LastImageUrl] : [];
  const references = params.ImageInfos?.map(({ ImageUrl }) => ImageUrl) ?? [];
  const images = [...ends, ...references].filter((url) => url !== undefined);
  const clips = (kind === 'video' && params.VideoInfos?.map(({ VideoUrl }) => VideoUrl)) || [];
  const { clips: what, klingLeastSide, oddClips: odd, editedLength } = settings.current;
  const isMade = what === 'made';
  const kept = request.kind === 'video' && isMade ? createFrames(request) : undefined;
  const given: InputClips | undefined = clips.length > 0 ? { byUrl: new Map(), editedLength } : undefined;
  const known = { ...(kept && { frames: kept.frames }), ...(given && { clips: given }) };
  if (images.length + clips.length === 0) return known;
  const leastSide = params.ModelName === 'Kling' ? klingLeastSide[kind] : undefined;
  const demand = request.kind === 'video' ? { params: request.params, odd } : undefined;
  const keep: Keep = {
    ...(kept && { image: kept.keep }),
    clip: (url, clip, bytes) => void given?.byUrl.set(url, { ...clip, ...(isMade && { bytes }) }),
  };
  return { sources: sources.fetch(kind, { images, clips, leastSide, demand }, keep), ...known };
}

function describe(deps: ApiDeps, kind: Kind, action: Action, body: Buffer): object {
  const { tasks, bucketStorage, faults } = deps;
  const task = tasks.find(kind, readParameters(describeParameters, body).TaskId);
  bucketStorage.look();
  const instead = faults.strike('status', { action });
  const status = instead?.word ?? tasks.statusOf(task);
  const done = status === 'DONE';
  if (done) tasks.tell(task);
  const hasFailed = status === 'FAIL' && task.failure !== undefined;
  return {
    Status: hasFailed ? (task.failWord ?? status) : status,
    [kind === 'image' ? 'ImageUrls' : 'VideoUrls']: done ? linksOf(deps, task) : [],
    ...(kind === 'video' && { Resolution: done ? inBlocks(resultSizeOf(task)) : '' }),
    Message: hasFailed ? task.failure : done ? (task.notKept ?? 'ok') : (instead?.message ?? ''),
  };
}

function linksOf({ bucketStorage, hosting }: ApiDeps, task: Task): string[] {
  const own = () => Array.from({ length: task.results }, (_, index) => hosting.linkOf(task, index));
  return bucketStorage.linksOf(task) ?? own();
}

/** The number of files of a request: images as the model counts them, one clip. */
function countOf({ kind, params }: TaskRequest): number {
  if (kind === 'video') return 1;
  const rule = imageRules[`${params.ModelName} ${params.ModelVersion}`];
  return rule?.always ?? (rule?.count === 'made' ? (params.OutputImageCount ?? 1) : 1);
}

function readTaskRequest(action: Action, body: Buffer): TaskRequest {
  return action === 'CreateAigcImageTask'
    ? { kind: 'image', params: readParameters(imageParameters, body) }
    : { kind: 'video', params: readParameters(videoParameters, body) };
}

function moderate({ params: { Prompt = '', NegativePrompt = '' } }: TaskRequest, code: string): void {
  if (/forbidden/i.test(`${Prompt}\n${NegativePrompt}`)) throw refusalWith(code);
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
