import { integer, money, type Variable } from './variable-types.js';

const scopes = ['GUILD', 'MEMBER', 'USER', 'TOTAL'] as const;
/** How many tasks are open is limited where they wait, and not over everything. */
const withOpen: ReadonlySet<string> = new Set(['GUILD', 'MEMBER']);
const periods = ['DAY', 'MONTH'] as const;
const most = 1_000_000_000;

/** QUOTA_GUILD_IMAGES_DAY and its kin: the operator's ceiling, each unset unless wanted. */
export const quotaVariables: readonly Variable<number | undefined>[] = scopes.flatMap((scope) => [
  ...['IMAGES', 'SECONDS'].flatMap((unit) =>
    periods.map((period) =>
      integer(`QUOTA_${scope}_${unit}_${period}`, {
        fallback: undefined,
        range: [0, most],
        unit: unit.toLowerCase(),
      }),
    ),
  ),
  ...periods.map((period) => money(`QUOTA_${scope}_COST_${period}`)),
  ...(withOpen.has(scope)
    ? [integer(`QUOTA_${scope}_OPEN`, { fallback: undefined, range: [1, 10_000], unit: 'tasks' })]
    : []),
]);
