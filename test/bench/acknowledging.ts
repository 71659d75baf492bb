import { setTimeout as sleep } from 'node:timers/promises';
import type { Invocation } from '../../src/playground/discord/index.js';
import { fillLedger } from '../support/full-ledger.js';
import { startPatientMps } from '../support/patient-mps.js';
import { startBareBot } from './bot.js';
import { type Figure, percentile, type Report, times } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { type Rig, withRig } from './rig.js';

/** From a command to "Easel is thinking…", with as much under way as there ever is. Discord waits 3 s. */
export const acknowledging: readonly Measurement[] = [{ name: 'acknowledging', run }];

const commands = 500;
const inFlight = { images: 4_000, videos: 6_000 };

async function run(options: BenchOptions): Promise<Report> {
  const patient = await startPatientMps();
  const prepare = async (storeUrl: string) =>
    void (await fillLedger(storeUrl, { over: 0, ...inFlight, queued: 0 }, Date.now()));
  const env = { MPS_ENDPOINT: patient.url, MAX_IMAGE_TASKS: '1000', MAX_VIDEO_TASKS: '1000' };
  try {
    return { figures: await withRig({ ...options, prepare, env }, measure) };
  } finally {
    await patient.close();
  }
}

async function measure(rig: Rig): Promise<Figure[]> {
  // The questions about all that was found are in full swing.
  await sleep(5_000);
  const spread: Promise<readonly Invocation[]>[] = [];
  for (let n = 0; n < commands; n += 5) {
    spread.push(rig.order(5));
    await sleep(10);
  }
  const overSecond = await timesOf((await Promise.all(spread)).flat());
  // What they ordered is out of the way.
  await sleep(5_000);
  const atOnce = await timesOf(await rig.order(commands));
  await rig.bot.stop();
  const { apiUrl, token } = rig.discord;
  const bare = startBareBot({ DISCORD_API_URL: apiUrl, DISCORD_TOKEN: token });
  try {
    await rig.discord.ready({ timeoutMs: 60_000, commands: false });
    const alone = await timesOf(await rig.order(commands));
    const name = `${commands} commands, 10,000 tasks in flight`;
    return [
      ...times(`${name}: over a second, to acknowledged`, overSecond, 100),
      ...times(`${name}: at one instant, to acknowledged`, atOnce, 2 * (percentile(alone, 0.99) ?? 0)),
      {
        row: `${name}: at one instant, the last`,
        measured: Math.max(...atOnce),
        unit: 'ms',
        target: { atMost: 1_000 },
      },
      {
        row: `${name}: acknowledged`,
        measured: overSecond.length + atOnce.length,
        unit: '',
        target: { atLeast: 2 * commands },
      },
      ...times(`${commands} commands at one instant, bare @discordjs/rest`, alone),
    ];
  } finally {
    await bare.stop();
  }
}

async function timesOf(invocations: readonly Invocation[]): Promise<number[]> {
  const settled = await Promise.allSettled(invocations.map(({ acknowledged }) => acknowledged));
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value.afterMs] : []));
}
