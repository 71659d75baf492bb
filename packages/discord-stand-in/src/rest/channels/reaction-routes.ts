import { apiError, formError } from '../../api-errors.js';
import { compareIds } from '../../snowflakes.js';
import { userJson } from '../../world/world-json.js';
import { type Api, answer, need, noContent, param, type RestContext } from '../rest-context.js';
import { channelOf, messageOf, readsHistory } from '../visible-channels.js';

/** Reactions with standard emoji. Discord docs: Message, "Get Reactions", "Create Reaction", "Delete Own Reaction". */
export function reactionRoutes(api: Api, context: RestContext): void {
  const { world, messages } = context;
  const path = '/channels/:channel/messages/:message/reactions/:emoji';
  api.get(path, (call) => {
    const channel = channelOf(context, call);
    if (!readsHistory(context, channel)) throw apiError('missingAccess');
    const record = messageOf(context, call, channel);
    const limit = Number(call.req.query('limit') ?? 25);
    if (!Number.isInteger(limit) || limit < 1 || limit > 100)
      throw formError([
        { path: ['limit'], code: 'NUMBER_TYPE_MAX', message: 'int value should be between 1 and 100.' },
      ]);
    const after = call.req.query('after') ?? '0';
    const users = [...(record.reactions.get(param(call, 'emoji')) ?? [])].sort(compareIds);
    const page = users.filter((id) => compareIds(id, after) > 0).slice(0, limit);
    return answer(page.flatMap((id) => world.findUser(id) ?? []).map(userJson));
  });
  api.put(`${path}/@me`, (call) => {
    const channel = channelOf(context, call);
    const record = messageOf(context, call, channel);
    const emoji = param(call, 'emoji');
    if (!readsHistory(context, channel)) throw apiError('missingPermissions');
    if (!record.reactions.has(emoji)) need(context, channel, 'AddReactions');
    messages.react(record, { emoji, userId: world.botId });
    return noContent();
  });
  api.delete(`${path}/@me`, (call) => {
    const record = messageOf(context, call, channelOf(context, call));
    messages.unreact(record, { emoji: param(call, 'emoji'), userId: world.botId });
    return noContent();
  });
}
