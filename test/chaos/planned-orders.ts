import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Invocation, TokenDeath } from '@easel/discord-stand-in';
import type { Chance } from './chance.js';
import type { CutOff, Order, SetOrdered } from './order.js';
import type { PlannedOrder } from './planned-order.js';
import { planSets } from './planned-sets.js';
import { againSeveral } from './set-ways.js';
import type { Story } from './story.js';
import { button, calledOff, chained, clipOf, letGo, mention, menu, ofClip, picture, slash } from './ways.js';
import type { World } from './world.js';

type Plan = Omit<PlannedOrder, 'prompt'>;

const deaths: readonly TokenDeath[] = [50027, 10015, 10062, 10008];
/** Losing any of these, the bot cannot post there. */
const losses = ['ViewChannel', 'SendMessages', 'AttachFiles'] as const;
/** Of the further ways to order, so many in a cycle; and of orders of several. */
const [further, sets] = [7, 3];

interface PlanOptions {
  /** Some lose their routes. */
  readonly mishaps: boolean;
  /** How the cycle is called in its prompts. */
  readonly name: string;
  /** Mostly sets. */
  readonly several?: boolean | undefined;
}

/** The orders of one cycle: plain ones, and, with mishaps, some that lose their routes. */
export async function planOrders(
  { discord }: World,
  chance: Chance,
  { mishaps, name, several = false }: PlanOptions,
): Promise<PlannedOrder[]> {
  const bytes = await picture('png');
  const image = { filename: 'start.png', bytes };
  // 5 s, as MPS makes them here.
  const film = await readFile('packages/mps-stand-in/assets/wide.mp4');
  const odd = { filename: 'start.webp', bytes: await picture('webp') };
  const plain: Plan[] = [
    { person: 'ben', channel: 'Foxglove/general', way: slash('imagine') },
    { person: 'mia', channel: 'Foxglove/studio', way: slash('imagine') },
    { person: 'lin', channel: 'Night Workshop/general', way: slash('imagine') },
    { person: 'ben', channel: 'dm', way: slash('imagine') },
    { person: 'lin', channel: 'Foxglove/studio', way: slash('imagine', { private: true }), secret: true },
    { person: 'ada', channel: 'Foxglove/studio', way: slash('animate', { image }) },
    { person: 'mia', channel: 'Night Workshop/general', way: slash('animate', { image: odd }) },
    { person: 'ben', channel: 'Foxglove/general', way: chained(), both: true },
    { person: 'mia', channel: 'Foxglove/studio', way: ofClip('edit', film) },
    { person: 'ada', channel: 'Night Workshop/general', way: ofClip('extend', film) },
  ];
  const others: Plan[] = [
    { person: 'lin', channel: 'Foxglove/studio', way: chained({ private: true }), secret: true, both: true },
    { person: 'ada', channel: 'Foxglove/general', way: mention() },
    { person: 'mia', channel: 'Foxglove/general', way: mention(bytes) },
    { person: 'lin', channel: 'Night Workshop/general', way: mention() },
    { person: 'ben', channel: 'Foxglove/studio', way: menu('Animate', bytes) },
    { person: 'ada', channel: 'Foxglove/studio', way: menu('Remix', bytes) },
    { person: 'mia', channel: 'Foxglove/general', way: calledOff },
    { person: 'ben', channel: 'Foxglove/general', way: letGo },
    { person: 'mia', channel: 'Foxglove/studio', way: slash('imagine'), of: 'something forbidden' },
    { person: 'lin', channel: 'Foxglove/general', way: ofClip('motion', film) },
    { person: 'ben', channel: 'dm', way: ofClip('extend', film, { private: true }), secret: true },
  ];
  const againLater: Plan = { person: 'ben', channel: 'Foxglove/general', way: againSeveral };
  // Later ones, when there is something to press.
  const presses: Plan[] = chance.shuffled([
    { person: 'mia', channel: 'Foxglove/general', way: button('Again') },
    { person: 'ada', channel: 'Foxglove/studio', way: button('Edit') },
    { person: 'ben', channel: 'Night Workshop/general', way: button('Animate') },
  ]);
  const setPlans = chance.shuffled(planSets({ discord }, chance, { mishaps, four: several }));
  if (several) return named([...setPlans, ...chance.shuffled(plain).slice(0, sets), againLater], name);
  const some = [...chance.shuffled(others).slice(0, further - presses.length), ...setPlans.slice(0, sets)];
  const first = chance.shuffled([...plain, ...some, ...(mishaps ? unlucky(discord, chance) : [])]);
  const half = Math.ceil(first.length / 2);
  return named([...first.slice(0, half), ...chance.shuffled([...first.slice(half), ...presses])], name);
}

function named(plans: readonly Plan[], name: string): PlannedOrder[] {
  return plans.map((planned, at) => ({
    ...planned,
    prompt: `${name} order ${at} of ${planned.of ?? 'a red fox'}`,
  }));
}

/** Their answers' tokens expire, and some lose more routes. */
function unlucky(discord: World['discord'], chance: Chance): Plan[] {
  const lose = (channel: string) => discord.world.denyBot(channel, [chance.oneOf(losses)]);
  const expire = (invocation: Invocation) => invocation.expireToken(chance.oneOf(deaths));
  return [
    {
      person: 'ben',
      channel: 'Night Workshop/general',
      way: slash('imagine', { private: true }),
      secret: true,
      mishap: expire,
    },
    { person: 'mia', channel: 'Foxglove/general', way: slash('imagine'), mishap: expire },
    { person: 'ada', channel: 'Foxglove/general', way: chained(), both: true, mishap: expire },
    {
      person: 'lin',
      channel: 'Foxglove/lost',
      way: slash('imagine'),
      mishap(invocation) {
        expire(invocation);
        lose('lost');
      },
    },
    {
      person: 'kim',
      channel: 'Foxglove/shut',
      way: slash('imagine'),
      mishap(invocation) {
        expire(invocation);
        lose('shut');
        discord.world.setDms('kim', false);
      },
    },
  ];
}

/** Places one order. @returns the placed orders: none if there was nothing to press, or no form opened. */
export async function run(
  planned: PlannedOrder,
  world: World,
  chance: Chance,
  story: Story,
  orders: readonly Order[],
): Promise<Order[]> {
  const { person, channel, way, secret = false, both, mishap, when } = planned;
  const actor = world.discord.actor(person, channel);
  const delay = chance.between(0, 1_500);
  const placed = await way(actor, planned.prompt, orders);
  if (!placed) return [];
  const { id, kind, invocation, wish, prompt = planned.prompt } = placed;
  story.tell(`person   ${person} in ${channel}: ${prompt}`, id);
  const cutOff: CutOff | undefined = mishap && { at: undefined };
  if (mishap && cutOff && invocation)
    void befall(invocation, when ?? (() => sleep(delay)), () => {
      cutOff.at = Date.now();
      mishap(invocation);
      story.tell('mishap   the routes to the user close', id);
    });
  const { userId, channelId } = actor;
  const where = { person, userId, channelId, byMessage: !invocation, at: Date.now() };
  const common = { id, ...where, secret, cutOff, wish };
  if (placed.set) return partsOf(placed.set, { ...common, kind, prompt });
  const first: Order = { ...common, part: 1, kind, prompt };
  return both ? [first, { ...common, part: 101, kind: 'video', prompt: clipOf(prompt) }] : [first];
}

/** An order for each file of a set: the parts, and the clip of the picked one. */
function partsOf({ count, models = [], pick }: SetOrdered, common: Omit<Order, 'part' | 'set'>): Order[] {
  const parts = count * Math.max(1, models.length);
  const pictures = Array.from({ length: parts }, (_, at): Order => {
    const model = models[Math.floor(at / count)];
    return { ...common, part: at + 1, set: { parts, number: at + 1, model } };
  });
  if (pick === undefined) return pictures;
  const clip = { part: 100 + pick, kind: 'video', prompt: clipOf(common.prompt) } as const;
  return [...pictures, { ...common, ...clip, set: { parts, number: parts + 1 } }];
}

async function befall(
  invocation: Invocation,
  when: NonNullable<PlannedOrder['when']>,
  strike: () => void,
): Promise<void> {
  try {
    await invocation.acknowledged;
    await when(invocation);
  } catch {
    return;
  }
  strike();
}

/** Collects a user's kept results: `/tasks`, and a press of each of its buttons. `dead`: the presses' tokens expire. */
export async function collect(
  { discord }: World,
  person: string,
  { dead = false }: { readonly dead?: boolean } = {},
): Promise<void> {
  const actor = discord.actor(person, 'Foxglove/studio');
  const list = await actor.command('tasks');
  const message = await list.until(({ content }) => content !== '', { timeoutMs: 2_000 });
  const ids = JSON.stringify(message.components).match(/v1:collect:\d+:\d+/g) ?? [];
  for (const id of ids) {
    const pressed = await actor.press(message.id, id);
    // The press is taken note of, and its answer refused: one try, and the outcome is kept once more.
    if (dead)
      void pressed.acknowledged.then(
        () => pressed.expireToken(),
        () => {},
      );
    await pressed.until(({ loading }) => !loading, { timeoutMs: 4_000 });
  }
}
