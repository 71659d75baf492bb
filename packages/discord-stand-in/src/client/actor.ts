import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Choice, CommandBody } from '../body-schemas.js';
import { commandTypes, optionTypes } from '../interactions/command-rules.js';
import type { InteractionRecord } from '../interactions/interactions.js';
import type { Upload } from '../messages/cdn.js';
import type { MessageView } from '../messages/message-view.js';
import type { MessageRecord } from '../messages/messages.js';
import { has } from '../world/permissions.js';
import { type ClientContext, type UserContext, uploadLimitOf } from './client-context.js';
import { ClientRefusal } from './client-refusal.js';
import { leafOptions, type OptionValue, type OptionValues } from './command-options.js';
import { press, select } from './component-clicks.js';
import type { Invocation } from './invocation.js';
import { type ModalFields, submitModal } from './modal-submit.js';
import { amend, forward, type SendSettings, speak } from './sent-messages.js';
import {
  askChoices,
  type CommandSettings,
  findCommand,
  offeredCommands,
  runCommand,
  runMessageCommand,
  runUserCommand,
} from './slash-commands.js';
import { parseCommandName, parseOptions, takeSubcommands } from './typed-command.js';

/**
 * Turns the placeholder of a file in a typed line (a path) into the file. `types`: what the option asks for, such as `video`.
 */
export type LoadFile = (reference: string, types?: readonly string[]) => Promise<Upload>;

/** A user at their client, in one channel. Every method throws ClientRefusal for requests that a client would not send. */
export interface Actor {
  readonly userId: string;
  readonly channelId: string;
  /** Bytes for each file that they may send here. */
  readonly uploadLimit: number;
  /** `command('imagine', {prompt: 'a fox'})`, `command('settings show')`. */
  command(name: string, options?: OptionValues, settings?: CommandSettings): Promise<Invocation>;
  /** A line as typed: a command with its options, or else a message. */
  type(line: string, settings?: CommandSettings): Promise<Invocation | MessageView>;
  autocomplete(
    name: string,
    options: OptionValues,
    focused: string,
    settings?: CommandSettings,
  ): Promise<readonly Choice[]>;
  messageCommand(name: string, messageId: string, settings?: CommandSettings): Promise<Invocation>;
  /** A context menu command on a user, by name or id. */
  userCommand(name: string, user: string, settings?: CommandSettings): Promise<Invocation>;
  /** Commands this user finds here: slash commands, then those on messages. */
  commands(): readonly CommandBody[];
  press(messageId: string, labelOrCustomId: string): Promise<Invocation>;
  select(messageId: string, customId: string, values: readonly string[]): Promise<Invocation>;
  /** @param settings.forged by a client that someone changed: the modal is open at another user. */
  submitModal(
    opened: Pick<Invocation, 'id'>,
    fields: ModalFields,
    settings?: { readonly forged?: boolean },
  ): Promise<Invocation>;
  send(text: string, settings?: SendSettings): Promise<MessageView>;
  forward(messageId: string): Promise<MessageView>;
  edit(messageId: string, text: string): Promise<MessageView>;
  /** Deletes the user's own message, or anyone's as a moderator, and dismisses an ephemeral one. */
  remove(messageId: string): Promise<void>;
  /** Reacts to a message with a standard emoji, or takes that back. */
  react(messageId: string, emoji: string): Promise<void>;
  unreact(messageId: string, emoji: string): Promise<void>;
  /** The messages that this user sees in the channel, oldest first. */
  messages(): MessageView[];
  /** The same user in another channel, by name or id. */
  in(channel: string): Actor;
  /** The same user in their DM with the bot. */
  readonly dm: Actor;
}

export interface ActorOptions {
  context: ClientContext;
  userContext: UserContext;
  loadFile?: LoadFile;
}

export function createActor({ context, userContext, loadFile = fromDisk }: ActorOptions): Actor {
  const { world, messages, view } = context;
  const { user, channel } = userContext;

  const at = (place: UserContext['channel']): Actor =>
    createActor({ context, userContext: { user, channel: place }, loadFile });

  return {
    userId: user.id,
    channelId: channel.id,
    uploadLimit: uploadLimitOf(context, userContext),
    command: (name, options = {}, settings = {}) =>
      runCommand(context, userContext, { name, options, settings }),
    type: (line, settings = {}) => typeLine(context, userContext, loadFile, line, settings),
    autocomplete: (name, options, focused, settings = {}) =>
      askChoices(context, userContext, { name, options, focused, settings }),
    messageCommand: async (name, messageId, settings = {}) =>
      runMessageCommand(context, userContext, name, messageId, settings),
    userCommand: async (name, target, settings = {}) =>
      runUserCommand(context, userContext, name, target, settings),
    commands: () =>
      [commandTypes.chatInput, commandTypes.user, commandTypes.message].flatMap((type) =>
        offeredCommands(context, userContext, type),
      ),
    press: async (messageId, wanted) => press(context, userContext, messageId, wanted),
    select: async (messageId, customId, values) => select(context, userContext, messageId, customId, values),
    submitModal: async ({ id }, fields, { forged = false } = {}) =>
      submitModal(context, userContext, openModal(context, userContext, id, forged), fields),
    send: async (text, settings) => view(await speak(context, userContext, text, settings)),
    forward: async (messageId) => view(forward(context, userContext, messageId)),
    async edit(messageId, text) {
      const message = ownMessage(context, userContext, messageId);
      await amend(context, userContext, message, text);
      return view(message);
    },
    remove: async (messageId) => messages.remove(removable(context, userContext, messageId)),
    react: async (messageId, emoji) =>
      messages.react(reactable(context, userContext, messageId, emoji), { emoji, userId: user.id }),
    unreact: async (messageId, emoji) =>
      messages.unreact(seenMessage(context, userContext, messageId), { emoji, userId: user.id }),
    messages: () =>
      messages
        .inChannel(channel.id)
        .filter(({ visibleTo }) => visibleTo === undefined || visibleTo === user.id)
        .map(view),
    in: (reference) => at(world.channel(reference)),
    get dm() {
      return at(world.dm(user.id));
    },
  };
}

/** A line as typed: a command with its options, or else a message. */
async function typeLine(
  context: ClientContext,
  userContext: UserContext,
  loadFile: LoadFile,
  line: string,
  settings: CommandSettings,
): Promise<Invocation | MessageView> {
  const parts = parseCommandName(line.trim());
  if (!parts) return context.view(await speak(context, userContext, line));
  const [first = ''] = parts.words;
  const integration = settings.integration ?? 'guild';
  const { body } = findCommand(context, userContext, first, commandTypes.chatInput, integration);
  const { path, rest } = takeSubcommands(body.options ?? [], parts.rest);
  const options = leafOptions(body, path);
  const values: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(parseOptions(options, rest))) {
    const option = options.find((each) => each.name === name);
    const isFile = option?.type === optionTypes.attachment;
    values[name] = isFile ? await loadFile(value, option.file_types ?? []) : value;
  }
  return runCommand(context, userContext, { name: [first, ...path].join(' '), options: values, settings });
}

/** The interaction whose modal is open for this user; `forged`: for another one. */
function openModal(
  { interactions }: ClientContext,
  { user }: UserContext,
  id: string,
  forged: boolean,
): InteractionRecord {
  const opened = interactions.find(id);
  if (!opened || (opened.userId !== user.id && !forged))
    throw new ClientRefusal('this modal is open for another user');
  return opened;
}

function ownMessage({ messages }: ClientContext, { user }: UserContext, messageId: string): MessageRecord {
  const message = messages.find(messageId);
  if (message?.authorId !== user.id)
    throw new ClientRefusal(`${messageId} is not a message of ${user.username}`);
  return message;
}

/** A message that everyone in this channel sees. */
function seenMessage({ messages }: ClientContext, { user, channel }: UserContext, id: string): MessageRecord {
  const message = messages.find(id);
  if (!message || message.channelId !== channel.id || message.visibleTo !== undefined)
    throw new ClientRefusal(`${user.username} sees no message ${id} here that takes reactions`);
  return message;
}

/** A message that this user may react to. Discord docs: Create Reaction. */
function reactable(
  context: ClientContext,
  userContext: UserContext,
  id: string,
  emoji: string,
): MessageRecord {
  const { user, channel } = userContext;
  const message = seenMessage(context, userContext, id);
  const held = context.world.permissionsIn(channel, user.id);
  const mayAdd = message.reactions.has(emoji) || has(held, 'AddReactions');
  if (!mayAdd || !has(held, 'ReadMessageHistory'))
    throw new ClientRefusal(`${user.username} may not react to messages here`);
  return message;
}

/** A message that this user may delete or dismiss. */
function removable(context: ClientContext, userContext: UserContext, messageId: string): MessageRecord {
  const { user, channel } = userContext;
  const message = context.messages.find(messageId);
  const dismisses = message?.visibleTo === user.id;
  const moderates =
    has(context.world.permissionsIn(channel, user.id), 'ManageMessages') && message?.channelId === channel.id;
  return message && (dismisses || moderates) ? message : ownMessage(context, userContext, messageId);
}

async function fromDisk(path: string): Promise<Upload> {
  try {
    return { filename: basename(path), bytes: await readFile(path) };
  } catch {
    throw new ClientRefusal(`cannot read the file ${path}`);
  }
}
