import { ApiError, apiError, formError } from '../api-errors.js';
import { MessageBody } from '../body-schemas.js';
import { compose } from '../messages/message-composer.js';
import { messageFlags } from '../messages/message-rules.js';
import { type MessageRecord, type MessageReference, messageTypes } from '../messages/messages.js';
import { compareIds } from '../snowflakes.js';
import { type ChannelRecord, channelTypes, type JsonObject } from '../types.js';
import { has } from '../world/permissions.js';
import { channelJson } from '../world/world-json.js';
import type { ReceivedBody } from './request-body.js';
import {
  type Api,
  answer,
  type Call,
  guildUploadLimit,
  judged,
  need,
  noContent,
  openThread,
  param,
  type RestContext,
  visibleChannel,
} from './rest-context.js';

/** ms for which a nonce is remembered ("a few minutes"). Discord docs: Create Message, `enforce_nonce`. */
const nonceLifeMs = 5 * 60_000;
const createFlags =
  messageFlags.suppressEmbeds | messageFlags.suppressNotifications | messageFlags.componentsV2;
const editFlags = messageFlags.suppressEmbeds | messageFlags.componentsV2;

/** Channels and their messages, as the bot reaches them by its token. */
export function channelRoutes(api: Api, context: RestContext): void {
  const { world, cdn, clock, messages, json } = context;
  const nonces = new Map<string, { message: MessageRecord; at: number }>();

  const channelOf = (call: Call): ChannelRecord => visibleChannel(context, param(call, 'channel'));
  const limitOf = ({ guildId }: ChannelRecord): number =>
    guildUploadLimit(world.findGuild(guildId), context.uploadLimit);
  const show = (record: MessageRecord): JsonObject => json.show(record, context.seesContent);

  /** Throws ApiError 10008, for ephemeral messages too: by the bot's token nobody finds them. */
  function messageOf(call: Call, channel: ChannelRecord): MessageRecord {
    const record = messages.find(param(call, 'message'));
    if (record?.channelId !== channel.id || record.visibleTo !== undefined) throw apiError('unknownMessage');
    return record;
  }

  api.get('/channels/:channel', (call) => answer(channelJson(world, channelOf(call))));

  api.get('/channels/:channel/messages', (call) => {
    const channel = channelOf(call);
    if (!has(world.permissionsIn(channel, world.botId), 'ReadMessageHistory')) return answer([]);
    const open = messages.inChannel(channel.id).filter(({ visibleTo }) => visibleTo === undefined);
    return answer(page(open, (name) => call.req.query(name)).map(show));
  });

  api.get('/channels/:channel/messages/:message', (call) => {
    const channel = channelOf(call);
    if (!has(world.permissionsIn(channel, world.botId), 'ReadMessageHistory'))
      throw apiError('missingAccess');
    return answer(show(messageOf(call, channel)));
  });

  api.post('/channels/:channel/messages', async (call) => {
    const channel = channelOf(call);
    need(
      context,
      channel,
      channel.type === channelTypes.publicThread ? 'SendMessagesInThreads' : 'SendMessages',
    );
    openThread(context, channel);
    const received = await judged(call, context, 'createMessage', limitOf(channel));
    const body = MessageBody.parse(received.payload);
    checkDm(channel);
    checkParts(channel, received, body);
    const known = body.enforce_nonce ? remembered(body) : undefined;
    if (known) return answer({ ...show(known), nonce: body.nonce });
    const reference = referenceOf(channel, body);
    const target = reference && messages.find(reference.messageId);
    const isForward = reference?.type === 1;
    const { content, notified } = await compose(world, cdn, {
      body,
      files: received.files,
      channel,
      authorId: world.botId,
      settable: createFlags,
      repliedTo: isForward ? undefined : target?.authorId,
      mayBeEmpty: isForward,
    });
    const record = messages.create({
      ...content,
      flags: content.flags | (isForward ? messageFlags.hasSnapshot : 0),
      channelId: channel.id,
      authorId: world.botId,
      type: reference?.type === 0 ? messageTypes.reply : messageTypes.default,
      reference,
      ...(isForward && target ? { snapshots: [json.snapshot(target)] } : {}),
      notified,
      nonce: body.nonce ?? undefined,
    });
    if (body.nonce !== undefined && body.nonce !== null)
      nonces.set(String(body.nonce), { message: record, at: clock.now() });
    return answer({ ...show(record), nonce: body.nonce ?? undefined });
  });

  api.patch('/channels/:channel/messages/:message', async (call) => {
    const channel = channelOf(call);
    const record = messageOf(call, channel);
    if (record.authorId !== world.botId) throw apiError('notOwnMessage');
    openThread(context, channel);
    const received = await judged(call, context, 'editMessage', limitOf(channel));
    const body = MessageBody.parse(received.payload);
    if (received.files.size > 0) need(context, channel, 'AttachFiles');
    const { content } = await compose(world, cdn, {
      body,
      files: received.files,
      channel,
      authorId: world.botId,
      record,
      settable: editFlags,
    });
    messages.edit(record, content);
    return answer(show(record));
  });

  api.delete('/channels/:channel/messages/:message', (call) => {
    const channel = channelOf(call);
    const record = messageOf(call, channel);
    if (record.authorId !== world.botId) need(context, channel, 'ManageMessages');
    messages.remove(record);
    return noContent();
  });

  api.post('/channels/:channel/typing', (call) => {
    need(context, channelOf(call), 'SendMessages');
    return noContent();
  });

  function checkDm({ type, recipients }: ChannelRecord): void {
    if (type !== channelTypes.dm) return;
    const other = world.findUser(recipients.find((id) => id !== world.botId) ?? '');
    if (!other?.acceptsDms) throw apiError('cannotSendToUser');
    const shared = world.guilds().some(({ installed, members }) => installed && members.has(other.id));
    if (!shared)
      throw new ApiError(400, 50278, 'Cannot send messages to this user due to having no mutual guilds');
  }

  function checkParts(
    channel: ChannelRecord,
    { files }: ReceivedBody,
    { embeds, message_reference: reference }: MessageBody,
  ): void {
    if (files.size > 0) need(context, channel, 'AttachFiles');
    if (embeds?.length) need(context, channel, 'EmbedLinks');
    if (
      reference &&
      (reference.type ?? 0) === 0 &&
      !has(world.permissionsIn(channel, world.botId), 'ReadMessageHistory')
    )
      throw apiError('cannotReply');
  }

  function remembered({ nonce }: MessageBody): MessageRecord | undefined {
    if (nonce === undefined || nonce === null)
      throw formError([{ path: ['nonce'], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }]);
    const known = nonces.get(String(nonce));
    return known && clock.now() - known.at < nonceLifeMs ? known.message : undefined;
  }

  function referenceOf(
    channel: ChannelRecord,
    { message_reference: given }: MessageBody,
  ): MessageReference | undefined {
    if (!given) return undefined;
    const type = given.type === 1 ? 1 : 0;
    const target = messages.find(given.message_id);
    const from = given.channel_id ?? channel.id;
    const found =
      target &&
      target.channelId === from &&
      target.visibleTo === undefined &&
      (type === 1 || from === channel.id);
    if (found) return { type, messageId: target.id, channelId: target.channelId, guildId: target.guildId };
    if (given.fail_if_not_exists === false && type === 0) return undefined;
    throw formError([
      { path: ['message_reference'], code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' },
    ]);
  }
}

/** The asked part of a channel, newest first. Discord docs: Get Channel Messages. */
function page(
  records: readonly MessageRecord[],
  query: (name: string) => string | undefined,
): MessageRecord[] {
  const limit = Number(query('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw formError([
      { path: ['limit'], code: 'NUMBER_TYPE_MAX', message: 'int value should be between 1 and 100.' },
    ]);
  const { before, after, around } = {
    before: query('before'),
    after: query('after'),
    around: query('around'),
  };
  let chosen = records;
  if (around) {
    const index = records.findIndex(({ id }) => compareIds(id, around) >= 0);
    const start = Math.max(0, (index === -1 ? records.length : index) - Math.floor(limit / 2));
    chosen = records.slice(start, start + limit);
  } else if (after) chosen = records.filter(({ id }) => compareIds(id, after) > 0).slice(0, limit);
  else if (before) chosen = records.filter(({ id }) => compareIds(id, before) < 0).slice(-limit);
  else chosen = records.slice(-limit);
  return chosen.toReversed();
}
