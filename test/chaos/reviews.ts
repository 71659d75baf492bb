import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageView } from '@easel/discord-stand-in';
import { createSettings } from '../../src/guilds/settings.js';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import { isOver } from '../../src/tasks/model/state-machine.js';
import type { Task } from '../../src/tasks/model/task.js';
import { readTasks } from './audit.js';
import { createChance } from './chance.js';
import {
  type CyclePlan,
  type CycleReport,
  dieBy,
  type Kill,
  objectionsOf,
  objectTo,
  settleMs,
} from './cycle.js';
import { createLife } from './life.js';
import type { Order } from './order.js';
import { createStory, type Story } from './story.js';
import { createUsers } from './users.js';
import { createWorld, type World } from './world.js';

/** Orders in a cycle: pictures, and every third with a clip. */
const orderCount = 7;
const guild = 'Foxglove';

/** What moderators decided, by task: the first press is the one they remember. */
type Decisions = Map<string, boolean>;

/**
 * One world in which a server's results all go to its moderators, who approve most of them, while the bot dies and starts
 * again. Nothing that they did not approve may ever be seen elsewhere, and everything ends.
 */
export async function runReviewCycle(plan: CyclePlan): Promise<CycleReport> {
  const begin = Date.now();
  const chance = createChance(plan.seed);
  const story = createStory();
  const world = await createWorld(plan.seed, story, { bucket: plan.bucket });
  const orders: Order[] = [];
  const [complaints, kills]: [string[], Kill[]] = [[], []];
  const users = createUsers(world, chance, story, orders);
  const decisions: Decisions = new Map();
  const over = new AbortController();
  try {
    await openDesk(world);
    watchPublications(world, decisions, complaints);
    const deciding = decide(world, { decisions, story, signal: over.signal, approves: () => chance.is(0.7) });
    const placing = order(world, story);
    for (const death of plan.deaths) {
      const life = createLife({ env: world.env, death, story, bot: plan.bot });
      users.follow(life);
      kills.push(await dieBy(death, { life, placing, story, patience: 2_500 }));
      await life.ended;
    }
    const last = createLife({ env: world.env, death: undefined, story, bot: plan.bot });
    await last.ready;
    await placing;
    await settled(world);
    over.abort();
    await deciding;
    complaints.push(
      ...(await audit(world, decisions)),
      ...objectTo(await last.stop()),
      ...objectionsOf(world),
    );
    return { verdicts: [], kills, complaints, story, ms: Date.now() - begin };
  } finally {
    over.abort();
    await world.close();
  }
}

/** The channel of the moderators, as a manager sets it. */
async function openDesk({ discord, storeUrl }: World): Promise<void> {
  const { world } = discord;
  const { id } = world.guild(guild);
  const desk = world.addChannel(id, { name: 'desk', denyEveryone: ['ViewChannel'] });
  world.allowBot(desk.id, ['ViewChannel', 'SendMessages', 'AttachFiles', 'ReadMessageHistory']);
  const store = await createStore(storeUrl, { log: silentLog });
  const settings = createSettings({ table: store.table('settings'), log: silentLog, now: Date.now });
  const review = { all: true, channels: [], roles: [], channel: desk.id };
  await settings.change(id, world.user('ada').id, (before) => ({ ...before, review }));
  await store.close();
}

/** Members order one after the other, each when a bot can take it. */
async function order({ discord }: World, story: Story): Promise<void> {
  for (let placed = 0; placed < orderCount; ) {
    await sleep(200);
    if (!discord.gateway.isReady() || discord.commands().length === 0) continue;
    const options = { prompt: `review ${placed}`, ...(placed % 3 === 0 && { then_animate: 'it runs' }) };
    try {
      await discord.actor(['ben', 'mia', 'lin'][placed % 3] ?? 'ben').command('imagine', options);
      placed += 1;
    } catch (error) {
      story.tell(`person   could not order: ${error}`);
    }
  }
}

interface Moderating {
  readonly decisions: Decisions;
  readonly story: Story;
  readonly signal: AbortSignal;
  readonly approves: () => boolean;
}

/** ms after which a moderator presses again, if nothing happens. */
const againMs = 3_000;

/** A moderator presses again while nothing happens: the bot may have died of it. They don't change their mind. */
async function decide(world: World, { decisions, story, signal, approves }: Moderating): Promise<void> {
  const { discord } = world;
  const pressedAt = new Map<string, number>();
  while (!signal.aborted) {
    await sleep(150);
    for (const message of discord.messages('desk')) {
      const task = taskAsked(message);
      if (!task || !discord.gateway.isReady()) continue;
      if (Date.now() - (pressedAt.get(message.id) ?? 0) < againMs) continue;
      pressedAt.set(message.id, Date.now());
      const isApproved = decisions.get(task) ?? approves();
      decisions.set(task, isApproved);
      await discord
        .actor('ada', 'desk')
        .press(message.id, isApproved ? 'Approve' : 'Reject')
        .catch((error: unknown) => story.tell(`person   could not decide: ${error}`));
    }
  }
}

function taskAsked({ components, deleted }: MessageView): string | undefined {
  return deleted ? undefined : /v1:approve:(\d+:\d+)/.exec(JSON.stringify(components))?.[1];
}

/** Every file of the bot that is seen outside the moderators' channel has to be approved by then. */
function watchPublications({ discord }: World, decisions: Decisions, complaints: string[]): void {
  const desk = discord.world.channel('desk').id;
  const look = ({ channelId, author, attachments, components }: MessageView) => {
    if (!author.bot || channelId === desk) return;
    const event = /v1:\w+:(\d{17,20}):\d+/.exec(JSON.stringify(components))?.[1];
    for (const { filename } of attachments) {
      const task = `${event}:${filename.endsWith('.mp4') ? 101 : 1}`;
      if (decisions.get(task) !== true) complaints.push(`published without approval: ${filename} of ${task}`);
    }
  };
  discord.events.on('messageCreated', look).on('messageUpdated', look);
}

async function settled(world: World): Promise<void> {
  for (const end = Date.now() + settleMs; Date.now() < end; await sleep(200)) {
    const tasks = [...(await readTasks(world)).values()];
    if (tasks.length > 0 && tasks.every(({ state }) => isOver(state))) break;
  }
  await sleep(300);
}

async function audit(world: World, decisions: Decisions): Promise<string[]> {
  const tasks = [...(await readTasks(world)).values()];
  const delivered = tasks.filter(({ state }) => state.name === 'delivered');
  return [
    ...(delivered.length === 0 ? ['not one result was approved and delivered'] : []),
    ...tasks.flatMap((task) => objectionsTo(task, decisions).map((words) => `${task.id} ${words}`)),
    ...doubled(world, delivered),
  ];
}

function objectionsTo({ id, state, review }: Task, decisions: Decisions): string[] {
  const decided = decisions.get(id);
  return [
    ...(isOver(state) ? [] : [`is stuck: ${state.name}`]),
    ...(state.name === 'delivered' && review?.decision?.approved !== true
      ? ['was delivered unapproved']
      : []),
    ...(state.name === 'delivered' && decided !== true ? ['was delivered against the decision'] : []),
    ...(state.name === 'discarded' && decided !== false ? ['was discarded against the decision'] : []),
  ];
}

/** Files of one task in two places. */
function doubled({ discord }: World, delivered: readonly Task[]): string[] {
  const desk = discord.world.channel('desk').id;
  const all = discord.world
    .channels()
    .filter(({ id }) => id !== desk)
    .flatMap(({ id }) => discord.messages(id));
  return delivered.flatMap(({ id, request }) => {
    const event = id.slice(0, id.indexOf(':'));
    const ending = request.kind === 'video' ? '.mp4' : '.png';
    const shown = all
      .filter(({ components, deleted }) => !deleted && JSON.stringify(components).includes(event))
      .flatMap(({ attachments }) => attachments.filter(({ filename }) => filename.endsWith(ending)));
    return shown.length === 1 ? [] : [`${id} is there ${shown.length} times`];
  });
}
