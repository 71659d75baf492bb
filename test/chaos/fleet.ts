import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, startRedis } from '../support/redis.js';
import { audit, createWitness } from './audit.js';
import { type Chance, createChance } from './chance.js';
import {
  type CyclePlan,
  type CycleReport,
  createCrowd,
  letItRain,
  objectionsOf,
  objectTo,
  settle,
  settleMs,
} from './cycle.js';
import { createLife, type Death, type End, type Life } from './life.js';
import type { Order } from './order.js';
import { planErrands } from './people.js';
import { createStory, type Story } from './story.js';
import { clear } from './weather.js';
import { createWorld, type World } from './world.js';

export interface FleetPlan extends CyclePlan {
  /** Each holds one shard of as many. */
  readonly processes: number;
}

type Kill = CycleReport['kills'][number];

/** How often processes and Redis are struck in a cycle. */
const blows = 5;
/** A process that has lost its shards to another ends so, to be started again (sysexits.h: EX_TEMPFAIL). */
const lostItsShards = 75;

/**
 * One world in which several processes share their work through a real Redis; processes and Redis die at any instant,
 * processes also at steps, and are started again, until a calm in which all must come right.
 */
export async function runFleetCycle(plan: FleetPlan): Promise<CycleReport> {
  const begin = Date.now();
  const chance = createChance(plan.seed);
  const story = createStory();
  const redis = await startRedis();
  const world = await createWorld(plan.seed, story, redis.url());
  const witness = createWitness(world.discord);
  const orders: Order[] = [];
  const complaints: string[] = [];
  const kills: Kill[] = [];
  const crowd = createCrowd(world, chance, story, orders);
  const members = Array.from({ length: plan.processes }, (_, id) =>
    createMember({ world, id, plan, chance, story, kills, complaints, onLife: crowd.follow }),
  );
  try {
    const weather = plan.trouble ? letItRain(world, chance, story) : [];
    const errands = await planErrands(world, chance, { mishaps: plan.trouble, name: `f${plan.number}` });
    const placing = crowd.send(errands);
    for (let blow = 0; blow < blows; blow++) {
      await sleep(chance.between(200, 1_500));
      if (chance.is(0.3)) await strikeRedis(redis, chance, story, kills);
      else await chance.oneOf(members).strike();
    }
    for (const member of members) member.spare();
    await Promise.all([placing, ...weather]);
    clear(world);
    await Promise.all(members.map((member) => member.ready()));
    await settle(world, orders, story, 2 * settleMs);
    const ends = await Promise.all(members.map((member) => member.stop()));
    complaints.push(...ends.flatMap(objectTo), ...objectionsOf(world));
    const verdicts = await audit(world, orders, { witness });
    if (!verdicts.some(({ accepted }) => accepted)) complaints.push('not one order was accepted');
    return { verdicts, kills, complaints, story, ms: Date.now() - begin };
  } finally {
    await Promise.all(members.map((member) => member.stop()));
    await world.close();
    await redis.close();
  }
}

async function strikeRedis(redis: RedisServer, chance: Chance, story: Story, kills: Kill[]): Promise<void> {
  kills.push('Redis');
  story.tell('KILLED   Redis');
  await redis.kill();
  await sleep(chance.between(50, 1_500));
  await redis.start();
  story.tell('redis    is back');
}

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
  let life = start(deaths.shift());
  let supervising = supervise();

  function start(death: Death | undefined): Life {
    const begun = createLife({ env, death, story });
    onLife(begun);
    return begun;
  }

  function judge(end: End): void {
    if (end.signal === 'SIGKILL') kills.push('any instant');
    // Asked before it was there to hear it, it ends as any program does.
    else if (asked && (end.code === 0 || end.signal === 'SIGTERM')) kills.push('SIGTERM');
    else if (end.code !== lostItsShards)
      complaints.push(`process ${id} ended by itself: ${JSON.stringify(end)}`);
    asked = false;
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
    /** Kills it, or asks it to stop, at this instant. */
    async strike(): Promise<void> {
      asked = chance.is(0.25);
      story.tell(`${asked ? 'STOPPED ' : 'KILLED  '} process ${id}`);
      if (asked) await life.stop();
      else life.kill();
    },
    /** From now on it may live; one that has a deadly step before it is started anew. */
    spare(): void {
      deaths.length = 0;
      life.kill();
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
