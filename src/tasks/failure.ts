import { FetchError } from '../media/fetch.js';
import { SourceError } from '../media/source.js';
import { MpsError, type MpsErrorReason } from '../mps/errors.js';
import { QuotaError, refusalParams } from './budget.js';
import { TooLargeError } from './delivery.js';
import type { Failure, FailureReason } from './task.js';

/** Why a task ends, by what MPS answered (facts/mps.md, "Errors and what they mean here"). */
const byMpsReason = {
  throttled: 'exhausted',
  clock: 'clock',
  credentials: 'credentials',
  moderation: 'moderation',
  rejected: 'rejected',
  exhausted: 'exhausted',
  arrears: 'arrears',
  unreachable: 'unreachable',
  uncertain: 'uncertain',
} as const satisfies Record<MpsErrorReason, FailureReason>;

/** The failure an error stands for; undefined where the error is a defect of ours. */
export function toFailure(error: unknown): Failure | undefined {
  if (error instanceof MpsError) return { reason: byMpsReason[error.reason] };
  if (error instanceof SourceError) return { reason: `source.${error.reason}`, params: error.params };
  if (error instanceof FetchError) return { reason: error.reason === 'gone' ? 'expired' : 'unreadable' };
  if (error instanceof TooLargeError) return { reason: 'tooLarge' };
  if (error instanceof QuotaError) {
    const { limit } = error.refusal;
    return { reason: `quota.${limit.scope}.${limit.measure}`, params: refusalParams(error.refusal) };
  }
  return undefined;
}
