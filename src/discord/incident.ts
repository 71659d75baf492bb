import { randomUUID } from 'node:crypto';
import { UserError } from '../errors.js';
import type { Log } from '../log.js';
import { StoreError } from '../store.js';

/**
 * What a person is told of an error: itself, if it is theirs to put right; that nothing can be written down; or a number
 * under which the log has it.
 */
export function toUserError(error: unknown, eventId: string, log: Log): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof StoreError) {
    log.error({ event: eventId, err: error }, 'an interaction failed because the store does');
    return new UserError({ key: 'error.store' }, { cause: error });
  }
  const incident = randomUUID().slice(0, 8);
  log.error({ incident, event: eventId, err: error }, 'an interaction failed unexpectedly');
  return new UserError({ key: 'error.internal', params: { incident } }, { cause: error });
}
