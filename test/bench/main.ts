import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { acknowledgements, type BurstOptions, burst, quiet } from './bursts.js';
import { fitGrid, largeClips } from './delivery.js';
import { type Figure, isMet, toTable } from './figures.js';
import { scale } from './scale.js';

const usage = `Measures Easel against stand-ins for Discord and MPS on this machine. It says numbers and asserts nothing.

  npm run bench -- [--quick] [--json] [--seed N] [--only TEXT] [--profile DIR]

  --quick        less of everything, in about a minute
  --json         one object, for machines
  --seed N       the same prompts, durations and pictures each time (1)
  --only TEXT    measurements whose name contains it
  --profile DIR  CPU profiles of Easel's process (open them in Chrome or VS Code)`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

type Measurement = (options: BurstOptions) => Promise<Figure[]>;

const measurements: Readonly<Record<string, Measurement>> = values.quick
  ? {
      'burst 100 rtt 0': (options) => burst(100, 0, options),
      'acknowledge 200': (options) => acknowledgements(200, options),
      'scale 10000': (options) => scale(10_000, options),
      'clips 5': (options) => largeClips(5, options),
      'fit grid': () => fitGrid({ quick: true }),
    }
  : {
      'burst 200 rtt 0': (options) => burst(200, 0, options),
      'burst 200 rtt 100': (options) => burst(200, 100, options),
      'burst 200 rtt 300': (options) => burst(200, 300, options),
      'acknowledge 200': (options) => acknowledgements(200, options),
      'acknowledge 500': (options) => acknowledgements(500, options),
      quiet: (options) => quiet(20, options),
      'scale 10000': (options) => scale(10_000, options),
      'clips 20': (options) => largeClips(20, options),
      'fit grid': () => fitGrid({ quick: false }),
    };

/** What the numbers were measured on. */
function machine() {
  const [cpu, ...others] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: others.length + 1,
    memoryGiB: memory,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

async function measure(): Promise<Figure[]> {
  const options = { seed: Number(values.seed), profiles: values.profile };
  const figures: Figure[] = [];
  for (const [name, measurement] of Object.entries(measurements)) {
    if (!name.includes(values.only)) continue;
    process.stderr.write(`${name} …\n`);
    figures.push(...(await measurement(options)));
  }
  return figures;
}

if (values.help) process.stdout.write(`${usage}\n`);
else {
  const on = machine();
  const figures = await measure();
  const report = values.json
    ? JSON.stringify({
        machine: on,
        seed: Number(values.seed),
        figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })),
      })
    : `${Object.values(on).join(', ')}\n${toTable(figures)}`;
  process.stdout.write(`${report}\n`);
}
