import { type APIMessage, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { Posted, Route, Task } from '../../tasks/model/task.js';
import type { Rests } from '../rest/clients.js';
import { openDirectChannel } from '../rest/direct-channel.js';
import { type NamedFile, type Upload, upload } from '../rest/uploads.js';
import type { PanelCard } from '../views/message.js';
import { posted } from './delivery-lookup.js';
import { type Nonce, ownMessage } from './message-body.js';
import { arrived, deleteOwn } from './missing-attachments.js';

/** Messages of their own, in a channel or a direct message. All throw what Discord's REST API does. */
export interface TaskMessages {
  /** The channel of a route; a direct channel is opened. */
  channelOf(task: Task, route: Route): Promise<string>;
  /** Posts a card by a route; resolves once Discord has all of its files. */
  send(
    task: Task,
    route: Route,
    message: { readonly card: PanelCard; readonly files?: readonly NamedFile[]; readonly kind: Nonce },
  ): Promise<Posted>;
}

interface Deps {
  readonly rests: Pick<Rests, 'bot' | 'uploads'>;
  readonly log: Log;
}

export function createTaskMessages({ rests, log }: Deps): TaskMessages {
  const channelOf: TaskMessages['channelOf'] = async ({ origin }, route) =>
    route === 'direct' ? openDirectChannel(rests, origin.userId) : origin.channelId;

  /**
   * A nonce returns the first message posted under it: if files were rejected since, that message would keep its old
   * text instead of saying why a file is missing.
   */
  async function inItsWords(message: APIMessage, card: PanelCard, content: string): Promise<APIMessage> {
    if (message.content.trim() === content.trim()) return message;
    const route = Routes.channelMessage(message.channel_id, message.id);
    return (await rests.bot.patch(route, { body: { ...card, content, attachments: [] } })) as APIMessage;
  }

  return {
    channelOf,
    async send(task, route, { card, files = [], kind }) {
      const channelId = await channelOf(task, route);
      const body = ownMessage(task, channelId, card, kind);
      const path = Routes.channelMessages(channelId);
      if (files.length === 0) {
        const sent = (await rests.bot.post(path, { body })) as APIMessage;
        return posted(await inItsWords(sent, card, body.content));
      }
      const message = (await upload(body, files, (request) =>
        rests.uploads.post(path, request),
      )) as APIMessage;
      // Posted again, the nonce would give back the message without files.
      const repair = async ({ id }: APIMessage) => {
        const edit = (request: Upload) => rests.uploads.patch(Routes.channelMessage(channelId, id), request);
        return (await upload(card, files, edit)) as APIMessage;
      };
      const arriving = { message, files: files.length, repair, takeBack: deleteOwn(rests) };
      return posted(await arrived(arriving, log));
    },
  };
}
