import { setTimeout as sleep } from 'node:timers/promises';
import { isOver } from '../../src/tasks/model/state-machine.js';
import { audit, isAccepted, readTasks, type Verdict } from './audit.js';
import { type Chance, createChance } from './chance.js';
import type { Tasks } from './facts.js';
import { createLife, type Death, type End, type Life } from './life.js';
import type { Order } from './order.js';
import type { PlannedOrder } from './planned-order.js';
import { collect, planOrders } from './planned-orders.js';
import { auditQuota } from './quota.js';
import type { Step } from './steps.js';
import { createStory, type Story } from './story.js';
import { endTroubles, injectTroubles, noTroubles } from './troubles.js';
import { createUsers } from './users.js';
import { createWitness, isEndOfAll, outcomesOf, unexplained, type Witness } from './witness.js';
import { createWorld, type World } from './world.js';

export interface CyclePlan {
  readonly number: number;
  readonly seed: number;
  /** Whether the services misbehave, and the ways back to users close. */
  readonly trouble: boolean;
  /** Results go to the operator's bucket. */
  readonly bucket?: boolean;
  /** Mostly sets are ordered, and their users pinged once they are there. */
  readonly sets?: boolean;
  /** How the lives before the last one end. */
  readonly deaths: readonly Death[];
  /** The users who order what, instead of the default ones. */
  readonly plannedOrders?: (world: World, chance: Chance) => Promise<PlannedOrder[]>;
  /** The program that is the bot. */
  readonly bot?: string;
  /** ms that a life may wait for its deadly step once all orders are placed; `patienceMs` unless given. */
  readonly patienceMs?: number;
  /** ms after the last start within which every accepted task must have its outcome; `settleMs` unless given. */
  readonly settleMs?: number;
}

/**
 * The end of a life: a step; the clock, also instead of a missed step; a request to stop; Redis’s own end; or
 * another process on the same file, at the start or after a pause.
 */
export type Kill = Step | 'any instant' | 'missed' | 'SIGTERM' | 'Redis' | 'turned away' | 'lost its lease';

export interface CycleReport {
  readonly verdicts: readonly Verdict[];
  readonly kills: readonly Kill[];
  /** Complaints that concern no single task. */
  readonly complaints: readonly string[];
  readonly story: Story;
  readonly ms: number;
}

/** Requests of a cycle that Discord would call invalid (401, 403, 429): it bans for 10,000 in ten minutes. */
const mostInvalid = 100;
const patienceMs = 2_500;
/** ms after the last start within which every accepted task must have its outcome; a busy machine needs some of it. */
export const settleMs = 120_000;

/** ms between two collections of kept results. */
const collectMs = 2_000;

/** ms within which a message reaches the bot, if it does. */
const heardMs = 3_000;

/** One world: orders, deaths, faults, a last life in which everything must succeed, and the audit. */
export async function runCycle(plan: CyclePlan): Promise<CycleReport> {
  const begin = Date.now();
  const chance = createChance(plan.seed);
  const story = createStory();
  const world = await createWorld(plan.seed, story, { bucket: plan.bucket, pings: plan.sets });
  const witness = createWitness(world.discord);
  const orders: Order[] = [];
  const complaints: string[] = [];
  const kills: Kill[] = [];
  const users = createUsers(world, chance, story, orders);
  try {
    const ongoing = plan.trouble ? injectTroubles(world, chance, story) : noTroubles;
    const usual = () =>
      planOrders(world, chance, { mishaps: plan.trouble, name: `c${plan.number}`, several: plan.sets });
    const plannedOrders = await (plan.plannedOrders ? plan.plannedOrders(world, chance) : usual());
    // Some orders for each life, so that none dies with nothing to do.
    const share = Math.ceil(plannedOrders.length / (plan.deaths.length + 1));
    const place = () => users.send(plannedOrders.splice(0, share));
    let placing = Promise.resolve();
    for (const death of plan.deaths) {
      const life = createLife({ env: world.env, death, story, bot: plan.bot });
      users.follow(life);
      placing = Promise.all([placing, place()]).then(() => {});
      kills.push(await dieBy(death, { life, placing, story, patience: plan.patienceMs ?? patienceMs }));
      const end = await life.ended;
      const asPlanned = kills.at(-1) === 'SIGTERM' ? end.code === 0 : end.signal === 'SIGKILL';
      if (!asPlanned) complaints.push(`a life did not end by ${kills.at(-1)}: ${JSON.stringify(end)}`);
      await sleep(chance.between(0, 300));
    }
    const last = createLife({ env: world.env, death: undefined, story, bot: plan.bot });
    users.follow(last);
    await Promise.all([placing, place()]);
    await ongoing.passed;
    endTroubles(world);
    await last.ready;
    await settle(world, orders, { story, witness, withinMs: plan.settleMs });
    complaints.push(...(await auditQuota(world, orders)));
    complaints.push(...objectTo(await last.stop()), ...objectionsOf(world));
    const { troubles } = ongoing;
    const verdicts = await audit(world, orders, { witness, troubles, deaths: users.deaths });
    if (!verdicts.some(({ accepted }) => accepted)) complaints.push('not one order was accepted');
    return { verdicts, kills, complaints, story, ms: Date.now() - begin };
  } finally {
    await world.close();
  }
}

/** A life in which orders are being placed. */
interface Placed {
  readonly life: Life;
  readonly placing: Promise<void>;
  readonly story: Story;
  /** ms that it may wait for its deadly step once they are. */
  readonly patience: number;
}

/** Runs one life to its end; returns what ended it. */
export async function dieBy(death: Death, { life, placing, story, patience }: Placed): Promise<Kill> {
  if ('step' in death) {
    const late = placing.then(() => sleep(patience));
    const end = await Promise.race([life.ended, late]);
    story.tell(end ? `KILLED   ${death.step} (${death.nth})` : `KILLED   in place of ${death.step}`);
    if (end) return death.step;
    life.kill();
    return 'missed';
  }
  await life.ready;
  await sleep(death.afterMs);
  story.tell(death.asked ? 'STOPPED  by SIGTERM' : 'KILLED   at any instant');
  if (death.asked) {
    await life.stop();
    return 'SIGTERM';
  }
  life.kill();
  return 'any instant';
}

interface Settling {
  readonly story: Story;
  readonly witness: Witness;
  readonly withinMs?: number | undefined;
}

/**
 * Waits until every waiting user has an answer; one who has none after a while asks for kept results, and one who
 * only read that it failed, why.
 */
export async function settle(
  world: World,
  orders: readonly Order[],
  { story, witness, withinMs = settleMs }: Settling,
): Promise<void> {
  const end = Date.now() + withinMs;
  /** Users whose first presses have died. */
  const asked = new Set<string>();
  /** Orders whose reason was missing already when it was last time to ask: nothing is sending it any more. */
  let unexplainedBefore: readonly Order[] = [];
  const unheard = () => orders.some((order) => !isHeard(world, order));
  for (let askedAt = Date.now(); Date.now() < end; ) {
    const tasks = await readTasks(world);
    // A kept result is open too, even if its first post arrived unseen.
    const waiting = orders.filter((order) => isWaiting(world, order, tasks));
    const isPuzzling = orders.some((order) => unexplained(world, witness, order));
    if (waiting.length === 0 && !unheard() && !isPuzzling) break;
    await sleep(100);
    // By the clock: on a busy machine one look at the ledger takes as long as that.
    if (Date.now() < askedAt + collectMs) continue;
    askedAt = Date.now();
    const puzzling = orders.filter((order) => unexplained(world, witness, order));
    for (const order of puzzling)
      if (unexplainedBefore.includes(order)) await askWhy(world, order, { story, witness });
    unexplainedBefore = puzzling;
    for (const person of new Set(waiting.map((order) => order.person))) {
      const dead = !asked.has(person);
      asked.add(person);
      story.tell(`person   ${person} asks for what is kept${dead ? ', in vain' : ''}`);
      await collect(world, person, { dead }).catch((error: unknown) =>
        story.tell(`person   got nothing: ${error}`),
      );
    }
  }
  // Time for an unwanted second answer.
  await sleep(300);
}

/** Presses the button that explains a failure, if neither its message nor anything else has. */
async function askWhy(world: World, order: Order, { story, witness }: Settling): Promise<void> {
  const message = unexplained(world, witness, order);
  // A set that is still filling up has no reason to give yet.
  if (!message || (order.set && !isEndOfAll(message, order))) return;
  story.tell(`person   ${order.person} asks why it failed`, order.id);
  const actor = world.discord.actor(order.person, order.channelId);
  await actor
    .press(message.id, `v1:details:${order.id}:${order.set ? 1 : order.part}`)
    .then((pressed) => pressed.until(({ content }) => content !== '', { timeoutMs: 2_000 }))
    .catch((error: unknown) => story.tell(`person   was not told why: ${error}`, order.id));
}

/** Whether someone still waits for an outcome. */
function isWaiting(world: World, order: Order, tasks: Tasks): boolean {
  const task = tasks.get(`${order.id}:${order.part}`);
  if (task && !isOver(task.state)) return true;
  return order.part === 1 && isAccepted(world, order, tasks) && outcomesOf(world, order).length === 0;
}

/** Whether a command was answered, or has failed in front of the user; for a message only waiting tells. */
function isHeard({ discord }: World, { id, byMessage, at }: Order): boolean {
  if (byMessage) return Date.now() > at + heardMs;
  const seen = discord.interaction(id);
  return seen !== undefined && (seen.acknowledged !== undefined || seen.failed);
}

export function objectTo({ code, signal }: End): string[] {
  return code === 0 ? [] : [`the last life was told to stop and ended with ${signal ?? code}`];
}

export function objectionsOf({ discord, mps }: World): string[] {
  return [
    ...discord.problems.map(
      ({ path, message, errors }) => `Discord: ${path} ${message} ${JSON.stringify(errors)}`,
    ),
    ...(discord.invalidRequests() >= mostInvalid
      ? [`Discord: ${discord.invalidRequests()} invalid requests, of ${mostInvalid} at most`]
      : []),
    ...(mps.rejected > 0 ? [`MPS: ${mps.rejected} requests over its limits`] : []),
  ];
}
