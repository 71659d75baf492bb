import { randomUUID } from 'node:crypto';
import { UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import { StoreError } from '../../store/store.js';
import { LedgerClosedError } from '../../tasks/ledger/ledger.js';
import { refusalOf } from '../rest/route-errors.js';

/** The interaction or message that asked. */
interface Asking {
  readonly id: string;
  readonly guildId?: string | null | undefined;
}

/**
 * The message for an error: the error itself if the user can fix it; that nothing can be saved right now; or an
 * incident number for the log.
 */
export function toUserError(error: unknown, { id: event, guildId }: Asking, log: Log): UserError {
  const about = { event, ...(guildId && { guild: guildId }) };
  if (error instanceof UserError) return error;
  // Easel is shutting down: acknowledged work is persisted and resumes afterwards.
  if (error instanceof LedgerClosedError) return new UserError({ key: 'error.stopping' }, { cause: error });
  if (error instanceof StoreError) {
    log.error({ ...about, err: error }, 'an interaction failed because the store failed');
    return new UserError({ key: 'error.store' }, { cause: error });
  }
  const refusal = refusalOf(error);
  if (refusal === 'words' || refusal === 'file') {
    log.info({ ...about, refusal, err: error }, 'Discord rejected the content of an answer');
    return new UserError({ key: `error.refused.${refusal}` }, { cause: error });
  }
  const incident = randomUUID().slice(0, 8);
  log.error({ incident, ...about, err: error }, 'an interaction failed unexpectedly');
  return new UserError({ key: 'error.internal', params: { incident } }, { cause: error });
}
