/*
 * The panel's data, as far as it is shown: `GET /state` of the bot's health port, and the stand-in's records. All times
 * are ms since the epoch.
 */

export interface LiveState {
  readonly now: number;
  readonly slots: Readonly<Record<string, { readonly max: number; readonly busy: number }>>;
  readonly queue: Readonly<Record<string, readonly { readonly id: string; readonly ahead: number }[]>>;
  readonly limiter: Readonly<Record<string, LimiterUse>>;
  readonly tasks: readonly LiveTask[];
  readonly quota: readonly QuotaBars[];
}

export interface LimiterUse {
  readonly waiting: number;
  readonly used: number;
  readonly rate: number;
}

export interface LiveTask {
  readonly id: string;
  readonly kind: string;
  readonly model: string;
  readonly guildId?: string;
  readonly userId: string;
  readonly state: string;
  readonly reason?: string;
  readonly history: readonly { readonly state: string; readonly at: number }[];
}

export interface QuotaBars {
  readonly guildId?: string;
  readonly userId: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly limit: { readonly scope: string; readonly measure: string; readonly unit?: string };
  readonly max?: number;
  readonly reserved: number;
  readonly spent: number;
  readonly used: number;
}

/** A request to MPS, as the stand-in recorded it. */
export interface MpsRequest {
  readonly at: number;
  readonly action: string;
  readonly code: string;
  readonly latency: number;
}

/** The sum of a metric's samples in Prometheus' text format. */
export function sumOf(text: string, metric: string): number {
  const samples = text.matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...samples].reduce((sum, [, value]) => sum + Number(value), 0);
}
