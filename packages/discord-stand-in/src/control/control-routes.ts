import { ControlError, type ControlRoutes } from '@easel/stand-in-kit';
import type { Actor } from '../client/actor.js';
import { ClientRefusal } from '../client/client-refusal.js';
import type { Invocation } from '../client/invocation.js';
import type { MessageView } from '../messages/message-view.js';
import type { DiscordStandIn, InteractionView, StandInEvents } from '../stand-in.js';
import type { World } from '../world/world.js';
import { channelJson, guildJson, memberJson, worldJson } from '../world/world-json.js';
import * as bodies from './control-schemas.js';

/** Events that listeners of `/_control/events` get, by the stand-in's own names. */
export const controlEvents = [
  'messageCreated',
  'messageUpdated',
  'messageDeleted',
  'interactionCreated',
  'interactionAcknowledged',
  'interactionFailed',
  'request',
  'problem',
  'commandsChanged',
  'gatewayChanged',
] as const satisfies readonly (keyof StandInEvents)[];

/** The routes of `/_control`; all times are ms. */
export function controlRoutes(standIn: DiscordStandIn): ControlRoutes {
  return {
    ...userRoutes(standIn),
    ...messageRoutes(standIn),
    ...worldRoutes(standIn),
    ...portalRoutes(standIn),
    ...recordRoutes(standIn),
    ...faultRoutes(standIn),
  };
}

/** The acting user and the channel. */
function actorOf(standIn: DiscordStandIn) {
  return ({ user, channel }: { user: string; channel: string }): Actor =>
    refusing(() => standIn.actor(user, channel));
}

/** Actions of users: typing, pressing, choosing. */
function userRoutes(standIn: DiscordStandIn): ControlRoutes {
  const actor = actorOf(standIn);
  const invoked = async (
    work: Promise<Invocation>,
  ): Promise<{ interaction: InteractionView | undefined }> => {
    const { id } = await refused(work);
    return { interaction: standIn.interaction(id) };
  };
  return {
    'POST /type': async ({ body }) => {
      const { line, user, channel, ...settings } = bodies.TypeBody.parse(body);
      const outcome = await refused(actor({ user, channel }).type(line, settings));
      return 'token' in outcome ? { interaction: standIn.interaction(outcome.id) } : { message: outcome };
    },
    'POST /command': ({ body }) => {
      const { name, options, user, channel, ...settings } = bodies.CommandCall.parse(body);
      return invoked(actor({ user, channel }).command(name, options, settings));
    },
    'POST /autocomplete': async ({ body }) => {
      const { name, options, focused, user, channel, ...settings } = bodies.AutocompleteCall.parse(body);
      return {
        choices: await refused(actor({ user, channel }).autocomplete(name, options, focused, settings)),
      };
    },
    'POST /message-command': ({ body }) => {
      const { name, messageId, user, channel, ...settings } = bodies.MessageCommandCall.parse(body);
      return invoked(actor({ user, channel }).messageCommand(name, messageId, settings));
    },
    'POST /press': ({ body }) => {
      const { messageId, button, ...userContext } = bodies.PressCall.parse(body);
      return invoked(actor(userContext).press(messageId, button));
    },
    'POST /select': ({ body }) => {
      const { messageId, customId, values, ...userContext } = bodies.SelectCall.parse(body);
      return invoked(actor(userContext).select(messageId, customId, values));
    },
    'POST /modal': ({ body }) => {
      const { interactionId, fields, ...userContext } = bodies.ModalCall.parse(body);
      return invoked(actor(userContext).submitModal({ id: interactionId }, fields));
    },
  };
}

/** Messages of users: sent, edited, deleted. */
function messageRoutes(standIn: DiscordStandIn): ControlRoutes {
  const actor = actorOf(standIn);
  const said = async (work: Promise<MessageView>): Promise<{ message: MessageView }> => ({
    message: await refused(work),
  });
  return {
    'POST /send': ({ body }) => {
      const { text, user, channel, ...settings } = bodies.SendCall.parse(body);
      return said(actor({ user, channel }).send(text, settings));
    },
    'POST /forward': ({ body }) => {
      const { messageId, ...userContext } = bodies.MessageCall.parse(body);
      return said(actor(userContext).forward(messageId));
    },
    'POST /edit': ({ body }) => {
      const { messageId, text, ...userContext } = bodies.EditCall.parse(body);
      return said(actor(userContext).edit(messageId, text));
    },
    'POST /remove': ({ body }) => {
      const { messageId, ...userContext } = bodies.MessageCall.parse(body);
      return refused(actor(userContext).remove(messageId));
    },
  };
}

function worldRoutes({ world }: DiscordStandIn): ControlRoutes {
  return {
    'GET /world': () => worldJson(world),
    'POST /users': ({ body }) => world.addUser(bodies.NewUserBody.parse(body)),
    'POST /guilds': ({ body }) => guildJson(world.addGuild(bodies.NewGuildBody.parse(body))),
    'POST /channels': ({ body }) => {
      const { guild, ...channel } = bodies.NewChannelBody.parse(body);
      return channelJson(
        world,
        refusing(() => world.addChannel(guild, channel)),
      );
    },
    'POST /members': ({ body }) => {
      const { guild, user, roles } = bodies.NewMemberBody.parse(body);
      return memberJson(refusing(() => world.addMember(guild, user, roles)));
    },
    'PATCH /guilds/:guild': ({ params, body }) =>
      refusing(() => world.setBoostTier(params.guild ?? '', bodies.TierBody.parse(body).premiumTier)),
    'DELETE /guilds/:guild': ({ params }) => refusing(() => world.removeGuild(params.guild ?? '')),
    'PUT /channels/:channel/deny-bot': ({ params, body }) =>
      refusing(() => world.denyBot(params.channel ?? '', bodies.DenyBody.parse(body).permissions)),
    'PUT /channels/:channel/thread': ({ params, body }) => {
      const { locked, archived } = bodies.ThreadBody.parse(body);
      const is = { ...(locked !== undefined && { locked }), ...(archived !== undefined && { archived }) };
      refusing(() => world.setThread(params.channel ?? '', is));
    },
    'PUT /filters': ({ body }) => setFilters(world, bodies.FiltersBody.parse(body)),
    'DELETE /guilds/:guild/roles/:role': ({ params }) =>
      refusing(() => world.removeRole(params.guild ?? '', params.role ?? '')),
    'DELETE /channels/:channel': ({ params }) => refusing(() => world.removeChannel(params.channel ?? '')),
    'PUT /users/:user/dms': ({ params, body }) =>
      refusing(() => world.setDms(params.user ?? '', bodies.DmsBody.parse(body).accepts)),
  };
}

function setFilters(
  { filters }: World,
  { autoMod, harmful, media }: ReturnType<typeof bodies.FiltersBody.parse>,
): void {
  filters.setAutoMod(autoMod);
  filters.setHarmful(harmful);
  filters.setMedia(
    ({ filename, bytes }) =>
      media !== undefined &&
      (media.names.some((name) => filename.includes(name)) ||
        bytes.length >= (media.leastBytes ?? Number.POSITIVE_INFINITY)),
  );
}

/** Actions of the application's owner in the Developer Portal. */
function portalRoutes({ portal }: DiscordStandIn): ControlRoutes {
  return {
    'GET /portal': () => portal,
    'PUT /portal': ({ body }) => {
      portal.messageContent = bodies.PortalBody.parse(body).messageContent;
      return portal;
    },
  };
}

function recordRoutes(standIn: DiscordStandIn): ControlRoutes {
  const found = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new ControlError(404, `there is no ${what}`);
    return value;
  };
  return {
    'GET /state': () => ({
      apiUrl: standIn.apiUrl,
      applicationId: standIn.applicationId,
      ready: standIn.gateway.isReady(),
      identifies: standIn.gateway.identifies,
      resumes: standIn.gateway.resumes,
      invalidRequests: standIn.invalidRequests(),
      now: standIn.clock.now(),
    }),
    'GET /commands': ({ query }) => standIn.commands(query.get('guild') ?? undefined),
    'GET /channels/:channel/messages': ({ params }) => refusing(() => standIn.messages(params.channel ?? '')),
    'GET /messages/:id': ({ params: { id = '' } }) => found(standIn.message(id), `message ${id}`),
    'GET /interactions/:id': ({ params: { id = '' } }) => found(standIn.interaction(id), `interaction ${id}`),
    'POST /interactions/:id/expire': ({ params: { id = '' }, body }) =>
      standIn.expireToken(id, bodies.ExpireBody.parse(body).code),
    'GET /records': ({ query }) => standIn.requests.filter(({ at }) => at >= Number(query.get('since') ?? 0)),
    'GET /problems': () => standIn.problems,
    'GET /clock': () => ({ now: standIn.clock.now() }),
    'POST /clock': ({ body }) => standIn.clock.advance(bodies.ClockBody.parse(body).advanceMs),
  };
}

function faultRoutes({ faults, gateway }: DiscordStandIn): ControlRoutes {
  return {
    'GET /faults': () => faults.list(),
    'POST /faults': ({ body }) => ({ id: faults.arm(bodies.FaultBody.parse(body)) }),
    'DELETE /faults': () => faults.clear(),
    'DELETE /faults/:id': ({ params: { id = '' } }) => {
      if (!faults.disarm(Number(id))) throw new ControlError(404, `there is no fault ${id}`);
    },
    'POST /gateway/drop': ({ body }) => gateway.faults.drop(bodies.DropBody.parse(body).code),
    'POST /gateway/invalid-session': ({ body }) =>
      gateway.faults.invalidSession(bodies.InvalidBody.parse(body).resumable),
    'POST /gateway/reconnect': () => gateway.faults.reconnect(),
    'POST /gateway/heartbeat-acks': ({ body }) =>
      gateway.faults.stopHeartbeatAcks(bodies.AcksBody.parse(body).stopped),
    'POST /gateway/freeze': () => gateway.faults.freeze(),
    'POST /gateway/refuse': ({ body }) => gateway.faults.refuse(bodies.RefuseBody.parse(body).refused),
    'POST /gateway/replay': ({ body }) => gateway.faults.replay(bodies.ReplayBody.parse(body).last),
    'POST /gateway/duplicate': ({ body }) => {
      const { name, on } = bodies.DuplicateBody.parse(body);
      gateway.faults.duplicate(name, on);
    },
  };
}

/** A wrong name is the caller's mistake; the sentence says so. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error && error.constructor === Error
      ? new ControlError(404, error.message)
      : error;
  }
}

/** A refusal by the client of a user is not an error of the server. */
async function refused<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof ClientRefusal ? new ControlError(422, error.message) : error;
  }
}
