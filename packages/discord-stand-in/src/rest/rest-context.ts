import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { apiError, formError } from '../api-errors.js';
import type { Commands } from '../interactions/commands.js';
import type { Interactions } from '../interactions/interactions.js';
import type { Cdn } from '../messages/cdn.js';
import type { MessageJson } from '../messages/message-json.js';
import type { Messages } from '../messages/messages.js';
import type { Clock } from '../timer-clock.js';
import type { ChannelRecord, GuildRecord, JsonObject } from '../types.js';
import { has, type PermissionName } from '../world/permissions.js';
import type { World } from '../world/world.js';
import type { BodyKind, Judge } from './openapi-validation.js';
import { type ReceivedBody, readBody } from './request-body.js';

/** Dependencies of the routes. */
export interface RestContext {
  readonly world: World;
  readonly cdn: Cdn;
  readonly clock: Clock;
  readonly commands: Commands;
  readonly interactions: Interactions;
  readonly messages: Messages;
  readonly json: MessageJson;
  readonly judge: Judge;
  readonly token: string;
  readonly applicationId: string;
  /** Whether the application has the message-content intent switched on. */
  seesContent(): boolean;
  /** Bytes for each file without a boost or subscription. */
  readonly uploadLimit: number;
  readonly hardLimit: number;
  /** How many shards may identify at once, every 5 s. */
  readonly identifyConcurrency: number;
  readonly recommendedShards: number;
  /** ws://… of the gateway. */
  gatewayUrl(): string;
  application(): JsonObject;
}

/** `keepsFiles`: the message is taken, and of its files only so many (a fault). */
export type Env = { Bindings: HttpBindings; Variables: { payload: unknown; keepsFiles?: number } };
export type Api = Hono<Env>;
export type Call = Context<Env>;

/** Reads and validates a body. Throws ApiError 50035, 50109, 40005. */
export async function judged(
  call: Call,
  { judge, hardLimit }: RestContext,
  kind: BodyKind,
  limit: number,
): Promise<ReceivedBody> {
  const received = await readBody(call.req.raw, Math.min(limit, hardLimit));
  call.set('payload', received.payload);
  const issues = judge(kind, received.payload);
  if (issues.length > 0) throw formError(issues);
  const keeps = call.get('keepsFiles');
  return keeps === undefined ? received : withFiles(received, keeps);
}

/** As if only the first few of the files had come. */
function withFiles({ payload, files: sent }: ReceivedBody, keeps: number): ReceivedBody {
  const kept = new Map([...sent].slice(0, keeps));
  const files = new Map([...sent].slice(keeps));
  if (typeof payload !== 'object' || payload === null || !('attachments' in payload))
    return { payload, files: kept };
  const listed: unknown[] = Array.isArray(payload.attachments) ? payload.attachments : [];
  const isFresh = (entry: unknown): boolean =>
    typeof entry === 'object' && entry !== null && 'id' in entry && files.has(String(entry.id));
  const attachments = listed.filter((entry) => !isFresh(entry));
  return { payload: { ...payload, attachments }, files: kept };
}

/** Answers JSON; undefined members are omitted. */
export function answer(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

export function noContent(): Response {
  return new Response(null, { status: 204 });
}

/** A parameter of the path; routes name only those they have. */
export function param(call: Call, name: string): string {
  return call.req.param(name) ?? '';
}

/** The channel, if the bot sees it. Throws ApiError 10003, 50001. */
export function visibleChannel({ world }: RestContext, id: string): ChannelRecord {
  const channel = world.findChannel(id);
  if (!channel) throw apiError('unknownChannel');
  if (!has(world.permissionsIn(channel, world.botId), 'ViewChannel')) throw apiError('missingAccess');
  return channel;
}

/**
 * Throws ApiError 50083, 160005 for a thread that is archived or locked: only a user with Manage Threads can write into it
 * (docs/discord-notes.md#interactions).
 */
export function openThread({ world }: RestContext, channel: ChannelRecord): void {
  if (has(world.permissionsIn(channel, world.botId), 'ManageThreads')) return;
  if (channel.locked) throw apiError('threadLocked');
  if (channel.archived) throw apiError('threadArchived');
}

/** Throws ApiError 50013 unless the bot may. */
export function need({ world }: RestContext, channel: ChannelRecord, name: PermissionName): void {
  if (!has(world.permissionsIn(channel, world.botId), name)) throw apiError('missingPermissions');
}

/** Bytes for each file in a guild by its boosts. Discord docs: Reference, "Uploading Files". */
export function guildUploadLimit(guild: GuildRecord | undefined, base: number): number {
  const boosted = [0, 0, 50, 100][guild?.premiumTier ?? 0] ?? 0;
  return Math.max(base, boosted * 1024 * 1024);
}
