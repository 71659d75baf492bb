import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createControl, serve, type Visitor } from '@easel/stand-in-kit';
import { getRequestListener } from '@hono/node-server';
import { controlEvents, controlRoutes } from './control/control-routes.js';
import { type Core, createCore, gatewayUrl } from './core.js';
import { announce, createFacade } from './facade.js';
import { applicationFlags, applicationJson } from './gateway/ready-events.js';
import { loadJudge } from './rest/openapi-validation.js';
import { createRateLimits } from './rest/rate-limits.js';
import type { Problem, RestRecord } from './rest/request-log.js';
import { createRest, type Rest } from './rest/rest-app.js';
import type { DiscordStandIn, DiscordStandInOptions } from './stand-in.js';

export { type Choice, CommandBody, type CommandOption, type Component } from './body-schemas.js';
export type { Actor, LoadFile } from './client/actor.js';
export { ClientRefusal } from './client/client-refusal.js';
export type { OptionValue, OptionValues } from './client/command-options.js';
export type { Acknowledgement, Invocation, ModalView, UntilOptions } from './client/invocation.js';
export type { ModalFields } from './client/modal-submit.js';
export type { SendSettings, Sticker } from './client/sent-messages.js';
export type { CommandSettings } from './client/slash-commands.js';
export { parseCommandName, parseOptions, takeSubcommands } from './client/typed-command.js';
export type { Fault, Faults, TokenDeath } from './faults.js';
export type { GatewayFaults } from './gateway/gateway-faults.js';
export { commandTypes, optionTypes } from './interactions/command-rules.js';
export type { Upload } from './messages/cdn.js';
export { componentTypes, textsOf, walk } from './messages/components.js';
export type { AttachmentView, MessageView } from './messages/message-view.js';
export type { Problem, RestRecord } from './rest/request-log.js';
export type {
  DiscordStandIn,
  DiscordStandInOptions,
  InteractionView,
  ReadyOptions,
  StandInEvents,
} from './stand-in.js';
export { type ChannelRecord, channelTypes, type GuildRecord, type Portal, type UserRecord } from './types.js';
export { has, type PermissionName } from './world/permissions.js';
export type { NewChannel, NewGuild, World } from './world/world.js';

/** Starts a stand-in for Discord on loopback: gateway, REST v10 and CDN on one port. */
export async function createDiscordStandIn(options: DiscordStandInOptions = {}): Promise<DiscordStandIn> {
  const core = createCore(options);
  const problems: Problem[] = [];
  const requests: RestRecord[] = [];
  const rest = await startRest(core, options, { problems, requests });
  announce(core);
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  core.address.host = `127.0.0.1:${port}`;
  const visitors: Visitor[] = [];
  const host = (visitor: Visitor): void => void visitors.push(visitor);
  const { loadFile } = options;
  const standIn = createFacade(core, { rest, port, problems, requests, loadFile, host, close });
  const control = createControl(controlRoutes(standIn));
  for (const name of controlEvents) core.events.on(name, (data?: unknown) => control.emit(name, data));
  host(control);
  serveAll(server, core, rest, visitors);
  return standIn;

  async function close(): Promise<void> {
    core.clock.close();
    for (const visitor of visitors) visitor.close();
    core.gateway.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }
}

async function startRest(
  core: Core,
  {
    identifyConcurrency = 1,
    recommendedShards = 1,
    rateWindow,
    public: isPublic = true,
  }: DiscordStandInOptions,
  { problems, requests }: { problems: Problem[]; requests: RestRecord[] },
): Promise<Rest> {
  const { world, portal, applicationId, address, events, faults } = core;
  const context = {
    ...core,
    judge: await loadJudge(),
    seesContent: () => portal.messageContent,
    identifyConcurrency,
    recommendedShards,
    gatewayUrl: () => gatewayUrl(address),
    application: () => ({
      ...applicationJson(world, applicationId, {
        flags: applicationFlags(portal.messageContent),
        isPublic,
      }),
      ...portal.listing,
    }),
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
  return createRest({ context, faults, limits: createRateLimits(rateWindow), observer });
}

function serveAll(server: Server, { gateway }: Core, rest: Rest, visitors: readonly Visitor[]): void {
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (visitors.some((visitor) => visitor.request(incoming, outgoing))) return;
    // The globals stay Node's own: tests run in this process too.
    const listener = getRequestListener((request) => rest.fetch(request, { incoming, outgoing }), {
      overrideGlobalObjects: false,
    });
    await listener(incoming, outgoing);
  }

  serve(server, {
    request: answer,
    upgrade: (request, socket, head) =>
      [gateway, ...visitors].some((each) => each.upgrade(request, socket, head)),
  });
}

/** Listens on loopback; returns the port. Throws if it is taken. */
async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
