import { type Actor, createActor } from './client/actor.js';
import { untilMessage, viewInteraction } from './client/invocation.js';
import type { Core } from './core.js';
import { commandJson } from './interactions/commands.js';
import type { InteractionRecord } from './interactions/interactions.js';
import { untilReady } from './readiness.js';
import type { Problem, RestRecord } from './rest/request-log.js';
import type { Rest } from './rest/rest-app.js';
import type { DiscordStandIn, DiscordStandInOptions, InteractionView, ReadyOptions } from './stand-in.js';

export interface Outside {
  readonly rest: Rest;
  readonly port: number;
  readonly problems: readonly Problem[];
  readonly requests: readonly RestRecord[];
  readonly loadFile: DiscordStandInOptions['loadFile'];
  readonly host: DiscordStandIn['host'];
  close(): Promise<void>;
}

/** The stand-in's API for tests and pages. */
export function createFacade(core: Core, outside: Outside): DiscordStandIn {
  const { world, messages, view, interactions, commands, applicationId, address, gateway, events } = core;
  const origin = `http://${address.host}`;
  const { see, channelOf } = readers(core);
  return {
    ...core,
    ...outside,
    apiUrl: `${origin}/api`,
    origin,
    invalidRequests: outside.rest.invalidRequests,
    actor: (user, channel) => actorOf(core, user, channel, outside.loadFile),
    ready({ timeoutMs = 60_000, commands: needed = true }: ReadyOptions = {}) {
      const scopes = [undefined, ...world.guilds().map(({ id }) => id)];
      const registered = (): boolean => scopes.some((scope) => commands.list(scope).length > 0);
      return untilReady(events, () => gateway.isReady() && (!needed || registered()), timeoutMs);
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
    until(predicate, { timeoutMs = 60_000, channel } = {}) {
      const within = channel === undefined ? undefined : channelOf(channel);
      const mine = ({ channelId }: { channelId: string }): boolean =>
        within === undefined || channelId === within;
      return untilMessage({ messages, view, timeoutMs, mine }, predicate);
    },
    async fetchAttachment(messageId, index = 0) {
      const record = messages.find(messageId);
      const attachment = record && view(record).attachments[index];
      if (!attachment) throw new Error(`message ${messageId} has no attachment ${index}`);
      const response = await fetch(attachment.url);
      if (!response.ok) throw new Error(`${attachment.url} answered ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

function readers(core: Core) {
  const { world } = core;
  return {
    see: (record: InteractionRecord): InteractionView => viewInteraction(record, core),
    channelOf: (reference: string): string =>
      reference.startsWith('dm:') ? world.dm(reference.slice(3)).id : world.channel(reference).id,
  };
}

function actorOf(core: Core, name: string, channel = 'general', loadFile: Outside['loadFile']): Actor {
  const { world, gateway } = core;
  const user = world.user(name);
  const place = channel === 'dm' ? world.dm(user.id) : world.channel(readers(core).channelOf(channel));
  return createActor({
    context: { ...core, dispatch: gateway.dispatch },
    userContext: { user, channel: place },
    ...(loadFile ? { loadFile } : {}),
  });
}

/** Publishes events in the form in which users see them. */
export function announce(core: Core): void {
  const { messages, interactions, events, view } = core;
  const { see } = readers(core);
  messages.events.on('created', (record) => events.emit('messageCreated', view(record)));
  messages.events.on('updated', (record) => events.emit('messageUpdated', view(record)));
  messages.events.on('deleted', (record) => events.emit('messageDeleted', view(record)));
  interactions.events.on('created', (record) => events.emit('interactionCreated', see(record)));
  interactions.events.on('acknowledged', (record) => events.emit('interactionAcknowledged', see(record)));
  interactions.events.on('failed', (record) => events.emit('interactionFailed', see(record)));
}
