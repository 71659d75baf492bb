import type { Problem } from '../../config/config.js';

/** The result of one check, worded for the operator. */
export interface Finding {
  /** `Discord token` */
  readonly check: string;
  /** `warn`: Easel works, but something is wrong or worth knowing. */
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

/** An invalid variable, worded as by `npm start`. */
export function ofProblem(check: string, { variable, found, allowed, where }: Problem): Finding {
  return fail(check, `${variable} is ${found}`, `allowed: ${allowed}; where: ${where}`);
}
