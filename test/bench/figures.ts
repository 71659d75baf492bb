/** One measured thing, as the table shows it and as `--json` prints it. */
export interface Figure {
  /** What was measured, and under which load. */
  readonly row: string;
  readonly measured: number | undefined;
  readonly unit: 'ms' | 's' | '1/s' | 'MB' | '%' | '';
  /** What it should be, where something is promised; `met` is said, never asserted. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
}

/** The value that `share` of all values do not exceed; undefined without values. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** Median and 99th percentile of times, ms, as two figures. */
export function times(row: string, values: readonly number[], atMost?: number): Figure[] {
  const target = atMost === undefined ? {} : { target: { atMost } };
  return [
    { row: `${row}, p50`, measured: percentile(values, 0.5), unit: 'ms' },
    { row: `${row}, p99`, measured: percentile(values, 0.99), unit: 'ms', ...target },
  ];
}

/** Whether a figure keeps its promise; undefined where none was made or nothing was measured. */
export function isMet({ measured, target }: Figure): boolean | undefined {
  if (measured === undefined || !target) return undefined;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

/** The figures as a table. */
export function toTable(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => [
    figure.row,
    figure.measured === undefined ? '–' : `${shown(figure.measured)} ${figure.unit}`.trimEnd(),
    promise(figure),
  ]);
  const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(([row = '', measured = '', target = '']) =>
      `${row.padEnd(widths[0] ?? 0)}  ${measured.padStart(widths[1] ?? 0)}  ${target}`.trimEnd(),
    )
    .join('\n');
}

function promise({ target, ...rest }: Figure): string {
  if (!target) return '';
  const met = isMet({ ...rest, target }) ? 'met' : 'MISSED';
  return 'atLeast' in target ? `≥ ${shown(target.atLeast)} ${met}` : `≤ ${shown(target.atMost)} ${met}`;
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
