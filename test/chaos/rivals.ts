import { setTimeout as sleep } from 'node:timers/promises';
import { audit } from './audit.js';
import { type Chance, createChance } from './chance.js';
import {
  type CyclePlan,
  type CycleReport,
  type Kill,
  objectionsOf,
  objectTo,
  settle,
  settleMs,
} from './cycle.js';
import { createLife, type End, type Life } from './life.js';
import type { Order } from './order.js';
import { planOrders } from './planned-orders.js';
import { auditQuota } from './quota.js';
import { createStory, type Story } from './story.js';
import { endTroubles, injectTroubles, noTroubles } from './troubles.js';
import { createUsers, turnedAwayCode, type Users } from './users.js';
import { createWitness } from './witness.js';
import { createWorld, type World } from './world.js';

/** How often the active process is killed or paused in a cycle. */
const blows = 4;
/** ms without a sign of life after which a process that is paused loses the file: shorter than usual, for time's sake. */
const leaseMs = 3_000;
/** ms within which a process must be active again, and after which a paused process should be replaced. */
const takeOverMs = 20_000;
/** ms in which orders are placed while the active process sleeps. */
const unansweredMs = 300;
/** Orders placed once all is calm. */
const keptForCalm = 4;

/**
 * One world in which two processes are started on one SQLite file, and started again whenever they end, as an operator
 * does by mistake. One is active, the other must exit with 78 and do nothing; the active one is killed, or paused for longer
 * than its lease time and then resumed, with the other active by then.
 */
export async function runRivalsCycle(plan: CyclePlan): Promise<CycleReport> {
  const begin = Date.now();
  const chance = createChance(plan.seed);
  const story = createStory();
  const world = await createWorld(plan.seed, story, { bucket: plan.bucket, pings: plan.sets });
  const witness = createWitness(world.discord);
  const orders: Order[] = [];
  const [complaints, kills, pauses]: [string[], Kill[], number[]] = [[], [], []];
  const users = createUsers(world, chance, story, orders);
  const rivals = ['A', 'B'].map((name) =>
    createRival({ world, name, chance, story, kills, complaints, onLife: users.follow }),
  );
  try {
    const ongoing = plan.trouble ? injectTroubles(world, chance, story) : noTroubles;
    const plannedOrders = await planOrders(world, chance, {
      mishaps: plan.trouble,
      name: `r${plan.number}`,
      several: plan.sets,
    });
    const late = plannedOrders.splice(-keptForCalm);
    const placing = users.send(plannedOrders);
    for (let blow = 0; blow < blows; blow += 1) {
      const holder = await untilOneWorks(rivals);
      await sleep(chance.between(200, 2_500));
      // Every other time, so that each cycle has both.
      if (blow % 2 === 0) pauses.push(...(await strikeByPause(holder, rivals, chance, users)));
      else holder.kill();
    }
    await Promise.all([placing, ongoing.passed]);
    endTroubles(world);
    await untilOneWorks(rivals);
    await users.send(late);
    await settle(world, orders, { story, witness });
    complaints.push(...(await auditQuota(world, orders)));
    const last = await untilOneWorks(rivals);
    for (const rival of rivals) if (rival !== last) await rival.stop();
    complaints.push(...objectTo(await last.stop()), ...objectionsOf(world));
    // A process that sleeps is as good as dead to the other one.
    const deaths = [...users.deaths, ...pauses];
    const verdicts = await audit(world, orders, { witness, troubles: ongoing.troubles, deaths });
    if (!verdicts.some(({ accepted }) => accepted)) complaints.push('not one order was accepted');
    for (const kill of ['turned away', 'lost its lease'] as const)
      if (!kills.includes(kill))
        complaints.push(`no process ${kill === 'turned away' ? `was ${kill}` : kill}`);
    return { verdicts, kills, complaints, story, ms: Date.now() - begin };
  } finally {
    await Promise.all(rivals.map((rival) => rival.stop()));
    await world.close();
  }
}

/** The active process; the latest, if another has not yet noticed that it was replaced. */
async function untilOneWorks(rivals: readonly Rival[]): Promise<Rival> {
  for (const end = Date.now() + settleMs; Date.now() < end; await sleep(20)) {
    const [first] = [...rivals].sort((one, other) => other.connectedAt() - one.connectedAt());
    if (first && first.connectedAt() > 0) return first;
  }
  throw new Error(`no process was at work for ${settleMs} ms`);
}

/**
 * Pauses the active process until the other one has taken over, and a little longer.
 * @returns when, ms since the epoch. A process paused while it held a lock of the file keeps the other one out.
 */
async function strikeByPause(
  holder: Rival,
  rivals: readonly Rival[],
  chance: Chance,
  users: Users,
): Promise<number[]> {
  const at = Date.now();
  const isReplaced = () => rivals.some((rival) => rival !== holder && rival.connectedAt() > at);
  if (!holder.pause()) return [];
  // Some order in vain; all of them would leave nothing to be lost later.
  await sleep(unansweredMs);
  users.rest();
  while (!isReplaced() && Date.now() < at + takeOverMs) await sleep(20);
  users.wake();
  await sleep(chance.between(0, 700));
  holder.resume();
  return [at];
}

type Rival = ReturnType<typeof createRival>;

interface RivalDeps {
  readonly world: World;
  readonly name: string;
  readonly chance: Chance;
  readonly story: Story;
  readonly kills: Kill[];
  readonly complaints: string[];
  readonly onLife: (life: Life) => void;
}

/** One of two slots in which the bot is restarted whenever it ends. */
function createRival({ world, name, chance, story, kills, complaints, onLife }: RivalDeps) {
  const env = { ...world.env, CHAOS_LEASE_MS: String(leaseMs), CHAOS_WIRE: '1' };
  let stopping = false;
  let life: Life;
  /** When its present life connected; 0 before that, and after its end. */
  let connectedAt = 0;
  let requests: string[];
  let [killed, paused] = [false, false];
  start();
  const supervising = supervise();

  function start(): void {
    requests = [];
    killed = false;
    paused = false;
    const begun = createLife({
      env,
      death: undefined,
      story,
      name: `bot ${name}`,
      onRequest: (what) => requests.push(what),
    });
    life = begun;
    void begun.ready.then(() => {
      if (begun.hasConnected()) connectedAt = Date.now();
    });
    void begun.ended.then(() => {
      connectedAt = 0;
    });
    onLife(begun);
  }

  function judge({ code, signal }: End, hasWorked: boolean): void {
    if (killed && signal === 'SIGKILL') kills.push('any instant');
    else if (code !== turnedAwayCode) complaints.push(`process ${name} ended by itself: ${signal ?? code}`);
    else if (!hasWorked) kills.push('turned away');
    else if (paused) kills.push('lost its lease');
    else complaints.push(`process ${name} gave up the file, and was never paused`);
    if (code === turnedAwayCode && !hasWorked && requests.length > 0)
      complaints.push(`process ${name} was turned away and had asked: ${requests.join(', ')}`);
  }

  async function supervise(): Promise<void> {
    for (;;) {
      const end = await life.ended;
      if (stopping) return;
      story.tell(`ENDED    process ${name}: ${end.signal ?? end.code}`);
      judge(end, life.hasConnected());
      await sleep(chance.between(100, 800));
      if (stopping) return;
      start();
    }
  }

  return {
    connectedAt: () => connectedAt,
    kill(): void {
      killed = true;
      connectedAt = 0;
      story.tell(`KILLED   process ${name}`);
      life.kill();
    },
    /** @returns false if it has ended meanwhile. */
    pause(): boolean {
      if (connectedAt === 0) return false;
      paused = true;
      story.tell(`PAUSED   process ${name}`);
      life.pause();
      return true;
    },
    resume(): void {
      story.tell(`RESUMED  process ${name}`);
      life.resume();
    },
    async stop(): Promise<End> {
      stopping = true;
      life.resume();
      const end = await life.stop();
      await supervising;
      return end;
    },
  };
}
