/**
 * Kills the bot again and again, and counts what users and MPS saw of it:
 * `npm run chaos -- [--cycles 20] [--seed N] [--faults | --no-faults] [--cycle K] [--step "sent Create"] [--jobs 2]
 * [--processes 3 --store redis] [--rivals] [--review] [--sets] [--cos]`; `--help` explains each.
 */
import { parseArgs } from 'node:util';
import PQueue from 'p-queue';
import { createChance } from './chance.js';
import { type CyclePlan, type CycleReport, runCycle } from './cycle.js';
import { runFleetCycle } from './fleet.js';
import type { Death } from './life.js';
import { runReviewCycle } from './reviews.js';
import { runRivalsCycle } from './rivals.js';
import { isOfBucket, isOfReview, isStep, type Step, steps } from './steps.js';
import { defectsOf, drawDefects, drawTable } from './table.js';

const { values: flags } = parseArgs({
  options: {
    cycles: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    faults: { type: 'boolean', default: true },
    cycle: { type: 'string' },
    step: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    processes: { type: 'string', default: '1' },
    store: { type: 'string', default: 'sqlite' },
    cos: { type: 'boolean', default: false },
    rivals: { type: 'boolean', default: false },
    review: { type: 'boolean', default: false },
    sets: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowNegative: true,
});
const help = `Usage: npm run chaos -- [options]
  --cycles N      worlds to play, 20 unless given
  --seed N        plays the same again: what is ordered, what goes wrong, when processes die
  --cycle K       only this cycle of the seed
  --jobs N        cycles at a time, 2 unless given
  --no-faults     Discord, MPS and the bucket behave; processes still die
  --step NAME     every process dies at this step, "sent Create" for one
  --processes N   so many processes share their work; needs --store redis
  --store redis   a Redis of its own, which dies too
  --rivals        two processes on one SQLite file: one must end with 78 and touch nothing, the one at work is
                  killed, or paused beyond its lease, and exactly one writes
  --review        a server whose moderators see every result first: nothing that they did not approve may be seen
  --sets          mostly sets are ordered, and pinged for
  --cos           results go to a bucket, and nothing that MPS made may be lost
Ends with 0 if nothing was wrong, else 1; with 64 if it was called wrongly.
`;
if (flags.help) {
  process.stdout.write(help);
  process.exit(0);
}
const seed = Number(flags.seed);
const pinned = flags.step;
if (pinned !== undefined && !isStep(pinned)) {
  process.stderr.write(`There is no step ${pinned}; there are: ${steps.join(', ')}.\n`);
  process.exit(64);
}

/** Steps for all cycles in turn, so that each is reached as often as any other. */
const round = createChance(seed).shuffled(pinned ? [pinned] : stepsOf());
const deathsPerCycle = 2;

/** With a bucket half of the deaths are around the Create, where an answer can be lost. */
function stepsOf(): readonly Step[] {
  if (flags.review) return steps.filter((step) => !isOfBucket(step));
  if (!flags.cos) return steps.filter((step) => !isOfBucket(step) && !isOfReview(step));
  const around = steps.filter((step) => isOfBucket(step) || /Create|submitting/.test(step));
  const others = steps.filter((step) => !around.includes(step) && !isOfReview(step));
  const times = Math.ceil(others.length / around.length);
  return [...others, ...Array.from({ length: times }, () => around).flat()];
}

/** The plan of one cycle hangs on the seed and its number alone: `--cycle K` runs it again. */
function planCycle(number: number): CyclePlan {
  const chance = createChance(seed * 7919 + number);
  const deaths = Array.from({ length: deathsPerCycle }, (_, at) => planDeath(number * deathsPerCycle + at));

  function planDeath(at: number): Death {
    const step: Step | undefined = round[at % round.length];
    if (!step || (!pinned && chance.is(0.25)))
      return { afterMs: chance.between(0, 2_500), asked: chance.is(0.4) };
    return { step, nth: chance.oneOf([1, 1, 1, 2, 3]) };
  }

  return {
    number,
    seed: seed * 7919 + number,
    trouble: flags.faults,
    bucket: flags.cos,
    sets: flags.sets,
    deaths,
  };
}

const processes = Number(flags.processes);
const together = flags.store === 'redis';
if (processes > 1 && !together) {
  process.stderr.write('Several processes share their work through Redis: add --store redis.\n');
  process.exit(64);
}
if (flags.rivals && (processes > 1 || together || pinned)) {
  process.stderr.write(
    'Rivals are two processes on one SQLite file: leave out --processes, --store and --step.\n',
  );
  process.exit(64);
}

function play(plan: CyclePlan): Promise<CycleReport> {
  if (flags.rivals) return runRivalsCycle(plan);
  if (flags.review) return runReviewCycle(plan);
  return together ? runFleetCycle({ ...plan, processes }) : runCycle(plan);
}

const numbers = flags.cycle ? [Number(flags.cycle)] : [...Array(Number(flags.cycles)).keys()];
const reports: CycleReport[] = [];
const queue = new PQueue({ concurrency: Number(flags.jobs) });
await queue.addAll(
  numbers.map((number) => async () => {
    const report = await play(planCycle(number));
    reports.push(report);
    if (defectsOf(report) === 0) return;
    process.stdout.write(`\ncycle ${number} of seed ${seed}\n${drawDefects(report)}\n`);
  }),
);
const defects = reports.reduce((sum, report) => sum + defectsOf(report), 0);
process.stdout.write(
  `\nchaos, seed ${seed}${flags.faults ? '' : ', without faults'}${flags.cos ? ', with a bucket' : ''}\n${drawTable(reports)}`,
);
process.stdout.write(defects === 0 ? '\nNothing was wrong.\n' : `\n${defects} defects; seed ${seed}.\n`);
process.exitCode = defects === 0 ? 0 : 1;
