import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, figuresTable, isMet, type Report, type Table, toText } from './figures.js';
import { registry } from './registry.js';

const usage = `Measures Easel against stand-ins for Discord and MPS on this machine. It prints numbers and asserts nothing.

  npm run bench -- [--quick] [--json] [--markdown] [--seed N] [--only TEXT] [--profile DIR]

  --quick        less of everything, in about a minute
  --json         prints one object, for scripts
  --markdown     prints the tables of docs/benchmarks.md
  --seed N       the same prompts, durations, pictures and arrivals each time (default: 1)
  --only TEXT    only measurements whose name contains TEXT; --list prints the names. "fit grid" sends results of 1 KB
                 to 200 MB under each of Discord's limits, which takes longer than all the rest; without it, one large
                 result of each kind under 10 MiB is sent
  --profile DIR  CPU profiles of Easel's process (open them in Chrome or VS Code)`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** The machine of the numbers. */
function machine() {
  const [cpu, ...others] = cpus();
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: others.length + 1,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

async function measure(): Promise<{ figures: Figure[]; tables: Table[] }> {
  const { quick, only, seed, profile: profiles } = values;
  const running: Promise<Report>[] = [];
  for (const { name, quick: inQuick = false, besideNext = false, run } of registry) {
    if (!name.includes(only) || (quick && only === '' && !inQuick)) continue;
    process.stderr.write(`${name} …\n`);
    running.push(run({ seed: Number(seed), quick, chosen: only !== '', profiles }));
    if (!besideNext) await Promise.all(running);
  }
  const reports = await Promise.all(running);
  return {
    figures: reports.flatMap(({ figures = [] }) => figures),
    tables: reports.flatMap(({ tables = [] }) => tables),
  };
}

async function print(): Promise<void> {
  const on = machine();
  const { figures, tables } = await measure();
  if (values.json) {
    const judged = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
    process.stdout.write(
      `${JSON.stringify({ machine: on, seed: Number(values.seed), tables, figures: judged })}\n`,
    );
    return;
  }
  const all = figures.length > 0 ? [...tables, figuresTable(figures)] : tables;
  const { cores, memoryGiB, node } = on;
  const where = values.markdown
    ? `Measured on a virtual machine with ${cores} cores and ${memoryGiB} GiB, Node ${node.slice(1)}; × is a ratio, and smaller is better unless said.`
    : Object.values(on).join(', ');
  process.stdout.write(`${[where, ...all.map(toText)].join('\n\n')}\n`);
}

if (values.help) process.stdout.write(`${usage}\n`);
else if (values.list) process.stdout.write(`${registry.map(({ name }) => name).join('\n')}\n`);
else await print();
