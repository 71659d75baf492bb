import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, startRedis } from '../support/redis.js';
import { audit } from './audit.js';
import { type Chance, createChance } from './chance.js';
import { type CyclePlan, type CycleReport, type Kill, objectionsOf, objectTo, settle } from './cycle.js';
import { createLife, type Death, type End, type Life } from './life.js';
import type { Order } from './order.js';
import { planOrders } from './planned-orders.js';
import { auditQuota } from './quota.js';
import type { Step } from './steps.js';
import { createStory, type Story } from './story.js';
import { endTroubles, injectTroubles, noTroubles } from './troubles.js';
import { createUsers } from './users.js';
import { createWitness } from './witness.js';
import { createWorld, type World } from './world.js';

export interface FleetPlan extends CyclePlan {
  /** Each holds one shard of as many. */
  readonly processes: number;
}

/** How often processes and Redis are struck in a cycle. */
const blows = 5;
/** Orders placed once all is calm: those before may all have met a Redis that was unavailable, and been refused as they should. */
const keptForCalm = 4;
/** ms that a process may wait for its deadly step once all orders are placed, or three times that. */
const patienceMs = 2_500;
/** A process that has lost its shards to another ends so, to be started again (sysexits.h: EX_TEMPFAIL). */
const lostItsShards = 75;

/**
 * One world in which several processes share their work through a real Redis; processes and Redis die at any instant,
 * processes also at steps, and are started again, until a calm in which everything must succeed.
 */
export async function runFleetCycle(plan: FleetPlan): Promise<CycleReport> {
  const begin = Date.now();
  const chance = createChance(plan.seed);
  const story = createStory();
  const redis = await startRedis();
  const world = await createWorld(plan.seed, story, {
    redis: redis.url(),
    bucket: plan.bucket,
    pings: plan.sets,
  });
  const witness = createWitness(world.discord);
  const orders: Order[] = [];
  const complaints: string[] = [];
  const kills: Kill[] = [];
  const users = createUsers(world, chance, story, orders);
  const members = Array.from({ length: plan.processes }, (_, id) =>
    createMember({ world, id, plan, chance, story, kills, complaints, onLife: users.follow }),
  );
  try {
    const ongoing = plan.trouble ? injectTroubles(world, chance, story) : noTroubles;
    const plannedOrders = await planOrders(world, chance, {
      mishaps: plan.trouble,
      name: `f${plan.number}`,
      several: plan.sets,
    });
    const late = plannedOrders.splice(-keptForCalm);
    const placing = users.send(plannedOrders);
    for (let blow = 0; blow < blows; blow++) {
      await sleep(chance.between(200, 1_500));
      if (chance.is(0.3)) await strikeRedis(redis, chance, story, kills);
      else await strikeOne(members, chance);
    }
    // A process that is to end at a step may still reach it.
    await Promise.race([placing.then(() => sleep(patienceMs)), sleep(3 * patienceMs)]);
    for (const member of members) member.spare();
    await Promise.all([placing, ongoing.passed]);
    endTroubles(world);
    await Promise.all(members.map((member) => member.ready()));
    await users.send(late);
    await settle(world, orders, { story, witness });
    complaints.push(...(await auditQuota(world, orders)));
    const ends = await Promise.all(members.map((member) => member.stop()));
    complaints.push(...ends.flatMap(objectTo), ...objectionsOf(world));
    const { troubles } = ongoing;
    const verdicts = await audit(world, orders, { witness, troubles, deaths: users.deaths });
    if (!verdicts.some(({ accepted }) => accepted)) complaints.push('not one order was accepted');
    return { verdicts, kills, complaints, story, ms: Date.now() - begin };
  } finally {
    await Promise.all(members.map((member) => member.stop()));
    await world.close();
    await redis.close();
  }
}

/** Mostly another process than the one that is to end at a step, or hardly any would reach it. */
async function strikeOne(members: readonly Member[], chance: Chance): Promise<void> {
  const choice = chance.is(0.8) ? members.filter((member) => !member.isDoomed()) : members;
  if (choice.length > 0) await chance.oneOf(choice).strike();
}

async function strikeRedis(redis: RedisServer, chance: Chance, story: Story, kills: Kill[]): Promise<void> {
  kills.push('Redis');
  story.tell('KILLED   Redis');
  await redis.kill();
  await sleep(chance.between(50, 1_500));
  await redis.start();
  story.tell('redis    is back');
}

type Member = ReturnType<typeof createMember>;

interface MemberDeps {
  readonly world: World;
  readonly id: number;
  readonly plan: FleetPlan;
  readonly chance: Chance;
  readonly story: Story;
  readonly kills: Kill[];
  readonly complaints: string[];
  readonly onLife: (life: Life) => void;
}

/** A process that is started again whenever it ends, as an operator's supervisor does. */
function createMember({ world, id, plan, chance, story, kills, complaints, onLife }: MemberDeps) {
  const env = { ...world.env, SHARD_IDS: String(id), SHARD_COUNT: String(plan.processes) };
  /** Steps at which its next lives end. */
  const deaths = plan.deaths.filter((death) => 'step' in death && chance.is(0.7));
  let stopping = false;
  let asked = false;
  /** Killed from outside, and not by the step at which it was to end. */
  let struck = false;
  let step: Step | undefined;
  let life = start(deaths.shift());
  let supervising = supervise();

  function start(death: Death | undefined): Life {
    step = death && 'step' in death ? death.step : undefined;
    const begun = createLife({ env, death, story });
    onLife(begun);
    return begun;
  }

  function judge(end: End): void {
    if (end.signal === 'SIGKILL') kills.push(step === undefined ? 'any instant' : struck ? 'missed' : step);
    // Signalled before it listens, it ends as any program does.
    else if (asked && (end.code === 0 || end.signal === 'SIGTERM')) kills.push('SIGTERM');
    else if (end.code !== lostItsShards)
      complaints.push(`process ${id} ended by itself: ${JSON.stringify(end)}`);
    asked = false;
    struck = false;
  }

  function kill(): void {
    struck = true;
    life.kill();
  }

  async function supervise(): Promise<void> {
    for (;;) {
      const end = await life.ended;
      if (stopping) return;
      judge(end);
      await sleep(chance.between(0, 400));
      if (stopping) return;
      life = start(deaths.shift());
    }
  }

  return {
    /** Its present life is to end at a step. */
    isDoomed: () => step !== undefined,
    /** Kills it, or asks it to stop, at this instant. */
    async strike(): Promise<void> {
      asked = chance.is(0.25);
      story.tell(`${asked ? 'STOPPED ' : 'KILLED  '} process ${id}`);
      if (asked) await life.stop();
      else kill();
    },
    /** From now on it may live; one that has a deadly step before it is started over. */
    spare(): void {
      deaths.length = 0;
      kill();
    },
    async ready(): Promise<void> {
      for (let waited: Life | undefined; waited !== life; ) {
        waited = life;
        await life.ready;
        await sleep(500);
      }
    },
    async stop(): Promise<End> {
      stopping = true;
      const end = await life.stop();
      await supervising;
      supervising = Promise.resolve();
      return end;
    },
  };
}
