import { apiError, formError } from '../../api-errors.js';
import { MessageBody } from '../../body-schemas.js';
import { compose } from '../../messages/message-composer.js';
import { messageFlags } from '../../messages/message-rules.js';
import type { MessageRecord } from '../../messages/messages.js';
import { compareIds } from '../../snowflakes.js';
import type { JsonObject } from '../../types.js';
import { type Api, answer, judged, need, noContent, openThread, type RestContext } from '../rest-context.js';
import { channelOf, messageOf, readsHistory, uploadLimitIn } from '../visible-channels.js';
import { createMessagePosting } from './message-posting.js';

const editFlags = messageFlags.suppressEmbeds | messageFlags.componentsV2;

/** Messages of a channel: read, posted, edited and deleted. */
export function messageRoutes(api: Api, context: RestContext): void {
  const { world, messages } = context;
  readingRoutes(api, context);
  const post = createMessagePosting(context);
  api.post('/channels/:channel/messages', async (call) => answer(await post(call)));
  editingRoute(api, context);
  api.delete('/channels/:channel/messages/:message', (call) => {
    const channel = channelOf(context, call);
    const record = messageOf(context, call, channel);
    if (record.authorId !== world.botId) need(context, channel, 'ManageMessages');
    messages.remove(record);
    return noContent();
  });
}

function readingRoutes(api: Api, context: RestContext): void {
  const { messages, json } = context;
  const show = (record: MessageRecord): JsonObject => json.show(record, context.seesContent());
  api.get('/channels/:channel/messages', (call) => {
    const channel = channelOf(context, call);
    if (!readsHistory(context, channel)) return answer([]);
    const open = messages.inChannel(channel.id).filter(({ visibleTo }) => visibleTo === undefined);
    return answer(page(open, (name) => call.req.query(name)).map(show));
  });
  api.get('/channels/:channel/messages/:message', (call) => {
    const channel = channelOf(context, call);
    if (!readsHistory(context, channel)) throw apiError('missingAccess');
    return answer(show(messageOf(context, call, channel)));
  });
}

function editingRoute(api: Api, context: RestContext): void {
  const { world, cdn, messages, json } = context;
  api.patch('/channels/:channel/messages/:message', async (call) => {
    const channel = channelOf(context, call);
    const record = messageOf(context, call, channel);
    if (record.authorId !== world.botId) throw apiError('notOwnMessage');
    openThread(context, channel);
    const received = await judged(call, context, 'editMessage', uploadLimitIn(context, channel));
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
    return answer(json.show(record, context.seesContent()));
  });
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
