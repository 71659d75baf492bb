import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault as DiscordFault } from '@easel/discord-stand-in';
import type { FaultInput as MpsFault } from '@easel/mps-stand-in';
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
/** AutoMod refuses a prompt in one server; the media filter refuses a few files. */
export const closedCdn = 'CDN: 403';
export const autoMod = 'Discord: AutoMod';
export const mediaFilter = 'Discord: media filter';
/** Files that it refuses in a cycle. */
const filtered = 2;
/** MPS's messages for tasks that it fails by itself. */
export const modelError = 'model error';

/** Whether MPS refuses to make anything of such words. */
export function isForbidden(prompt: string): boolean {
  return /forbidden/i.test(prompt);
}

/** The routes that carry an outcome to a user. */
const routes = {
  defer: { method: 'POST', route: 'callback$' },
  answer: { method: 'PATCH', route: 'original$' },
  look: { method: 'GET', route: 'original$' },
  message: { method: 'POST', route: '^/channels/\\d+/messages$' },
  search: { method: 'GET', route: '^/channels/\\d+/messages$' },
} as const;

/** All kinds of trouble, a little of each. */
export const troubles: readonly Trouble[] = [
  ...onRest({ kind: 'reset' }),
  ...onRest({ kind: 'resetAfter' }),
  ...onRest({ kind: 'status', status: 503 }),
  ...onRest({ kind: '429', retryAfter: 0.3 }),
  ...onRest({ kind: '429', bare: true }),
  ...onRest({ kind: 'delay', ms: 400 }),
  ...(['answer', 'message'] as const).map((name) => onRoute(name, { kind: 'noFiles' })),
  {
    name: autoMod,
    begin: ({ discord: { world } }) =>
      world.filters.setAutoMod([{ guildId: world.guild('Foxglove').id, words: ['red fox'] }]),
  },
  {
    name: mediaFilter,
    begin({ discord }) {
      let left = filtered;
      discord.world.filters.setMedia(({ filename }) => !filename.startsWith('source') && left-- > 0);
    },
  },
  {
    name: closedCdn,
    begin: ({ discord }) => void discord.faults.add({ kind: 'status', status: 403, at: 'cdn', times: 1 }),
  },
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

/** The same of a bucket. Its objects are read by MPS too, with the same key, so that they stay as they are. */
const bucketTroubles: readonly Trouble[] = [
  cos('COS: a listing is cut', ({ faults }) =>
    faults.add({ kind: 'reset', right: 'cos:GetBucket', count: 3 }),
  ),
  cos('COS: a listing is refused', ({ faults }) =>
    faults.add({ kind: 'error', status: 503, code: 'ServiceUnavailable', right: 'cos:GetBucket', count: 6 }),
  ),
  cos('COS: listings lag behind', ({ settings }) => settings.update({ listingDelayMs: 2_000 })),
  cos('COS: nothing can be put', ({ faults }) =>
    faults.add({ kind: 'error', status: 503, code: 'SlowDown', right: 'cos:PutObject', count: 6 }),
  ),
  ...lostAnswers(),
];

/** Troubles that lose the answer to a Create, or seem to. */
function lostAnswers(): Trouble[] {
  return troubles.filter(({ name }) => /^MPS: (reset|gateway) on Create/.test(name));
}

function cos(name: string, begin: (cos: NonNullable<World['cos']>) => unknown): Trouble {
  return { name, begin: (world) => void (world.cos && begin(world.cos)) };
}

/** The troubles of a cycle. */
export interface OngoingTroubles {
  /** Their names. */
  readonly troubles: ReadonlySet<string>;
  /** Resolves when all have begun. */
  readonly passed: Promise<unknown>;
}

export const noTroubles: OngoingTroubles = { troubles: new Set(), passed: Promise.resolve() };

export function injectTroubles(world: World, chance: Chance, story: Story): OngoingTroubles {
  const coming = chosenTroubles(chance, world.cos ? [troubles, bucketTroubles] : [troubles]);
  const begun = coming.map(async ({ trouble, afterMs }) => {
    await sleep(afterMs);
    story.tell(`trouble  ${trouble.name}`);
    trouble.begin(world);
  });
  return { troubles: new Set(coming.map(({ trouble }) => trouble.name)), passed: Promise.all(begun) };
}

/** Some of them, for one cycle, each with the ms after which it begins. */
function chosenTroubles(
  chance: Chance,
  kinds: readonly (readonly Trouble[])[],
): { readonly trouble: Trouble; readonly afterMs: number }[] {
  const some = kinds.flatMap((kind, at) => chance.shuffled(kind).slice(0, at === 0 ? 7 : 4));
  return some.map((trouble) => ({ trouble, afterMs: chance.between(0, 4_000) }));
}

export function endTroubles({ discord, mps, cos }: World): void {
  discord.faults.clear();
  discord.world.filters.clear();
  discord.gateway.faults.duplicate('INTERACTION_CREATE', false);
  mps.faults.clear();
  cos?.faults.clear();
}

/** One fault on each of them. */
function onRest(fault: Pick<DiscordFault, 'kind'> & DiscordFault): Trouble[] {
  return (Object.keys(routes) as (keyof typeof routes)[]).map((name) => onRoute(name, fault));
}

function onRoute(name: keyof typeof routes, fault: Pick<DiscordFault, 'kind'> & DiscordFault): Trouble {
  const label = fault.kind === '429' && fault.bare ? 'bare 429' : fault.kind;
  return {
    name: `${label} on ${name}`,
    begin: ({ discord }) => void discord.faults.add({ ...fault, ...routes[name], times: 2 }),
  };
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
