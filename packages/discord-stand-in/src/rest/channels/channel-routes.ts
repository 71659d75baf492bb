import { channelJson } from '../../world/world-json.js';
import { type Api, answer, need, noContent, type RestContext } from '../rest-context.js';
import { channelOf } from '../visible-channels.js';
import { messageRoutes } from './message-routes.js';
import { postRoutes } from './post-routes.js';
import { reactionRoutes } from './reaction-routes.js';

/** Channels and their messages, as the bot reaches them by its token. */
export function channelRoutes(api: Api, context: RestContext): void {
  api.get('/channels/:channel', (call) => answer(channelJson(context.world, channelOf(context, call))));
  api.post('/channels/:channel/typing', (call) => {
    need(context, channelOf(context, call), 'SendMessages');
    return noContent();
  });
  messageRoutes(api, context);
  reactionRoutes(api, context);
  postRoutes(api, context);
}
