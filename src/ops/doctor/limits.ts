import { ceilingVariables } from '../../quota/operator-limits.js';
import { type Finding, ok } from './finding.js';

/** The operator's limits from the environment: `QUOTA_USER_IMAGES_DAY=5`. */
export function limitsInForce(ceiling: Readonly<Record<string, number>>): readonly string[] {
  return ceilingVariables.flatMap(({ name }) =>
    ceiling[name] === undefined ? [] : [`${name}=${ceiling[name]}`],
  );
}

/** A line for each of them. */
export function checkLimits({
  ceiling,
  timeZone,
}: {
  readonly ceiling: Readonly<Record<string, number>>;
  readonly timeZone: string;
}): readonly Finding[] {
  const limits = limitsInForce(ceiling);
  return limits.map((limit) =>
    ok('Limit', /_(DAY|MONTH)=/.test(limit) ? `${limit}, days and months by ${timeZone}` : limit),
  );
}
