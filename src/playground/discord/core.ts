import { EventEmitter } from 'node:events';
import { type Cdn, createCdn } from './cdn.js';
import { type Clock, createClock } from './clock.js';
import { type Commands, createCommands } from './commands.js';
import { furnish } from './default-world.js';
import { type ArmedFaults, createFaults } from './faults.js';
import { tellGateway } from './gateway/events.js';
import { createIdentifyRule } from './gateway/identify-rule.js';
import { intents } from './gateway/intents.js';
import { createGateway, type Gateway } from './gateway/server.js';
import { createInteractions, type Interactions } from './interactions.js';
import { createMessageJson, type MessageJson } from './message-json.js';
import { createMessages, type Messages } from './messages.js';
import { createRandom, randomText } from './random.js';
import { applicationFlags, membersChunk, readyJson, welcome } from './ready.js';
import { createSnowflakes } from './snowflake.js';
import type { DiscordStandInOptions, StandInEvents } from './stand-in.js';
import { applicationOf, makeToken } from './token.js';
import { createViewer, type Viewer } from './view.js';
import { createWorld, type World } from './world.js';

/** Discord without its sockets: what is known, and the lines to the bot. */
export interface Core {
  readonly token: string;
  readonly applicationId: string;
  /** Bytes for each file where nothing gives more. */
  readonly uploadLimit: number;
  /** Bytes for each file beyond which nobody's is taken, whatever was said. */
  readonly hardLimit: number;
  /** Which shard tells of what people do in a guild that only they brought the app to: the guild's own, or the first. */
  readonly userInstallsByGuild: boolean;
  readonly clock: Clock;
  readonly world: World;
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
  const { messageContent = false, uploadLimit = 10 * mebibyte, linkLifeMs = day } = options;
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
  const cdn = createCdn({ clock, nextId, secret: randomText(random, 32), origin, linkLifeMs });
  const messages = createMessages({ world, cdn, clock, nextId });
  const json = createMessageJson(world, cdn, messages);
  const gateway = createGateway({
    token,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    grantedIntents: messageContent ? intents.messageContent : 0,
    mayIdentify: createIdentifyRule(options.identifyConcurrency, options.identifyWindowMs),
    nextSessionId: () => randomText(random, 32).toLowerCase(),
    ready: (session) => readyJson(world, applicationFlags(messageContent), gatewayUrl(address), session),
    welcome: () => welcome(world),
    members: (_, request) => membersChunk(world, request),
    changed: () => events.emit('gatewayChanged'),
  });
  tellGateway(world, messages, json, gateway.dispatch);
  return {
    token,
    applicationId,
    uploadLimit,
    hardLimit: options.hardLimit ?? Number.POSITIVE_INFINITY,
    userInstallsByGuild: options.userInstallsByGuild ?? false,
    clock,
    world,
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

export function gatewayUrl({ host }: Core['address']): string {
  return `ws://${host}/gateway`;
}
