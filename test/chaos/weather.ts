import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault as DiscordFault } from '../../src/playground/discord/index.js';
import type { FaultInput as MpsFault } from '../../src/playground/mps/index.js';
import type { Chance } from './chance.js';
import type { Story } from './story.js';
import type { World } from './world.js';

/** Something that goes wrong in the services themselves. */
interface Trouble {
  readonly name: string;
  begin(world: World): void;
}

/** A link answers 403; or 404, as one that has only just been made; or its file breaks off. */
export const deadLinks = 'MPS: a link is dead';
export const lateLinks = 'MPS: a link is late';
export const brokenDownloads = 'MPS: a download breaks';
/** What MPS says of a task that it fails by itself. */
export const modelError = 'model error';

/** Whether MPS refuses to make anything of such words. */
export function isForbidden(prompt: string): boolean {
  return /forbidden/i.test(prompt);
}

/** All kinds of trouble, a little of each. */
export const troubles: readonly Trouble[] = [
  ...onRest({ kind: 'reset' }),
  ...onRest({ kind: 'resetAfter' }),
  ...onRest({ kind: 'status', status: 503 }),
  ...onRest({ kind: '429', retryAfter: 0.3 }),
  ...onRest({ kind: 'delay', ms: 400 }),
  gateway('drop', ({ drop }) => drop()),
  gateway('drop 4000', ({ drop }) => drop(4000)),
  gateway('invalid session', ({ invalidSession }) => invalidSession(false)),
  gateway('invalid session, resumable', ({ invalidSession }) => invalidSession(true)),
  gateway('reconnect', ({ reconnect }) => reconnect()),
  gateway('replay', ({ replay }) => replay(5)),
  gateway('duplicate', ({ duplicate }) => duplicate('INTERACTION_CREATE')),
  ...onMps('Create', [
    { kind: 'reset', when: 'before', count: 1 },
    { kind: 'reset', when: 'after', count: 1 },
    { kind: 'gateway', status: 502, when: 'after', count: 1 },
    { kind: 'error', code: 'RequestLimitExceeded', count: 3 },
    { kind: 'error', code: 'InternalError', when: 'after', count: 1 },
    { kind: 'delay', ms: 700, count: 2 },
    { kind: 'fail', message: modelError, count: 1 },
  ]),
  ...onMps('Describe', [
    { kind: 'reset', count: 4 },
    { kind: 'gateway', status: 502, count: 4 },
    { kind: 'error', code: 'InternalError', count: 4 },
    { kind: 'error', code: 'RequestLimitExceeded', count: 4 },
    { kind: 'status', word: 'PAUSED', count: 3 },
  ]),
  mps(deadLinks, { kind: 'link', status: 403, count: 5 }),
  mps(lateLinks, { kind: 'link', status: 404, count: 2 }),
  mps(brokenDownloads, { kind: 'truncate', part: 0.5, count: 2 }),
  mps('MPS: a download is slow', { kind: 'slow', bytesPerSecond: 400_000, count: 2 }),
];

/** The troubles of a cycle. */
export interface Weather {
  /** Their names. */
  readonly troubles: ReadonlySet<string>;
  /** Resolves when all have begun. */
  readonly passed: Promise<unknown>;
}

export const calm: Weather = { troubles: new Set(), passed: Promise.resolve() };

export function letItRain(world: World, chance: Chance, story: Story): Weather {
  const coming = forecast(chance);
  const begun = coming.map(async ({ trouble, afterMs }) => {
    await sleep(afterMs);
    story.tell(`trouble  ${trouble.name}`);
    trouble.begin(world);
  });
  return { troubles: new Set(coming.map(({ trouble }) => trouble.name)), passed: Promise.all(begun) };
}

/** Some of them, for one cycle, each with the ms after which it begins. */
function forecast(chance: Chance): { readonly trouble: Trouble; readonly afterMs: number }[] {
  const some = chance.shuffled(troubles).slice(0, 7);
  return some.map((trouble) => ({ trouble, afterMs: chance.between(0, 4_000) }));
}

export function clear({ discord, mps }: World): void {
  discord.faults.clear();
  discord.gateway.faults.duplicate('INTERACTION_CREATE', false);
  mps.faults.clear();
}

/** One fault on each of the routes that carry an outcome to a person. */
function onRest(fault: Pick<DiscordFault, 'kind'> & DiscordFault): Trouble[] {
  const routes = [
    { name: 'defer', method: 'POST', route: 'callback$' },
    { name: 'answer', method: 'PATCH', route: 'original$' },
    { name: 'look', method: 'GET', route: 'original$' },
    { name: 'message', method: 'POST', route: '^/channels/\\d+/messages$' },
    { name: 'search', method: 'GET', route: '^/channels/\\d+/messages$' },
  ];
  return routes.map(({ name, method, route }) => ({
    name: `${fault.kind} on ${name}`,
    begin: ({ discord }) => void discord.faults.add({ ...fault, method, route, times: 2 }),
  }));
}

type GatewayFaults = World['discord']['gateway']['faults'];

function gateway(name: string, begin: (faults: GatewayFaults) => void): Trouble {
  return { name: `gateway: ${name}`, begin: ({ discord }) => begin(discord.gateway.faults) };
}

function mps(name: string, fault: MpsFault): Trouble {
  return { name, begin: (world) => void world.mps.faults.add(fault) };
}

/** Faults of one action, of both kinds of tasks. */
function onMps(verb: 'Create' | 'Describe', faults: readonly MpsFault[]): Trouble[] {
  return faults.flatMap((fault) =>
    (['Image', 'Video'] as const).map((kind) =>
      mps(`MPS: ${fault.kind} on ${verb}${kind}`, { ...fault, action: `${verb}Aigc${kind}Task` }),
    ),
  );
}
