import type { Problem } from '../../config/config.js';

/** What one check came to, in the operator's words. */
export interface Finding {
  /** `Discord token` */
  readonly check: string;
  /** `warn`: Easel works, but something is amiss or worth knowing. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly said: string;
  /** What to do about it. */
  readonly fix?: string;
}

export function ok(check: string, said: string): Finding {
  return { check, level: 'ok', said };
}

export function warn(check: string, said: string, fix: string): Finding {
  return { check, level: 'warn', said, fix };
}

export function fail(check: string, said: string, fix: string): Finding {
  return { check, level: 'fail', said, fix };
}

/** A variable that cannot be used, as `npm start` would say it. */
export function ofProblem(check: string, { variable, found, allowed, where }: Problem): Finding {
  return fail(check, `${variable} is ${found}`, `allowed: ${allowed}; where: ${where}`);
}
