import { type APIMessage, MessageFlags, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { Posted, Route, Task } from '../../tasks/model/task.js';
import type { Rests } from '../rest/clients.js';
import { type NamedFile, type Upload, upload } from '../rest/uploads.js';
import { holds } from './missing-attachments.js';

/** Attachments of one message at most (Discord docs: "Create Message"). */
const maxFiles = 10;

/** Results split into messages; one empty message if there are none. */
export function inMessages<T>(
  files: readonly T[],
): readonly [first: readonly T[], ...more: (readonly T[])[]] {
  const more: (readonly T[])[] = [];
  for (let at = maxFiles; at < files.length; at += maxFiles) more.push(files.slice(at, at + maxFiles));
  return [files.slice(0, maxFiles), ...more];
}

/** Posts results that the outcome's own message has no room for. */
export interface OverflowMessages {
  /**
   * The outcome's message identifies an interrupted post, so it goes first, and these once, after it. If Easel is
   * killed in between or Discord refuses them, they are not posted again; a refusal is logged. Never throws.
   */
  post(task: Task, route: Route, outcome: Posted, parts: readonly (readonly NamedFile[])[]): Promise<void>;
}

export function createOverflowMessages({ uploads }: Pick<Rests, 'uploads'>, log: Log): OverflowMessages {
  /** As follow-ups to an interaction's answer, else in the channel. */
  async function postPart(
    task: Task,
    route: Route,
    outcome: Posted,
    files: readonly NamedFile[],
    number: number,
  ): Promise<APIMessage> {
    const { applicationId, token, mayReadHistory, private: secret } = task.origin;
    const followsUp = route === 'answer' && token !== undefined;
    const flags = followsUp && secret ? MessageFlags.Ephemeral : 0;
    const named = { nonce: `m${number}${task.id.replace(':', '.')}`, enforce_nonce: true };
    const reply = { message_reference: { message_id: outcome.messageId, fail_if_not_exists: false } };
    const body = {
      flags: flags | MessageFlags.SuppressEmbeds,
      allowed_mentions: { parse: [], replied_user: false },
      ...(followsUp ? {} : named),
      ...(!followsUp && mayReadHistory && reply),
    };
    const path = followsUp ? Routes.webhook(applicationId, token) : Routes.channelMessages(outcome.channelId);
    const post = (request: Upload) => uploads.post(path, { ...request, auth: !followsUp });
    return (await upload(body, files, post)) as APIMessage;
  }

  return {
    async post(task, route, outcome, parts) {
      for (const [index, files] of parts.entries()) {
        try {
          const message = await postPart(task, route, outcome, files, index + 2);
          if (!holds(message, files.length))
            throw new Error('Discord accepted the message without its files.');
        } catch (error) {
          const details = { task: task.id, files: files.length, err: error };
          log.error(details, 'additional results of a task could not be posted');
        }
      }
    },
  };
}
