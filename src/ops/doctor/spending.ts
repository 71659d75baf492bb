import type { Config } from '../../config/config.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { priceRange } from '../../mps/catalogue/pricing.js';
import { type CeilingName, isSpendingLimited } from '../../quota/operator-limits.js';
import { type Finding, ok, warn } from './finding.js';

type Kind = 'image' | 'video';
type Scope = 'TOTAL' | 'GUILD' | 'MEMBER' | 'USER';
type Spender = Pick<Config, 'quota' | 'access'> & Record<Kind, { readonly enabled: boolean }>;

/** What Easel may spend at MPS on one day, by its limits and the operator's prices. */
export interface Spending {
  /** Whether anything limits pictures, seconds or money. */
  readonly isLimited: boolean;
  /** In currency units, however many users order how often. Absent: no limit on everything together, or prices are missing for it. */
  readonly atMost?: number;
  /** The same for one user or one member, if nothing bounds everything together. */
  readonly each?: number;
  readonly currency?: string;
  /** Available models that have no price: what they cost is in none of the amounts. */
  readonly unpriced: readonly string[];
}

/** The most that a day can cost. A day of QUOTA_TIME_ZONE, or of the server; orders count on the day they are placed. */
export function spendingOf(config: Spender, catalogue: Catalogue): Spending {
  const { ceiling } = config.quota;
  const kinds = (['image', 'video'] as const).filter((kind) => config[kind].enabled);
  const models = kinds.flatMap((kind) => [...catalogue.list(kind)]);
  const { currency } = catalogue;
  const unpriced = models.filter((model) => !priceRange(model)).map(({ label }) => label);
  const isLimited = isSpendingLimited(ceiling);
  if (currency === undefined) return { isLimited, unpriced };
  const prices = { image: dearest(catalogue, 'image', config), video: dearest(catalogue, 'video', config) };
  const bound = (scope: Scope) => boundOf(ceiling, scope, prices);
  const { guildIds, dms, userInstalls } = config.access;
  const servers = guildIds.length > 0 && !dms && !userInstalls ? guildIds.length : Number.POSITIVE_INFINITY;
  const atMost = Math.min(bound('TOTAL'), times(bound('GUILD'), servers));
  const each = Math.min(bound('USER'), bound('MEMBER'));
  return {
    isLimited,
    currency,
    unpriced,
    ...(Number.isFinite(atMost) ? { atMost } : Number.isFinite(each) && { each }),
  };
}

/** The dearest picture, or second of a clip, that is available; 0 if the kind is switched off or nothing has a price. */
function dearest(catalogue: Catalogue, kind: Kind, config: Spender): number {
  if (!config[kind].enabled) return 0;
  return Math.max(0, ...catalogue.list(kind).map((model) => priceRange(model)?.most ?? 0));
}

/** What a scope's limits let it spend on a day; infinite if one kind has no limit. A month's limit binds its days too. */
function boundOf(
  ceiling: Readonly<Record<string, number>>,
  scope: Scope,
  prices: Readonly<Record<Kind, number>>,
): number {
  const least = (unit: 'IMAGES' | 'SECONDS' | 'COST') =>
    Math.min(
      ...(['DAY', 'MONTH'] as const).map(
        (period) =>
          ceiling[`QUOTA_${scope}_${unit}_${period}` satisfies CeilingName] ?? Number.POSITIVE_INFINITY,
      ),
    );
  const amounts = times(least('IMAGES'), prices.image) + times(least('SECONDS'), prices.video);
  return Math.min(least('COST'), amounts);
}

/** A product in which nothing, however often, costs nothing. */
function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** One sentence about it, for the log. */
export function describeSpending({ isLimited, atMost, each, currency, unpriced }: Spending): string {
  if (!isLimited) return 'nothing limits spending: none of QUOTA_…_IMAGES, _SECONDS or _COST is set';
  const except = unpriced.length > 0 && currency !== undefined ? `, without ${listed(unpriced)}` : '';
  const money = (amount: number) => `${amount.toFixed(2)} ${currency ?? ''}`;
  if (atMost !== undefined) return `a day can cost ${money(atMost)} at most${except}`;
  if (each !== undefined)
    return `a day can cost ${money(each)} at most for each user${except}; nothing limits all of them together`;
  if (currency === undefined)
    return 'limits are set; what a day can cost is known once MODELS_FILE has prices';
  return 'limits are set, but none on everything together that bounds what a day can cost';
}

function listed(labels: readonly string[]): string {
  const [first, second, ...more] = labels;
  if (second === undefined) return `${first}, which has no price`;
  return `${first}${more.length > 0 ? ` and ${more.length + 1} other models that have` : ` and ${second}, which have`} no price`;
}

/** @returns a warning if nothing limits what Easel spends. */
export function checkSpending(spending: Spending): Finding {
  const said = describeSpending(spending);
  if (spending.isLimited) return ok('Spending', said);
  return warn(
    'Spending',
    said,
    'set one, such as QUOTA_TOTAL_COST_DAY (with prices) or QUOTA_TOTAL_IMAGES_DAY',
  );
}
