import { randomUUID } from 'node:crypto';
import { FetchError } from '../../media/results/result-fetcher.js';
import { SourceError } from '../../media/sources/source-intake.js';
import { BlockedError } from '../../moderation/blocks.js';
import { levelOf, MpsError, type MpsErrorReason, mpsConsole } from '../../mps/api/errors.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import { keyOf } from '../../quota/check.js';
import { QuotaError } from '../accounting/budget.js';
import { TooLargeError, WordsRefusedError } from '../delivery/delivery-port.js';
import type { Failure, FailureReason, Task } from '../model/task.js';
import { imagesOf } from '../sources/source-images.js';
import { ExtensionError } from './extending/extension-error.js';

/** Maps MPS errors to failure reasons (docs/mps-api.md#errors). */
const byMpsReason = {
  throttled: 'exhausted',
  full: 'exhausted',
  clock: 'clock',
  credentials: 'credentials',
  inactive: 'inactive',
  moderation: 'moderation',
  rejected: 'rejected',
  exhausted: 'exhausted',
  arrears: 'arrears',
  unavailable: 'unavailable',
  unreachable: 'unreachable',
  uncertain: 'uncertain',
} as const satisfies Record<MpsErrorReason, FailureReason>;

/** Why a finished result has no file. */
const byFetchReason = {
  gone: 'expired',
  misresolved: 'misresolved',
  forbidden: 'forbidden',
  unreadable: 'unreadable',
} as const satisfies Record<FetchError['reason'], FailureReason>;

/** The catalogue no longer accepts the request: MODELS_FILE was changed while the task waited. */
export class WithdrawnError extends Error {
  override readonly name = 'WithdrawnError';
}

/** The failure for an error; undefined if the error is a bug of ours. */
function toFailure(error: unknown): Failure | undefined {
  if (error instanceof MpsError) return ofMps(error);
  if (error instanceof SourceError) return { reason: `source.${error.reason}`, params: error.params };
  if (error instanceof ExtensionError) return { reason: `extends.${error.reason}`, params: error.params };
  if (error instanceof FetchError) return { reason: byFetchReason[error.reason] };
  if (error instanceof WithdrawnError) return { reason: 'withdrawn' };
  if (error instanceof TooLargeError) return { reason: 'tooLarge' };
  if (error instanceof WordsRefusedError) return { reason: 'words' };
  if (error instanceof BlockedError) return { reason: 'blocked' };
  if (error instanceof QuotaError) {
    const { refusal, params, fits } = error;
    // How many of a set would fit, for an offer of that many.
    return { reason: `quota.${keyOf(refusal.limit)}`, params: { ...params, ...(fits && { fits }) } };
  }
  return undefined;
}

function ofMps(error: MpsError): Failure {
  const reason = byMpsReason[error.reason];
  const what = reason === 'rejected' ? refusedThing(error) : undefined;
  return what === undefined ? { reason } : { reason: 'rejected.named', params: { what } };
}

/** The only text from MPS that reaches users: its own sentence about a parameter, else the parameter's name. */
function refusedThing({ code, detail = '', httpStatus }: MpsError): string | undefined {
  // Without a response the code is one of ours.
  if (httpStatus === undefined) return undefined;
  return detail.replace(/[\s.。]+$/, '') || /\.(\w+)$/.exec(code)?.[1];
}

/** How an error ends a task: what the user reads and what is logged. */
export interface Ending {
  readonly failure: Failure;
  readonly level: 'warn' | 'error';
  /**
   * Enough to look it up at Tencent Cloud, and the request's options if they were the problem; nothing a user wrote.
   */
  readonly details: object;
  readonly message: string;
}

export function toEnding(error: unknown, { request }: Task): Ending {
  const failure = toFailure(error);
  if (!failure) return toIncident(error);
  const { reason } = failure;
  const details = { reason, ...detailsOf(error) };
  if (reason === 'rejected' || reason === 'rejected.named') {
    const asked = shapeOf(request);
    const message = 'MPS rejected a request that passed validation';
    return { failure, level: 'error', details: { ...details, asked }, message };
  }
  const level = reason === 'misresolved' ? 'error' : levelOf(error);
  return { failure, level, details, message: 'a step of a task failed' };
}

function toIncident(error: unknown): Ending {
  const incident = randomUUID().slice(0, 8);
  const failure: Failure = { reason: 'internal', params: { incident } };
  const message = 'a step of a task failed unexpectedly';
  return { failure, level: 'error', details: { incident, err: error }, message };
}

function detailsOf(error: unknown): object {
  if (!(error instanceof MpsError)) return { err: error };
  const { action, code, requestId, reason } = error;
  return {
    action,
    code,
    requestId,
    ...(reason === 'inactive' && { fix: `activate MPS for this account: ${mpsConsole}` }),
    // A moderation message may quote the prompt.
    ...(reason !== 'moderation' && { err: error }),
  };
}

const choices: ReadonlySet<string> = new Set([
  ...['kind', 'model', 'duration', 'resolution', 'aspectRatio', 'size', 'format', 'scene'],
  ...['enhance', 'audio', 'music', 'offPeak', 'watermark'],
]);

/** A request without its prompt and images. */
function shapeOf(request: GenerationRequest): object {
  const chosen = Object.entries(request).filter(([name]) => choices.has(name));
  return { ...Object.fromEntries(chosen), images: imagesOf(request).length };
}
