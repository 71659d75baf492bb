import { type Definition, integer, money, named, text, type Variable } from './variable-types.js';

export const quotaTimeZone = named({
  QUOTA_TIME_ZONE: text({
    fallback: 'UTC',
    pattern: /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/,
    allowed: 'a time zone such as UTC or Asia/Shanghai',
    description: 'The time zone in which days and months begin, unless a server chooses its own.',
    example: 'Asia/Shanghai',
  }),
});

const scopes = ['GUILD', 'MEMBER', 'USER', 'TOTAL'] as const;
const units = ['IMAGES', 'SECONDS', 'COST'] as const;
const periods = ['DAY', 'MONTH'] as const;
type Scope = (typeof scopes)[number];
type Unit = (typeof units)[number];
type Period = (typeof periods)[number];
export type QuotaName = `QUOTA_${Scope}_${Unit}_${Period}` | 'QUOTA_GUILD_OPEN' | 'QUOTA_MEMBER_OPEN';

/** Whom a limit binds. */
const subjects: Readonly<Record<Scope, string>> = {
  GUILD: 'one server',
  MEMBER: 'one member of a server',
  USER: 'one user, on all servers and in direct messages together,',
  TOTAL: 'all users together',
};

type Limit = Definition<number | undefined>;
const unlimited = { defaultNote: 'no limit' } as const;

/** QUOTA_GUILD_IMAGES_DAY and its kin: the operator's limits, each unset by default. */
export const quotaLimits = named(Object.fromEntries(scopes.flatMap(limitsOf)) as Record<QuotaName, Limit>);
export const quotaVariables: readonly Variable<number | undefined>[] = Object.values(quotaLimits);

function limitsOf(scope: Scope): readonly (readonly [name: QuotaName, limit: Limit])[] {
  const subject = subjects[scope];
  const limits = units.flatMap((unit) =>
    periods.map((period) => [`QUOTA_${scope}_${unit}_${period}`, limitOf(unit, subject, period)] as const),
  );
  // How many tasks are open is limited where they wait, and not over everything.
  if (scope === 'USER' || scope === 'TOTAL') return limits;
  const open = integer({
    fallback: undefined,
    range: [1, 10_000],
    unit: 'tasks',
    ...unlimited,
    description: `Tasks that ${subject} may have open at once.`,
  });
  return [...limits, [`QUOTA_${scope}_OPEN`, open]];
}

function limitOf(unit: Unit, subject: string, period: Period): Limit {
  const per = `per ${period.toLowerCase()}`;
  if (unit === 'COST') {
    const description = `Money that ${subject} may spend ${per}. Counts only models whose price is known.`;
    return money({ ...unlimited, description, example: '12.50' });
  }
  const what = unit === 'IMAGES' ? 'Images' : 'Seconds of video';
  return integer({
    fallback: undefined,
    range: [0, 1_000_000_000],
    unit: unit.toLowerCase(),
    ...unlimited,
    description: `${what} that ${subject} may generate ${per}.`,
  });
}
