/** One measured thing, as the table shows it and as `--json` prints it. */
export interface Figure {
  /** A measurement, and its load. */
  readonly row: string;
  readonly measured: number | undefined;
  readonly unit: 'ms' | 's' | '1/s' | 'MB' | '%' | '';
  /** The target, if there is one; `met` is reported, never asserted. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
  /** The best that there can be, if it is known: what the limits allow, or what the least program needs that does the same. */
  readonly bound?: number | undefined;
}

/** Contenders side by side; ratio columns come first. */
export interface Table {
  readonly title: string;
  /** The machine, and the measured statistic. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The result of a measurement. */
export interface Report {
  readonly figures?: readonly Figure[];
  readonly tables?: readonly Table[];
}

/** The value that `share` of all values do not exceed; undefined without values. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** Median, 95th and 99th percentile of times, ms, as three figures. */
export function times(row: string, values: readonly number[], atMost?: number): Figure[] {
  const target = atMost === undefined ? {} : { target: { atMost } };
  return [
    { row: `${row}, p50`, measured: percentile(values, 0.5), unit: 'ms' },
    { row: `${row}, p95`, measured: percentile(values, 0.95), unit: 'ms' },
    { row: `${row}, p99`, measured: percentile(values, 0.99), unit: 'ms', ...target },
  ];
}

/** Whether a figure keeps its promise; undefined if none was made or nothing was measured. */
export function isMet({ measured, target }: Figure): boolean | undefined {
  if (measured === undefined || !target) return undefined;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

/** How far a figure is from its target: 1 meets it exactly; undefined without a target. */
export function ofTarget({ measured, target }: Figure): number | undefined {
  if (measured === undefined || !target) return undefined;
  const promised = 'atLeast' in target ? target.atLeast : target.atMost;
  return promised === 0 ? undefined : measured / promised;
}

/** The figures as a table, how they keep their promises first. */
export function figuresTable(figures: readonly Figure[]): Table {
  return {
    title: 'Promises',
    note: 'Measured over sockets, Easel in a process of its own.',
    columns: ['of what is promised', 'measured', 'promised', 'bound', ''],
    rows: figures.map((figure) => {
      const ratio = ofTarget(figure);
      const { row, measured, unit, bound } = figure;
      const value = measured === undefined ? '–' : `${shown(measured)} ${unit}`.trimEnd();
      const best = bound === undefined ? '' : shown(bound);
      return [ratio === undefined ? '' : `${ratio.toFixed(2)} ×`, value, promise(figure), best, row];
    }),
  };
}

function promise({ target, ...rest }: Figure): string {
  if (!target) return '';
  const met = isMet({ ...rest, target }) ? '' : ' MISSED';
  return 'atLeast' in target ? `≥ ${shown(target.atLeast)}${met}` : `≤ ${shown(target.atMost)}${met}`;
}

/** A number in three digits or so. */
export function shown(value: number): string {
  return value >= 100 || value === 0 ? value.toFixed(0) : value.toPrecision(3);
}

/** A table aligned for a terminal, and the same as Markdown. */
export function toText({ title, note, columns, rows }: Table): string {
  const lines = [columns, ...rows].map((line) => line.map(String));
  const widths = columns.map((_, n) => Math.max(...lines.map((line) => line[n]?.length ?? 0), 3));
  const draw = (line: readonly string[]) =>
    `| ${line.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [`**${title}.** ${note}`, '', draw(head), rule, ...body.map(draw)].join('\n');
}
