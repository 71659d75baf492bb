import { ClientRefusal, CommandBody } from '@easel/discord-stand-in';
import { asSentence, buttonsOf } from '../actions/message-text.js';
import { appsIn, namesIn, type UserActions } from '../actions/user-actions.js';
import type { Arguments } from '../command-line.js';
import type { Playground } from '../playground.js';
import { watchChannel } from './channel-watcher.js';
import { type Completion, complete } from './completion.js';
import { drawForm, type Look, type Paint } from './message-rendering.js';
import type { Terminal } from './terminal.js';

export interface ReplDeps {
  readonly playground: Pick<Playground, 'actor' | 'arrivals' | 'discord'>;
  readonly doer: UserActions;
  readonly paint: Paint;
  readonly place: Pick<Arguments, 'user' | 'channel' | 'out' | 'speed'>;
}

/** An interactive session: lines are read, and events in the channel are printed as they happen. */
export interface Repl {
  /** Resolves when they leave. */
  converse(terminal: Terminal): Promise<void>;
  complete(line: string): Promise<Completion>;
}

export function createRepl({ playground, doer, paint, place }: ReplDeps): Repl {
  const { actor, arrivals, discord } = playground;
  const { guildId } = discord.world.channel(actor.channelId);
  const { locale } = discord.world.user(actor.userId);
  const look: Look = { paint, names: () => namesIn(discord) };
  const commands = (): CommandBody[] =>
    [...discord.commands(), ...(guildId === undefined ? [] : discord.commands(guildId))]
      .map((json) => CommandBody.parse(json))
      .filter(({ type }) => (type ?? 1) === 1);

  async function converse(terminal: Terminal): Promise<void> {
    const watch = watchChannel({ actor, arrivals, discord, look, print: terminal.print });
    terminal.print(...greeting(place, discord.origin, commands(), paint));
    for await (const line of terminal.lines) {
      if (/^\/?(exit|quit)$/.test(line)) break;
      if (/^\/?(help|\?)$/.test(line)) terminal.print(...help(commands(), locale, paint));
      else void act(line, terminal);
    }
    watch.stop();
  }

  async function act(line: string, terminal: Terminal): Promise<void> {
    const advice = adviceOn(line, commands());
    if (advice) return terminal.print(paint.warn(advice));
    try {
      const { form } = await doer.act(line);
      if (form) terminal.print(...drawForm(form, line, look));
      if (!/^(\/|press:|apps:|reply:|form:)|@/.test(line))
        terminal.print(
          paint.dim('  Sent, for everybody to read. Easel looks only at messages that mention it: @Easel …'),
        );
    } catch (error) {
      if (!(error instanceof ClientRefusal)) throw error;
      terminal.print(paint.warn(`  ${asSentence(error.message)}`));
    }
  }

  return {
    converse,
    complete: (line) =>
      complete(line, {
        commands,
        locale,
        choices: (command, options, focused) => actor.autocomplete(command, options, focused),
        apps: () => appsIn(discord, actor),
        buttons: () => [
          ...new Set(actor.messages().flatMap((message) => buttonsOf(message).map(({ label }) => label))),
        ],
      }),
  };
}

/** For a command without its slash, which would be sent as a message. */
function adviceOn(line: string, commands: readonly CommandBody[]): string | undefined {
  const [word = ''] = line.split(/[\s:]/);
  return commands.some(({ name }) => name === word) ? `  Commands begin with a slash: /${line}` : undefined;
}

function greeting(
  { user, channel, out, speed }: ReplDeps['place'],
  origin: string,
  commands: readonly CommandBody[],
  paint: Paint,
): string[] {
  const has = (name: string): boolean => commands.some((command) => command.name === name);
  return [
    `${paint.bold('Easel is here.')} You are ${user} in ${channel === 'dm' ? 'your direct messages' : `#${channel}`}; Discord and MPS are stand-ins, ${speed} times as fast.`,
    `In a browser: ${paint.accent(origin)}, as in Discord. Or type here:`,
    ...(has('imagine') ? [`  /imagine prompt:a red fox              ${paint.dim('a picture')}`] : []),
    ...(has('animate')
      ? [
          `  /animate prompt:it runs image:last     ${paint.dim('a clip from the last picture; image:./cat.png works too')}`,
        ]
      : []),
    `Tab completes commands, options and files. Files land in ${out}. ${paint.dim('help · exit')}`,
  ];
}

function help(commands: readonly CommandBody[], locale: string, paint: Paint): string[] {
  const rows: [string, string][] = [
    ...commands.map(({ name, description, description_localizations: translated }): [string, string] => [
      `/${name}`,
      translated?.[locale] ?? description ?? '',
    ]),
    ['press:Again', 'presses the newest button of that name'],
    ['press:Edit prompt:a blue fox', 'the same, and the form that it opens, filled in'],
    ['form:/presets add | name:ink after:in ink', 'a command that opens a form, and the form'],
    ['apps:Animate prompt:it runs', 'Apps › Animate on the newest picture'],
    ['reply:last @Easel make it snow', 'replies to the last result'],
    ['anything else', 'is sent to the channel as a message'],
    ['exit', 'ends; Ctrl-C and Ctrl-D do too'],
  ];
  const width = Math.max(...rows.map(([what]) => what.length)) + 2;
  return [
    ...rows.map(([what, words]) => `  ${what.padEnd(width)}${paint.dim(words)}`),
    'Options are written name:value, in any order: /animate prompt:it runs image:last duration:10',
    'A file is a path, or "last" for the last picture, or clip, that arrived. Tab shows what there is.',
  ];
}
