import { setTimeout as sleep } from 'node:timers/promises';
import type { Invocation } from '@easel/discord-stand-in';
import type { MpsStandIn } from '@easel/mps-stand-in';
import { type Figure, times } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { type Rig, withRig } from './rig.js';

/** Pictures ordered at once, and one by one. */
export const bursts: readonly Measurement[] = [
  ...[0, 100, 300].map((rttMs): Measurement => {
    const run: Measurement['run'] = async (options) => ({
      figures: await burst(options.quick ? 100 : 400, rttMs, options),
    });
    return { name: `burst rtt ${rttMs}`, quick: rttMs === 100, run };
  }),
  { name: 'one by one', run: async (options) => ({ figures: await quiet(20, options) }) },
];

/** Creates of pictures that MPS grants an account in any second (Tencent Cloud docs, "AIGC"). */
const granted = 20;
const arrivalMs = 400_000;
/** Seconds that pictures take at MPS, which runs as much faster than in reality as the Creates need. */
const pictures = [60, 100] as const;

/** Everyone orders at once, Easel being `rttMs` away from MPS: how fast Creates go out, and how soon results come in. */
export function burst(count: number, rttMs: number, options: BenchOptions): Promise<Figure[]> {
  const env = { MAX_IMAGE_TASKS: String(count) };
  const name = `${count} at once, RTT ${rttMs} ms`;
  // As in reality, the Creates are over before the first picture is done: drawing it uses the same cores.
  const creating = (count / granted + 2) * (1 + rttMs / 1000);
  return withRig({ ...options, env, pictures, speed: pictures[0] / creating }, async (rig) => {
    if (rttMs > 0) rig.mps.faults.add({ kind: 'delay', ms: rttMs });
    const orders = await rig.order(count);
    const posted = new Map((await Promise.all(orders.map((order) => arrivalOf(rig, order)))).flat());
    return [
      {
        ...createsOf(name, rig.mps),
        target: { atLeast: 98 / (1 + rttMs / 1000) },
        // A slot opens a second after its response.
        bound: 100 / (1 + rttMs / 1000),
      },
      { row: `${name}: arrived`, measured: posted.size, unit: '', target: { atLeast: count }, bound: count },
      {
        row: `${name}: rejected by MPS`,
        measured: rig.mps.rejected,
        unit: '',
        target: { atMost: 0 },
        bound: 0,
      },
      { row: `${name}: refused by Discord`, measured: refusals(rig), unit: '', target: { atMost: 0 } },
      ...delays(name, rig, posted),
    ];
  });
}

/** Results that arrive one by one, with an operator's default settings. */
export function quiet(count: number, options: BenchOptions): Promise<Figure[]> {
  return withRig({ ...options, env: { MAX_IMAGE_TASKS: String(count) } }, async (rig) => {
    const arrivals: Promise<[string, number][]>[] = [];
    for (let n = 0; n < count; n++) {
      for (const order of await rig.order(1)) arrivals.push(arrivalOf(rig, order));
      await sleep(500);
    }
    return delays(`${count} one by one`, rig, new Map((await Promise.all(arrivals)).flat()));
  });
}

/** The rate from the first create to the last: the first 20 may go at once, so they are not counted. */
export function createsOf(name: string, { records }: Pick<MpsStandIn, 'records'>): Figure {
  const at = records.filter(({ action }) => action === 'CreateAigcImageTask').map((record) => record.at);
  const seconds = (Math.max(...at) - Math.min(...at)) / 1000;
  return {
    row: `${name}: creates, of ${granted}/s`,
    measured: ((at.length - granted) / (seconds * granted)) * 100,
    unit: '%',
  };
}

/** When (ms since the epoch) an answer got its file, by prompt; missing if it never did. */
export async function arrivalOf(
  { discord }: Pick<Rig, 'discord'>,
  order: Invocation,
): Promise<[string, number][]> {
  const arrived = order.until(({ attachments }) => attachments.length > 0, { timeoutMs: arrivalMs });
  return arrived.then(
    ({ attachments }) => [[attachments[0]?.description ?? '', discord.clock.now()]],
    () => [],
  );
}

/** From the moment MPS had a result to the answer about it, and to the post; the first is up to POLL_INTERVAL_MS. */
export function delays(name: string, { mps }: Rig, posted: ReadonlyMap<string, number>): Figure[] {
  const told: number[] = [];
  const handed: number[] = [];
  const all: number[] = [];
  for (const { params, finishesAt, reportedAt } of mps.tasks) {
    const at = posted.get(params.Prompt ?? '');
    if (at === undefined || reportedAt === undefined) continue;
    told.push(reportedAt - finishesAt);
    handed.push(at - reportedAt);
    all.push(at - finishesAt);
  }
  return [
    ...times(`${name}: finished at MPS to posted`, all),
    ...times(`${name}:   of that, until asked`, told),
    ...times(`${name}:   of that, fetch and post`, handed),
  ];
}

function refusals({ discord }: Rig): number {
  return discord.requests.filter(({ status }) => status >= 400).length;
}
