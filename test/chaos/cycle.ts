import { setTimeout as sleep } from 'node:timers/promises';
import { ClientRefusal } from '../../src/playground/discord/index.js';
import { isOver } from '../../src/tasks/transition.js';
import {
  audit,
  createWitness,
  isAccepted,
  outcomesOf,
  readTasks,
  type Tasks,
  type Verdict,
} from './audit.js';
import { type Chance, createChance } from './chance.js';
import { createLife, type Death, type End, type Life } from './life.js';
import type { Order } from './order.js';
import { collect, planErrands, run } from './people.js';
import type { Step } from './steps.js';
import { createStory, type Story } from './story.js';
import { clear, forecast } from './weather.js';
import { createWorld, type World } from './world.js';

export interface CyclePlan {
  readonly number: number;
  readonly seed: number;
  /** Whether the services misbehave, and the ways back to people close. */
  readonly trouble: boolean;
  /** How the lives before the last one end. */
  readonly deaths: readonly Death[];
}

export interface CycleReport {
  readonly verdicts: readonly Verdict[];
  /** What ended the lives: a step, the clock (also where a step was not come by), or a request to stop. */
  readonly kills: readonly (Step | 'any instant' | 'SIGTERM' | 'Redis')[];
  /** Complaints that concern no single task. */
  readonly complaints: readonly string[];
  readonly story: Story;
  readonly ms: number;
}

/** ms that a life may wait for its deadly step once all orders are placed. */
const patienceMs = 2_500;
/** ms after the last start within which every accepted task must have its outcome. */
export const settleMs = 30_000;

/** ms between two times that people ask for what is kept. */
const collectMs = 2_000;

/** ms within which a message reaches the bot, if it does. */
const heardMs = 3_000;

/** One world: orders, deaths, troubles, a last life in which all must come right, and the audit. */
export async function runCycle(plan: CyclePlan): Promise<CycleReport> {
  const begin = Date.now();
  const chance = createChance(plan.seed);
  const story = createStory();
  const world = await createWorld(plan.seed, story);
  const witness = createWitness(world.discord);
  const orders: Order[] = [];
  const complaints: string[] = [];
  const kills: CycleReport['kills'][number][] = [];
  const crowd = createCrowd(world, chance, story, orders);
  try {
    const weather = plan.trouble ? letItRain(world, chance, story) : [];
    const errands = await planErrands(world, chance, { mishaps: plan.trouble, name: `c${plan.number}` });
    // Some orders for each life, so that none dies with nothing to do.
    const share = Math.ceil(errands.length / (plan.deaths.length + 1));
    const place = () => crowd.send(errands.splice(0, share));
    let placing = Promise.resolve();
    for (const death of plan.deaths) {
      const life = createLife({ env: world.env, death, story });
      crowd.follow(life);
      placing = Promise.all([placing, place()]).then(() => {});
      kills.push(await dieBy(death, life, placing, story));
      const end = await life.ended;
      const asPlanned = kills.at(-1) === 'SIGTERM' ? end.code === 0 : end.signal === 'SIGKILL';
      if (!asPlanned) complaints.push(`a life did not end by ${kills.at(-1)}: ${JSON.stringify(end)}`);
      await sleep(chance.between(0, 300));
    }
    const last = createLife({ env: world.env, death: undefined, story });
    crowd.follow(last);
    await Promise.all([placing, place()]);
    await Promise.all(weather);
    clear(world);
    await last.ready;
    await settle(world, orders, story);
    complaints.push(...objectTo(await last.stop()), ...objectionsOf(world));
    const verdicts = await audit(world, orders, { witness });
    if (!verdicts.some(({ accepted }) => accepted)) complaints.push('not one order was accepted');
    return { verdicts, kills, complaints, story, ms: Date.now() - begin };
  } finally {
    await world.close();
  }
}

/** Lets one life come to its end; says what ended it. */
async function dieBy(
  death: Death,
  life: Life,
  placing: Promise<void>,
  story: Story,
): Promise<CycleReport['kills'][number]> {
  if ('step' in death) {
    const late = placing.then(() => sleep(patienceMs));
    const end = await Promise.race([life.ended, late]);
    story.tell(end ? `KILLED   ${death.step} (${death.nth})` : `KILLED   in place of ${death.step}`);
    if (end) return death.step;
  } else {
    await life.ready;
    await sleep(death.afterMs);
    story.tell(death.asked ? 'STOPPED  by SIGTERM' : 'KILLED   at any instant');
    if (death.asked) {
      await life.stop();
      return 'SIGTERM';
    }
  }
  life.kill();
  return 'any instant';
}

/** People who place their orders one after the other, each when there is a bot to take them. */
export function createCrowd(world: World, chance: Chance, story: Story, orders: Order[]) {
  let alive = false;
  return {
    follow(life: Life) {
      void life.ready.then(() => {
        alive = true;
      });
      void life.ended.then(() => {
        alive = false;
      });
    },
    async send(errands: Awaited<ReturnType<typeof planErrands>>): Promise<void> {
      for (const errand of errands) {
        while (!alive || !isServed(world)) await sleep(10);
        // A client that finds nothing to press has nothing to send.
        orders.push(...(await run(errand, world, chance, story, orders).catch(unlessRefused)));
        await sleep(chance.between(0, 250));
      }
    },
  };
}

export function letItRain(world: World, chance: Chance, story: Story): Promise<void>[] {
  return forecast(chance).map(async ({ trouble, afterMs }) => {
    await sleep(afterMs);
    story.tell(`trouble  ${trouble.name}`);
    trouble.begin(world);
  });
}

/** Waits until everybody who waits for an answer has one; who still has none after a while asks for what is kept. */
export async function settle(
  world: World,
  orders: readonly Order[],
  story: Story,
  withinMs = settleMs,
): Promise<void> {
  const end = Date.now() + withinMs;
  const unheard = () => orders.some((order) => !isHeard(world, order));
  for (let askedAt = Date.now(); Date.now() < end; ) {
    const tasks = await readTasks(world);
    // What is kept is open too, even where its first post arrived unseen.
    const waiting = orders.filter((order) => isWaiting(world, order, tasks));
    if (waiting.length === 0 && !unheard()) break;
    await sleep(100);
    // By the clock: on a busy machine one look at the ledger takes as long as that.
    if (Date.now() < askedAt + collectMs) continue;
    askedAt = Date.now();
    for (const person of new Set(waiting.map((order) => order.person))) {
      story.tell(`person   ${person} asks for what is kept`);
      await collect(world, person).catch((error: unknown) => story.tell(`person   got nothing: ${error}`));
    }
  }
  // Time for what must not come: a second answer.
  await sleep(300);
}

/** Whether there are commands, and a gateway that tells of them. */
function isServed({ discord }: World): boolean {
  return discord.gateway.isReady() && discord.commands().length > 0;
}

/** Whether somebody still waits for an outcome. */
function isWaiting(world: World, order: Order, tasks: Tasks): boolean {
  const task = tasks.get(`${order.id}:${order.part}`);
  if (task && !isOver(task.state)) return true;
  return order.part === 1 && isAccepted(world, order, tasks) && outcomesOf(world, order).length === 0;
}

/** Whether a command was answered, or has failed in front of the person; of a message nobody can tell, but by waiting. */
function isHeard({ discord }: World, { id, byMessage, at }: Order): boolean {
  if (byMessage) return Date.now() > at + heardMs;
  const seen = discord.interaction(id);
  return seen !== undefined && (seen.acknowledged !== undefined || seen.failed);
}

function unlessRefused(error: unknown): [] {
  if (error instanceof ClientRefusal) return [];
  throw error;
}

export function objectTo({ code, signal }: End): string[] {
  return code === 0 ? [] : [`the last life was told to stop and ended with ${signal ?? code}`];
}

export function objectionsOf({ discord, mps }: World): string[] {
  return [
    ...discord.problems.map(
      ({ path, message, errors }) => `Discord: ${path} ${message} ${JSON.stringify(errors)}`,
    ),
    ...(mps.rejected > 0 ? [`MPS: ${mps.rejected} requests over its limits`] : []),
  ];
}
