import { MessageFlags } from 'discord.js';
import { text } from '../../locales/index.js';
import type { Parcel } from '../../tasks/delivery/parcels.js';
import { endsInWords, isAlive } from '../../tasks/model/state-machine.js';
import type { Origin, Posted, Task } from '../../tasks/model/task.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';
import type { NamedFile } from '../rest/uploads.js';
import { fileName, fileTitle } from '../views/file-names.js';
import { clip } from '../views/markdown.js';
import { maxContent, type PanelCard } from '../views/message.js';
import { linkTo } from '../views/message-link.js';

/** Longest attachment description, UTF-16 units. */
const maxDescription = 1024;

/** What a message of its own is: a result, a failure, a notice on the way, an answer, a ping. */
export type Nonce = 'r' | 'f' | 'n' | 'a' | 'p';

/** The same kinds in the direct messages of a user who ordered elsewhere. */
const elsewhere = { r: 'R', f: 'F', n: 'N', a: 'A', p: 'P' } as const satisfies Record<Nonce, string>;

/** At most 25 characters, different for each message of a task: `r1146…023.1`. */
function nonce(kind: Nonce | (typeof elsewhere)[Nonce], task: Task): string {
  return `${kind}${task.id.replace(':', '.')}`;
}

/** Within minutes, Discord makes one message of those with the same nonce. */
function once(kind: Nonce | (typeof elsewhere)[Nonce], task: Task) {
  return { nonce: nonce(kind, task), enforce_nonce: true };
}

function replyTo(origin: Origin, channelId: string, messageId = origin.messageId): object {
  if (!messageId || !origin.mayReadHistory || channelId !== origin.channelId) return {};
  return { message_reference: { message_id: messageId, fail_if_not_exists: false } };
}

/** A message of its own: it mentions the user who asked, and only them, since no answer of theirs is edited. */
export function ownMessage(task: Task, channelId: string, card: PanelCard, kind: Nonce) {
  const { origin } = task;
  const isDirect = channelId !== origin.channelId;
  return {
    ...card,
    content: clip(`<@${origin.userId}>\n${card.content}`, maxContent),
    allowed_mentions: { parse: [], users: [origin.userId], replied_user: false },
    // Nonces are per bot, not per channel: reusing one elsewhere returns the message of the previous route.
    ...once(isDirect ? elsewhere[kind] : kind, task),
    ...replyTo(origin, channelId),
  };
}

/** The reply to the message that asked. */
export function replyMessage(task: Task, card: PanelCard) {
  const { channelId, eventId } = task.origin;
  return { ...card, ...once('a', task), ...replyTo(task.origin, channelId, eventId) };
}

/**
 * The message that pings a user when their task is done, with a link to what it announces if others could follow it.
 * @param results how many there are, if the task is the last one of a set.
 */
export function ping(task: Task, posted: Posted, results?: number) {
  const { userId, guildId, private: secret } = task.origin;
  const link = secret ? '' : ` ${linkTo(posted, guildId)}`;
  return {
    content: `<@${userId}> ${announcement(task, results)}${link}`,
    flags: MessageFlags.SuppressEmbeds | (secret ? MessageFlags.Ephemeral : 0),
    allowed_mentions: { parse: [], users: [userId], replied_user: false },
  };
}

/** The same as a message in the channel, under what it announces. */
export function pingMessage(task: Task, posted: Posted, results?: number) {
  return {
    ...ping(task, posted, results),
    ...once('p', task),
    ...replyTo(task.origin, task.origin.channelId, posted.messageId),
  };
}

/** What the message that pings a user says. */
function announcement({ state, request, made, cost, origin: { locale } }: Task, results?: number): string {
  if (endsInWords(state) && results === undefined) return text(locale, 'notify.failed');
  if (request.kind === 'video') return text(locale, 'notify.done.video');
  return text(locale, 'notify.done.image', { count: results ?? made?.billed ?? cost.amount });
}

/** Images that the answer hosts for MPS: an edit drops what it does not list. An outcome no longer needs them. */
export function hostedBy({ request, state }: Task): { id: string }[] {
  if (!isAlive(state) || state.name === 'delivering') return [];
  return sourcesOf(request).flatMap(({ hostedAs }) => (hostedAs === undefined ? [] : [{ id: hostedAs }]));
}

/**
 * Each file is named by its number among the results, also if another one is not posted.
 * @param numberOf the number that a result has in the message.
 * @default from 1
 */
export function nameFiles(
  { request, origin }: Task,
  parcels: readonly Parcel[],
  numberOf: (index: number) => number | string = (index) => index + 1,
): NamedFile[] {
  // File names and descriptions count as text too.
  const prompt = origin.wordless ? '' : request.prompt;
  const description = clip(prompt, maxDescription);
  return parcels.flatMap(({ file, spoiler }, index) => {
    if (!file) return [];
    const name = fileName(prompt, file.type, numberOf(index));
    const title = fileTitle(prompt, numberOf(index));
    // Discord's own mark for a file that is hidden until it is clicked.
    return [{ file, name: spoiler ? `SPOILER_${name}` : name, title, description }];
  });
}
