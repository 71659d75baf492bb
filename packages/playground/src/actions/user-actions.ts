import {
  type Actor,
  ClientRefusal,
  CommandBody,
  commandTypes,
  type DiscordStandIn,
  type Invocation,
  type LoadFile,
  type MessageView,
  type ModalView,
} from '@easel/discord-stand-in';
import { asksForFile } from './expected-file.js';
import { readFields, takeFields } from './form-fields.js';
import { fromDisk } from './local-files.js';
import { buttonsOf, type Names } from './message-text.js';
import { judge, resultsOf, type Sight, silence, type Verdict } from './outcomes.js';

/** A user's action, and what Discord shows of its outcome. */
export interface UserAction {
  see(): Sight;
  /** The form that opened, if its fields were not given. */
  readonly form?: ModalView;
}

type Discord = Pick<DiscordStandIn, 'clock' | 'commands' | 'events' | 'interaction' | 'messages' | 'world'>;

export interface UserActions {
  /**
   * Executes a line: a command, `form:/COMMAND | FIELDS` for one that opens a form, `press:LABEL`, `apps:NAME`, both with the
   * fields of the form that they open,
   * `reply:last WORDS`, or a message.
   * Throws ClientRefusal for actions that Discord would prevent.
   */
  act(line: string): Promise<UserAction>;
  /** Waits for the outcome, at most so many ms. */
  untilVerdict(action: UserAction, limitMs: number): Promise<Verdict>;
}

/** ms to wait for a sign after a message; for commands Discord itself reports a missing answer. */
const firstSignMs = 5_000;

/** @param load reads the file behind a value in a form. */
export function createUserActions(discord: Discord, actor: Actor, load: LoadFile = fromDisk): UserActions {
  const watch = (id: string, startedAt: number, wanted: boolean) =>
    watchFor(discord, actor, id, startedAt, wanted);

  async function act(line: string): Promise<UserAction> {
    const startedAt = discord.clock.now();
    const [, verb, rest = ''] = /^(press|apps|reply|form):\s*(.*)$/s.exec(line) ?? [];
    if (verb === 'press' || verb === 'apps') {
      const { name, fields } = takeFields(rest);
      const opened = verb === 'press' ? await press(actor, name) : await openApp(discord, actor, name);
      return fillIn(opened, fields, startedAt, asksForFile(line, []));
    }
    if (verb === 'form') {
      const [command = '', ...fields] = rest.split(' | ');
      const opened = await actor.type(command);
      if (!('acknowledged' in opened)) throw new ClientRefusal(`${command} is no command`);
      return fillIn(opened, fields.join(' | '), startedAt, false);
    }
    const wanted = asksForFile(line, actor.commands());
    const { id } = await (verb === 'reply' ? reply(actor, rest) : actor.type(line));
    return watch(id, startedAt, wanted);
  }

  /** Fills in the form that opened, if fields were given. */
  async function fillIn(
    opened: Invocation,
    fields: string,
    startedAt: number,
    wanted: boolean,
  ): Promise<UserAction> {
    const form = await opened.acknowledged.then(
      () => opened.modal(),
      () => undefined,
    );
    if (fields === '') return { ...watch(opened.id, startedAt, wanted), ...(form && { form }) };
    if (!form) throw new ClientRefusal('no form opened that could be filled in');
    const sent = await actor.submitModal(opened, await readFields(form, fields, load));
    return watch(sent.id, startedAt, wanted);
  }

  return {
    act: (line) => act(line).catch(asRefusal),
    untilVerdict: (action, limitMs) => untilVerdict(discord, action, limitMs),
  };
}

/**
 * Everything that Discord shows about an action's outcome.
 * @param id of the interaction, or of the message, that the user's action is
 * @param wanted whether a file was asked for
 */
function watchFor(
  discord: Discord,
  actor: Actor,
  id: string,
  startedAt: number,
  wanted: boolean,
): UserAction {
  const isNews = (message: MessageView): boolean =>
    message.author.bot && message.createdAt >= startedAt && message.interactionId === undefined;
  return {
    see() {
      const interaction = discord.interaction(id);
      const own = [interaction?.message, ...(interaction?.followUps ?? [])].filter(
        (each) => each !== undefined,
      );
      const known = new Set([id, ...own.map((message) => message.id)]);
      const besides = [...actor.messages(), ...direct(discord, actor)].filter(
        (message) =>
          isNews(message) &&
          !known.has(message.id) &&
          (message.replyTo === undefined || known.has(message.replyTo)),
      );
      const messages = [...own, ...besides].filter(({ deleted }) => !deleted);
      return { interaction, messages, asksForFile: wanted, names: namesIn(discord) };
    },
  };
}

/** The names behind mentions, and times, in messages. */
export function namesIn({ world, clock }: Pick<Discord, 'world' | 'clock'>): Names {
  return {
    user: (id) => world.findUser(id)?.username,
    channel: (id) => world.findChannel(id)?.name,
    now: clock.now(),
  };
}

/** Apps › NAME, on the newest message that shows a picture, or a clip if the entry is about one. */
function openApp(discord: Discord, actor: Actor, wanted: string): Promise<Invocation> {
  const apps = appsIn(discord, actor);
  const name = apps.find((each) => each.toLowerCase() === wanted.toLowerCase());
  if (name === undefined)
    throw new ClientRefusal(`there is no Apps › ${wanted}; there are: ${apps.join(', ') || 'none'}`);
  const [type, what] = /clip|extend/i.test(name) ? ['video/', 'clip'] : ['image/', 'picture'];
  const shown = actor
    .messages()
    .findLast(({ attachments }) => attachments.some(({ contentType }) => contentType?.startsWith(type)));
  if (!shown) throw new ClientRefusal(`there is no message with a ${what} yet`);
  return actor.messageCommand(name, shown.id);
}

/** The bot's direct messages to the user, if that is another channel. */
function direct(discord: Discord, actor: Actor): MessageView[] {
  const { id } = discord.world.dm(actor.userId);
  return id === actor.channelId ? [] : discord.messages(id);
}

const signs = ['messageCreated', 'messageUpdated', 'interactionAcknowledged', 'interactionFailed'] as const;

function untilVerdict({ events }: Discord, action: UserAction, limitMs: number): Promise<Verdict> {
  return new Promise((resolve) => {
    const end = (verdict: Verdict): void => {
      for (const timer of timers) clearTimeout(timer);
      for (const sign of signs) events.off(sign, look);
      resolve(verdict);
    };
    // Later: a message is dispatched before its interaction is recorded.
    const look = (): void =>
      void setImmediate(() => {
        const verdict = judge(action.see());
        if (verdict) end(verdict);
      });
    const timers = [
      setTimeout(() => end(overdue(limitMs)), limitMs),
      setTimeout(() => {
        const { interaction, messages } = action.see();
        if (!interaction && messages.length === 0) end(unanswered);
      }, firstSignMs),
    ];
    for (const sign of signs) events.on(sign, look);
    look();
  });
}

const unanswered: Verdict = {
  ...silence,
  reason:
    'No one answered the message. Easel answers commands (/imagine …); does the message mention it, as @Easel?',
};

function overdue(limitMs: number): Verdict {
  return { ...silence, reason: `Nothing has come within ${Number((limitMs / 1000).toFixed(1))} s` };
}

/** An unknown name (`there is no user "eve"`) is the user's mistake, not this program's. */
function asRefusal(error: unknown): never {
  throw error instanceof Error && error.constructor === Error ? new ClientRefusal(error.message) : error;
}

/** The commands in a message's menu. */
export function appsIn({ commands, world }: Pick<Discord, 'commands' | 'world'>, actor: Actor): string[] {
  const { guildId } = world.channel(actor.channelId);
  return [...commands(), ...(guildId === undefined ? [] : commands(guildId))]
    .map((json) => CommandBody.parse(json))
    .flatMap(({ type, name }) => (type === commandTypes.message ? [name] : []));
}

/** The newest message with such a button, or else the newest with any: the client then lists them. */
function press(actor: Actor, wanted: string): Promise<Invocation> {
  const alike = (text: string): boolean => text.toLowerCase() === wanted.toLowerCase();
  const messages = actor.messages().filter((message) => buttonsOf(message).length > 0);
  const matching = (message: MessageView) =>
    buttonsOf(message).find(({ label, customId }) => alike(label) || customId === wanted);
  const message = messages.findLast(matching) ?? messages.at(-1);
  if (!message) throw new ClientRefusal('no message has a button to press yet');
  return actor.press(message.id, matching(message)?.customId ?? wanted);
}

function reply(actor: Actor, rest: string): Promise<{ id: string }> {
  const [, target, words = ''] = /^(\S*)\s*(.*)$/s.exec(rest) ?? [];
  if (target !== 'last' || words === '')
    throw new ClientRefusal('write reply:last and then the words, such as reply:last @Easel make it snow');
  const theirs = actor.messages().filter(({ author }) => author.bot);
  const message = theirs.findLast((each) => resultsOf(each).length > 0) ?? theirs.at(-1);
  if (!message) throw new ClientRefusal('there is nothing to reply to yet');
  return actor.send(words, { replyTo: message.id });
}
