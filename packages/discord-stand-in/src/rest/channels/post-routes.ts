import { z } from 'zod';
import { apiError } from '../../api-errors.js';
import { MessageBody } from '../../body-schemas.js';
import { compose } from '../../messages/message-composer.js';
import { messageFlags } from '../../messages/message-rules.js';
import { messageTypes } from '../../messages/messages.js';
import { type ChannelRecord, channelTypes, holdsPosts } from '../../types.js';
import { channelJson } from '../../world/world-json.js';
import { type Api, answer, judged, need, type RestContext } from '../rest-context.js';
import { channelOf, uploadLimitIn } from '../visible-channels.js';

const PostBody = z.looseObject({ name: z.string(), message: MessageBody });
const ThreadChanges = z.looseObject({
  name: z.string().optional(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
});

const postFlags = messageFlags.suppressEmbeds | messageFlags.componentsV2;

/**
 * Posts in forum and media channels, and what a bot does with the thread of one. Discord docs: Channel, "Start Thread in
 * Forum or Media Channel" (the first message has the thread's id), "Modify Channel", "Delete/Close Channel".
 */
export function postRoutes(api: Api, context: RestContext): void {
  const { world, cdn, messages, json } = context;
  api.post('/channels/:channel/threads', async (call) => {
    const forum = channelOf(context, call);
    if (!holdsPosts(forum.type)) throw apiError('wrongChannelType');
    need(context, forum, 'SendMessages');
    const received = await judged(call, context, 'createPost', uploadLimitIn(context, forum));
    if (received.files.size > 0) need(context, forum, 'AttachFiles');
    const { name, message: body } = PostBody.parse(received.payload);
    const { content, notified } = await compose(world, cdn, {
      body,
      files: received.files,
      channel: forum,
      authorId: world.botId,
      settable: postFlags,
    });
    const guildId = forum.guildId ?? '';
    const thread = world.addChannel(guildId, {
      name,
      type: channelTypes.publicThread,
      parentId: forum.id,
      nsfw: forum.nsfw,
      ownerId: world.botId,
    });
    const draft = { ...content, channelId: thread.id, authorId: world.botId, type: messageTypes.default };
    const record = messages.create({ ...draft, id: thread.id, notified });
    return answer({ ...channelJson(world, thread), message: json.show(record, context.seesContent()) }, 201);
  });
  api.patch('/channels/:channel', async (call) => {
    const thread = threadOf(channelOf(context, call));
    const { name, archived, locked } = ThreadChanges.parse(await call.req.json());
    // Its owner may do everything but lock it.
    if (thread.ownerId !== world.botId || locked !== undefined) need(context, thread, 'ManageThreads');
    if (name !== undefined) thread.name = name;
    world.setThread(thread.id, {
      ...(archived !== undefined && { archived }),
      ...(locked !== undefined && { locked }),
    });
    return answer(channelJson(world, thread));
  });
  api.delete('/channels/:channel', (call) => {
    const thread = threadOf(channelOf(context, call));
    need(context, thread, 'ManageThreads');
    for (const record of messages.inChannel(thread.id)) messages.remove(record);
    world.removeChannel(thread.id);
    return answer(channelJson(world, thread));
  });
}

function threadOf(channel: ChannelRecord): ChannelRecord {
  if (channel.type !== channelTypes.publicThread) throw apiError('missingPermissions');
  return channel;
}
