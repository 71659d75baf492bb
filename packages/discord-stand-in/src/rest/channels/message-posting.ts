import { ApiError, apiError, formError } from '../../api-errors.js';
import { MessageBody } from '../../body-schemas.js';
import { compose } from '../../messages/message-composer.js';
import { messageFlags } from '../../messages/message-rules.js';
import { type MessageRecord, type MessageReference, messageTypes } from '../../messages/messages.js';
import { type ChannelRecord, channelTypes, holdsPosts, type JsonObject } from '../../types.js';
import type { ReceivedBody } from '../request-body.js';
import { type Call, judged, need, openThread, type RestContext } from '../rest-context.js';
import { channelOf, readsHistory, uploadLimitIn } from '../visible-channels.js';

/** ms for which a nonce is remembered ("a few minutes"). Discord docs: Create Message, `enforce_nonce`. */
const nonceLifeMs = 5 * 60_000;
const createFlags =
  messageFlags.suppressEmbeds | messageFlags.suppressNotifications | messageFlags.componentsV2;

type Nonces = Map<string, { readonly message: MessageRecord; readonly at: number }>;

/** Create Message: returns the message's JSON; an enforced nonce returns the message that had it. */
export function createMessagePosting(context: RestContext): (call: Call) => Promise<JsonObject> {
  const { clock, json } = context;
  const nonces: Nonces = new Map();

  /** The message that already has an enforced nonce. */
  function remembered({ nonce }: MessageBody): MessageRecord | undefined {
    if (nonce === undefined || nonce === null)
      throw formError([{ path: ['nonce'], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }]);
    const known = nonces.get(String(nonce));
    return known && clock.now() - known.at < nonceLifeMs ? known.message : undefined;
  }

  return async (call) => {
    const channel = channelOf(context, call);
    if (holdsPosts(channel.type)) throw apiError('notForMessages');
    const isThread = channel.type === channelTypes.publicThread;
    need(context, channel, isThread ? 'SendMessagesInThreads' : 'SendMessages');
    openThread(context, channel);
    const received = await judged(call, context, 'createMessage', uploadLimitIn(context, channel));
    const body = MessageBody.parse(received.payload);
    checkDm(context, channel);
    checkParts(context, channel, received, body);
    const known = body.enforce_nonce ? remembered(body) : undefined;
    if (known) return { ...json.show(known, context.seesContent()), nonce: body.nonce };
    const record = await create(context, channel, received, body);
    if (body.nonce !== undefined && body.nonce !== null)
      nonces.set(String(body.nonce), { message: record, at: clock.now() });
    return { ...json.show(record, context.seesContent()), nonce: body.nonce ?? undefined };
  };
}

async function create(
  context: RestContext,
  channel: ChannelRecord,
  { files }: ReceivedBody,
  body: MessageBody,
): Promise<MessageRecord> {
  const { world, cdn, messages, json } = context;
  const reference = referenceOf(context, channel, body);
  const target = reference && messages.find(reference.messageId);
  const isForward = reference?.type === 1;
  const { content, notified } = await compose(world, cdn, {
    body,
    files,
    channel,
    authorId: world.botId,
    settable: createFlags,
    repliedTo: isForward ? undefined : target?.authorId,
    mayBeEmpty: isForward,
  });
  return messages.create({
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
}

function checkDm({ world }: RestContext, { type, recipients }: ChannelRecord): void {
  if (type !== channelTypes.dm) return;
  const other = world.findUser(recipients.find((id) => id !== world.botId) ?? '');
  if (!other?.acceptsDms) throw apiError('cannotSendToUser');
  const shared = world.guilds().some(({ installed, members }) => installed && members.has(other.id));
  if (!shared)
    throw new ApiError(400, 50278, 'Cannot send messages to this user due to having no mutual guilds');
}

function checkParts(
  context: RestContext,
  channel: ChannelRecord,
  { files }: ReceivedBody,
  { embeds, message_reference: reference }: MessageBody,
): void {
  if (files.size > 0) need(context, channel, 'AttachFiles');
  if (embeds?.length) need(context, channel, 'EmbedLinks');
  if (reference && (reference.type ?? 0) === 0 && !readsHistory(context, channel))
    throw apiError('cannotReply');
}

function referenceOf(
  { messages }: RestContext,
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
