import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createControl } from '../control.js';
import { createCdn } from './cdn.js';
import { createActor } from './client/actor.js';
import { untilMessage, viewInteraction } from './client/invocation.js';
import { createClock } from './clock.js';
import { commandJson, createCommands } from './commands.js';
import { controlEvents, controlRoutes } from './control.js';
import { furnish } from './default-world.js';
import { createFaults } from './faults.js';
import { tellGateway } from './gateway/events.js';
import { intents } from './gateway/intents.js';
import { createGateway } from './gateway/server.js';
import { createInteractions, type InteractionRecord } from './interactions.js';
import { loadJudge } from './judge.js';
import { createRateLimits } from './limits.js';
import { createMessageJson } from './message-json.js';
import { createMessages } from './messages.js';
import { createRandom, randomText } from './random.js';
import { applicationJson, membersChunk, readyJson, welcome } from './ready.js';
import { createRest, type Problem, type RestRecord } from './rest/app.js';
import type { RestContext } from './rest/context.js';
import { createSnowflakes } from './snowflake.js';
import type { DiscordStandIn, DiscordStandInOptions, InteractionView, StandInEvents } from './stand-in.js';
import { applicationOf, makeToken } from './token.js';
import { createViewer } from './view.js';
import { untilReady } from './wait.js';
import { createWorld } from './world.js';

export type { Choice, Component } from './bodies.js';
export type { Upload } from './cdn.js';
export type { Actor, LoadFile } from './client/actor.js';
export type { Acknowledgement, Invocation, ModalView, UntilOptions } from './client/invocation.js';
export type { ModalFields } from './client/modal.js';
export type { OptionValue, OptionValues } from './client/options.js';
export { ClientRefusal } from './client/refusal.js';
export type { CommandSettings } from './client/slash.js';
export type { SendSettings } from './client/speech.js';
export type { Fault, Faults, TokenDeath } from './faults.js';
export type { GatewayFaults } from './gateway/server.js';
export type { Problem, RestRecord } from './rest/app.js';
export type {
  DiscordStandIn,
  DiscordStandInOptions,
  InteractionView,
  ReadyOptions,
  StandInEvents,
} from './stand-in.js';
export type { AttachmentView, MessageView } from './view.js';
export type { NewChannel, NewGuild, World } from './world.js';

const mebibyte = 1024 * 1024;

/** Starts a stand-in for Discord on loopback: gateway, REST v10 and CDN on one port. */
export async function createDiscordStandIn(options: DiscordStandInOptions = {}): Promise<DiscordStandIn> {
  const {
    heartbeatIntervalMs = 41_250,
    name = 'Easel',
    messageContent = false,
    uploadLimit = 10 * mebibyte,
  } = options;
  const clock = createClock(options.now ?? Date.now);
  const random = createRandom(options.seed);
  const nextId = createSnowflakes(clock);
  const applicationId = applicationOf(options.token ?? '') ?? nextId();
  const token = options.token ?? makeToken(applicationId, random);
  const events = new EventEmitter<StandInEvents>();
  events.setMaxListeners(0);
  const world = createWorld({ clock, nextId, botId: applicationId, botName: name });
  if (options.furnished ?? true) furnish(world);

  let port = 0;
  const origin = (): string => `http://127.0.0.1:${port}`;
  const gatewayUrl = (): string => `ws://127.0.0.1:${port}/gateway`;
  const secret = randomText(random, 32);
  const cdn = createCdn({ clock, nextId, secret, origin, linkLifeMs: options.linkLifeMs ?? 24 * 3_600_000 });
  const messages = createMessages({ world, cdn, clock, nextId });
  const json = createMessageJson(world, cdn, messages);
  const view = createViewer(world, cdn);
  const interactions = createInteractions({ clock, nextId, random });
  const commands = createCommands(nextId, () => events.emit('commandsChanged'));
  const faults = createFaults();
  const problems: Problem[] = [];
  const requests: RestRecord[] = [];
  // Discord docs: Application Flags, GATEWAY_MESSAGE_CONTENT_LIMITED.
  const flags = messageContent ? 1 << 19 : 0;

  const gateway = createGateway({
    token,
    heartbeatIntervalMs,
    grantedIntents: messageContent ? intents.messageContent : 0,
    nextSessionId: () => randomText(random, 32).toLowerCase(),
    ready: (session) => readyJson(world, applicationId, flags, gatewayUrl(), session),
    welcome: () => welcome(world),
    members: (_, request) => membersChunk(world, request),
    changed: () => events.emit('gatewayChanged'),
  });
  tellGateway(world, messages, json, gateway.dispatch);

  const context: RestContext = {
    world,
    cdn,
    clock,
    commands,
    interactions,
    messages,
    json,
    judge: await loadJudge(),
    token,
    applicationId,
    seesContent: messageContent,
    uploadLimit,
    gatewayUrl,
    identifyConcurrency: options.identifyConcurrency ?? 1,
    application: () => applicationJson(world, applicationId, flags),
  };
  const observer = {
    request(record: RestRecord): void {
      requests.push(record);
      events.emit('request', record);
    },
    problem(problem: Problem): void {
      problems.push(problem);
      events.emit('problem', problem);
    },
  };
  const rest = createRest({ context, faults, limits: createRateLimits(options.rateWindow), observer });

  const see = (record: InteractionRecord): InteractionView =>
    viewInteraction(record, { interactions, messages, view });
  messages.events.on('created', (record) => events.emit('messageCreated', view(record)));
  messages.events.on('updated', (record) => events.emit('messageUpdated', view(record)));
  messages.events.on('deleted', (record) => events.emit('messageDeleted', view(record)));
  interactions.events.on('created', (record) => events.emit('interactionCreated', see(record)));
  interactions.events.on('acknowledged', (record) => events.emit('interactionAcknowledged', see(record)));
  interactions.events.on('failed', (record) => events.emit('interactionFailed', see(record)));

  const server = createServer((incoming, outgoing) => {
    if (control.request(incoming, outgoing)) return;
    const listener = getRequestListener((request) => rest.fetch(request, { incoming, outgoing }), {
      overrideGlobalObjects: false,
    });
    void listener(incoming, outgoing);
  });
  server.on('upgrade', (request, socket, head) => {
    if (!gateway.upgrade(request, socket, head) && !control.upgrade(request, socket, head)) socket.destroy();
  });
  port = await listen(server, options.port ?? 0);

  const channelOf = (reference: string): string =>
    reference.startsWith('dm:') ? world.dm(reference.slice(3)).id : world.channel(reference).id;

  const standIn: DiscordStandIn = {
    apiUrl: `${origin()}/api`,
    origin: origin(),
    token,
    applicationId,
    port,
    world,
    clock,
    faults,
    gateway,
    events,
    problems,
    requests,
    invalidRequests: rest.invalidRequests,
    actor(user, channel = 'general') {
      const person = world.user(user);
      const place = channel === 'dm' ? world.dm(person.id) : world.channel(channelOf(channel));
      const seat = { user: person, channel: place };
      const client = {
        world,
        cdn,
        commands,
        interactions,
        messages,
        json,
        view,
        applicationId,
        uploadLimit,
        dispatch: gateway.dispatch,
      };
      return createActor({
        context: client,
        seat,
        ...(options.loadFile ? { loadFile: options.loadFile } : {}),
      });
    },
    ready({ timeoutMs = 20_000, commands: needed = true } = {}) {
      const registered = (): boolean =>
        !needed ||
        world.guilds().some(({ id }) => commands.inGuild(id).length > 0) ||
        commands.list().length > 0;
      return untilReady(events, () => gateway.isReady() && registered(), timeoutMs);
    },
    commands: (guildId) => commands.list(guildId).map((record) => commandJson(record, applicationId, true)),
    messages: (reference) => messages.inChannel(channelOf(reference)).map(view),
    message(id) {
      const record = messages.find(id);
      return record && view(record);
    },
    interaction(id) {
      const record = interactions.find(id);
      return record && see(record);
    },
    expireToken: (id, code) => interactions.expire(interactions.find(id)?.token ?? '', code),
    until(predicate, { timeoutMs = 10_000, channel } = {}) {
      const within = channel === undefined ? undefined : channelOf(channel);
      return untilMessage(
        { messages, view, timeoutMs, mine: ({ channelId }) => within === undefined || channelId === within },
        predicate,
      );
    },
    async fetchAttachment(messageId, index = 0) {
      const record = messages.find(messageId);
      const attachment = record && view(record).attachments[index];
      if (!attachment) throw new Error(`message ${messageId} has no attachment ${index}`);
      const response = await fetch(attachment.url);
      if (!response.ok) throw new Error(`${attachment.url} answered ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
    async close() {
      clock.close();
      control.close();
      gateway.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  const control = createControl(controlRoutes(standIn));
  for (const name of controlEvents) events.on(name, (data?: unknown) => control.emit(name, data));
  return standIn;
}

/** Listens on loopback; answers the port. */
async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
