import type { CycleReport } from './cycle.js';
import { faults } from './judge.js';
import { type Step, steps } from './steps.js';

/** Everything that was wrong: complaints, and faults of tasks. */
export function defectsOf({ verdicts, complaints }: CycleReport): number {
  return complaints.length + verdicts.reduce((sum, { faults: found }) => sum + found.length, 0);
}

/** The run in numbers. */
export function drawTable(reports: readonly CycleReport[]): string {
  const verdicts = reports.flatMap((report) => report.verdicts);
  const accepted = verdicts.filter((verdict) => verdict.accepted);
  const outcomes = tally(accepted.map(({ outcome }) => outcome ?? 'none'));
  const rows: [string, string | number][] = [
    ['cycles', reports.length],
    ['longest cycle', `${Math.max(...reports.map(({ ms }) => ms))} ms`],
    ['tasks accepted', accepted.length],
    ['orders not accepted', verdicts.length - accepted.length],
    ['delivered', outcomes.get('delivered') ?? 0],
    ...[...outcomes]
      .filter(([name]) => name !== 'delivered')
      .map(([name, count]): [string, number] => [`failed: ${name}`, count]),
    ...faults.map((fault): [string, number] => [
      fault,
      verdicts.filter(({ faults: found }) => found.includes(fault)).length,
    ]),
    ['said again, unseen', verdicts.filter(({ repeated }) => repeated).length],
    ['other complaints', reports.reduce((sum, { complaints }) => sum + complaints.length, 0)],
  ];
  const never = unreached(reports);
  const missed = never.length > 0 ? `\nnever reached: ${never.join(', ')}\n` : '';
  return `${columns(rows)}\n\nkills\n${columns([...tally(reports.flatMap(({ kills }) => kills))])}\n${missed}`;
}

/** Steps at which no life has ended, to be reviewed: one that no run reaches may be unreachable. */
function unreached(reports: readonly CycleReport[]): Step[] {
  const struck = new Set<string>(reports.flatMap(({ kills }) => kills));
  return steps.filter((step) => !struck.has(step));
}

/** What went wrong in a cycle, and how it came about. */
export function drawDefects({ verdicts, complaints, story }: CycleReport): string {
  const bad = verdicts.filter(({ faults: found }) => found.length > 0);
  const tales = bad.map(({ order, faults: found }) =>
    [
      `${found.join(', ')}: ${order.prompt} (${order.id})`,
      ...story.of(order.id).map((line) => `  ${line}`),
    ].join('\n'),
  );
  const whole = bad.length === 0 ? story.all().map((line) => `  ${line}`) : [];
  return [...complaints, ...tales, ...whole].join('\n');
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...names].sort()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function columns(rows: readonly (readonly [string, string | number])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${String(value).padStart(6)}`).join('\n');
}
