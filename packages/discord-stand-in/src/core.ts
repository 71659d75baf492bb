import { EventEmitter } from 'node:events';
import { applicationOf, makeToken } from './bot-token.js';
import { type ArmedFaults, createFaults } from './faults.js';
import { dispatchEvents } from './gateway/events.js';
import { createGateway, type Gateway } from './gateway/gateway-server.js';
import { createIdentifyRule } from './gateway/identify-limit.js';
import { intents } from './gateway/intents.js';
import { applicationFlags, membersChunk, readyJson, welcome } from './gateway/ready-events.js';
import { type Commands, createCommands } from './interactions/commands.js';
import { createInteractions, type Interactions } from './interactions/interactions.js';
import { type Cdn, createCdn } from './messages/cdn.js';
import { createMessageJson, type MessageJson } from './messages/message-json.js';
import { createViewer, type Viewer } from './messages/message-view.js';
import { createMessages, type Messages } from './messages/messages.js';
import { createRandom, randomText } from './random-text.js';
import { createSnowflakes } from './snowflakes.js';
import type { DiscordStandInOptions, StandInEvents } from './stand-in.js';
import { type Clock, createClock } from './timer-clock.js';
import type { Portal } from './types.js';
import { furnish } from './world/default-world.js';
import { createWorld, type World } from './world/world.js';

/** Discord without its sockets: its state, and the connections to the bot. */
export interface Core {
  readonly token: string;
  readonly applicationId: string;
  /** Bytes for each file if nothing gives more. */
  readonly uploadLimit: number;
  /** Bytes for each file beyond which none is accepted, whatever limit was announced. */
  readonly hardLimit: number;
  /** The shard that dispatches what users do in a guild to which only they brought the app: the guild's own, or the first. */
  readonly userInstallsByGuild: boolean;
  readonly clock: Clock;
  readonly world: World;
  readonly portal: Portal;
  readonly cdn: Cdn;
  readonly messages: Messages;
  readonly json: MessageJson;
  readonly view: Viewer;
  readonly interactions: Interactions;
  readonly commands: Commands;
  readonly faults: ArmedFaults;
  readonly gateway: Gateway;
  readonly events: EventEmitter<StandInEvents>;
  /** `127.0.0.1:PORT`, once the server listens. */
  readonly address: { host: string };
}

const mebibyte = 1024 * 1024;
const day = 24 * 3_600_000;

export function createCore(options: DiscordStandInOptions): Core {
  const portal: Portal = { messageContent: options.messageContent ?? false, listing: {} };
  const { uploadLimit = 10 * mebibyte, linkLifeMs = day, attachmentOrder = 'listed' } = options;
  const clock = createClock(options.now ?? Date.now);
  const random = createRandom(options.seed);
  const nextId = createSnowflakes(clock);
  const applicationId = applicationOf(options.token ?? '') ?? nextId();
  const token = options.token ?? makeToken(applicationId, random);
  const events = new EventEmitter<StandInEvents>();
  events.setMaxListeners(0);
  const address = { host: '' };
  const world = createWorld({ clock, nextId, botId: applicationId, botName: options.name ?? 'Easel' });
  if (options.furnished ?? true) furnish(world);
  const origin = (): string => `http://${address.host}`;
  const cdn = createCdn({
    clock,
    nextId,
    secret: randomText(random, 32),
    origin,
    linkLifeMs,
    attachmentOrder,
  });
  const messages = createMessages({ world, cdn, clock, nextId });
  const json = createMessageJson(world, cdn, messages);
  const gateway = gatewayOf(options, { token, portal, random, world, address, events });
  dispatchEvents({ world, messages, json, portal, dispatch: gateway.dispatch });
  return {
    token,
    applicationId,
    uploadLimit,
    hardLimit: options.hardLimit ?? Number.POSITIVE_INFINITY,
    userInstallsByGuild: options.userInstallsByGuild ?? false,
    clock,
    world,
    portal,
    cdn,
    messages,
    json,
    view: createViewer(world, cdn),
    interactions: createInteractions({ clock, nextId, random }),
    commands: createCommands(nextId, () => events.emit('commandsChanged')),
    faults: createFaults(),
    gateway,
    events,
    address,
  };
}

interface GatewayParts extends Pick<Core, 'token' | 'portal' | 'world' | 'address' | 'events'> {
  readonly random: ReturnType<typeof createRandom>;
}

function gatewayOf(
  options: DiscordStandInOptions,
  { token, portal, random, world, address, events }: GatewayParts,
): Gateway {
  return createGateway({
    token,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    grantedIntents: () => (portal.messageContent ? intents.messageContent : 0),
    mayIdentify: createIdentifyRule(options.identifyConcurrency, options.identifyWindowMs),
    nextSessionId: () => randomText(random, 32).toLowerCase(),
    ready: (session) =>
      readyJson(world, applicationFlags(portal.messageContent), gatewayUrl(address), session),
    welcome: () => welcome(world),
    members: (_, request) => membersChunk(world, request),
    changed: () => events.emit('gatewayChanged'),
  });
}

export function gatewayUrl({ host }: Core['address']): string {
  return `ws://${host}/gateway`;
}
