import { interactionCreate } from '../gateway/events.js';
import type { Dispatch } from '../gateway/gateway-session.js';
import type { Commands } from '../interactions/commands.js';
import type { InteractionDraft, InteractionRecord, Interactions } from '../interactions/interactions.js';
import type { Cdn } from '../messages/cdn.js';
import type { MessageJson } from '../messages/message-json.js';
import type { Viewer } from '../messages/message-view.js';
import type { Messages } from '../messages/messages.js';
import { guildUploadLimit } from '../rest/rest-context.js';
import type { ChannelRecord, JsonObject, UserRecord } from '../types.js';
import type { World } from '../world/world.js';
import { interactionJson } from './interaction-payload.js';
import { createInvocation, type Invocation } from './invocation.js';
import { createResolved, type Resolved } from './resolved-data.js';

/** Dependencies of a client. */
export interface ClientContext {
  readonly world: World;
  readonly cdn: Cdn;
  readonly commands: Commands;
  readonly interactions: Interactions;
  readonly messages: Messages;
  readonly json: MessageJson;
  readonly view: Viewer;
  readonly applicationId: string;
  /** Bytes for each file if nothing gives more. */
  readonly uploadLimit: number;
  readonly userInstallsByGuild: boolean;
  dispatch(event: Dispatch): void;
}

/** A user in a channel. */
export interface UserContext {
  readonly user: UserRecord;
  readonly channel: ChannelRecord;
}

export type Draft = Pick<
  InteractionDraft,
  'type' | 'name' | 'owners' | 'sourceMessageId' | 'targetMessageId'
>;

export interface Sent {
  readonly data: JsonObject;
  readonly message?: JsonObject | undefined;
  readonly locale?: string | undefined;
}

/** Bytes for each file that a user, or the answer to them, may send here. */
export function uploadLimitOf({ world, uploadLimit }: ClientContext, { user, channel }: UserContext): number {
  return Math.max(guildUploadLimit(world.findGuild(channel.guildId), uploadLimit), user.uploadLimit);
}

export function resolvedFor(context: ClientContext, userContext: UserContext): Resolved {
  const { user, channel } = userContext;
  return createResolved({
    ...context,
    userId: user.id,
    channel,
    uploadLimit: uploadLimitOf(context, userContext),
  });
}

/** Records an interaction and dispatches it to the bot. */
export function start(
  context: ClientContext,
  userContext: UserContext,
  draft: Draft,
  sent: Sent,
): { record: InteractionRecord; invocation: Invocation } {
  const { world, interactions, applicationId } = context;
  const { user, channel } = userContext;
  const record = interactions.create({
    ...draft,
    userId: user.id,
    channelId: channel.id,
    guildId: channel.guildId,
    uploadLimit: uploadLimitOf(context, userContext),
  });
  const invocation = createInvocation(record, context);
  const payload = interactionJson(world, record, {
    applicationId,
    data: sent.data,
    message: sent.message,
    locale: sent.locale,
  });
  const byGuild = context.userInstallsByGuild || (world.findGuild(channel.guildId)?.installed ?? false);
  context.dispatch(interactionCreate(record, byGuild, payload));
  return { record, invocation };
}
