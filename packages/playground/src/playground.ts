import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CosStandIn, createCosStandIn } from '@easel/cos-stand-in';
import {
  type Actor,
  channelTypes,
  createDiscordStandIn,
  type DiscordStandIn,
  type DiscordStandInOptions,
} from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { freePort, isTaken, unlistening } from '@easel/stand-in-kit';
import { type Arrivals, createArrivals } from './actions/saved-files.js';
import { botEnvironment, grantsContent } from './bot/bot-environment.js';
import { type Bot, startBot } from './bot/bot-process.js';
import { type ProcessSupervisor, superviseBot } from './bot/process-supervisor.js';
import { type Arguments, PlaygroundError, UsageError } from './command-line.js';
import { createPage } from './page/index.js';
import { inviteSpeakers } from './speakers.js';

/** Discord, MPS and perhaps a bucket in this process, and the bot in one of its own. */
export interface Playground {
  readonly discord: DiscordStandIn;
  readonly mps: MpsStandIn;
  /** Undefined if no one asked for a bucket. */
  readonly cos: CosStandIn | undefined;
  readonly bot: ProcessSupervisor;
  /** The user who types, and the channel. */
  readonly actor: Actor;
  readonly arrivals: Arrivals;
  readonly logFile: string;
  /** Ends the bot, then the rest. */
  close(): Promise<void>;
}

type Options = Pick<Arguments, 'out' | 'speed' | 'user' | 'channel' | 'port' | 'cos'>;

/** The compiled bot: the output of `npm run build` at the root of the repository. */
const entry = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url));
/** The build directory of the page. */
const pageFolder = fileURLToPath(new URL('../dist/web', import.meta.url));
const readyMs = 20_000;
/** The page's default port. */
const usualPort = 8787;

/** Starts everything; resolves when commands can be typed. Throws UsageError, PlaygroundError. */
export async function startPlayground(
  options: Options,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Playground> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await build(options, env, undo, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  { out, speed, user, channel, port, cos: wantsBucket }: Options,
  outside: Readonly<Record<string, string | undefined>>,
  undo: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Playground> {
  await makeFolder(out);
  const store = await mkdtemp(join(tmpdir(), 'easel-playground-'));
  undo.push(() => rm(store, { recursive: true, force: true }));
  const cos = wantsBucket ? await createCosStandIn({ speed }) : undefined;
  if (cos) undo.push(() => cos.close());
  // One account: the bot's key opens both, and MPS stores with its own.
  const mps = await createMpsStandIn({
    speed,
    settings: { clips: 'made' },
    ...(cos && { cos, secretId: cos.secretId, secretKey: cos.secretKey }),
  });
  undo.push(() => mps.close());
  const messageContent = grantsContent(outside);
  const discord = await openDiscord(port, {
    messageContent,
    loadFile: (name, types) => arrivals.load(name, types),
  });
  undo.push(() => discord.close());
  inviteSpeakers(discord);
  const arrivals = createArrivals({ folder: out, fetch: (id, index) => discord.fetchAttachment(id, index) });
  const actor = actorFor(discord, user, channel);

  const logFile = join(out, 'easel.log');
  const chosen = {
    storeUrl: `sqlite://${join(store, 'easel.sqlite')}`,
    speed,
    healthPort: await freePort(),
  };
  const env = botEnvironment(outside, { discord, mps, cos }, chosen);
  const child = superviseBot({ start: (append) => startBot({ entry, env, logFile, append }), now: Date.now });
  undo.push(() => child.stop());
  const health = `http://127.0.0.1:${chosen.healthPort}`;
  discord.host(createPage({ discord, folder: pageFolder, bot: child, mps: mps.url, health }));
  await Promise.race([discord.ready({ timeoutMs: readyMs }), child.died]).catch(() => {
    throw new PlaygroundError(
      describeDeath(`Easel didn't connect within ${readyMs / 1000} s.`, child, logFile),
    );
  });
  if (child.hasDied())
    throw new PlaygroundError(describeDeath(`Easel ended ${await child.died}.`, child, logFile));
  addNewServer(discord);
  return { discord, mps, cos, bot: child, actor, arrivals, logFile, close };
}

/**
 * A server that has just added the bot, as those that it finds at its start have not: there it may greet. It has what its
 * moderators choose in the settings: a channel of their own, and one to show results in.
 */
function addNewServer({ world }: DiscordStandIn): void {
  const guild = world.addGuild({ name: 'Lantern House', owner: 'ada', systemChannel: { name: 'welcome' } });
  world.addChannel(guild.id, { name: 'lounge' });
  const keepers = world.addChannel(guild.id, { name: 'keepers', denyEveryone: ['ViewChannel'] });
  world.allowBot(keepers.id, ['ViewChannel']);
  world.addChannel(guild.id, { name: 'showcase', type: channelTypes.forum });
  const admin = world.addRole(guild.id, { name: 'Keepers', permissions: ['Administrator'] });
  world.addMember(guild.id, 'ada', [admin.id]);
  for (const member of ['ben', 'mia', 'lin']) world.addMember(guild.id, member);
}

/** The bot's death, with its last log lines. */
export function describeDeath(sentence: string, child: Pick<Bot, 'lastLines'>, logFile: string): string {
  const lines = child.lastLines().map((line) => `  ${line}`.trimEnd());
  return [
    sentence,
    ...(lines.length > 0 ? ['Its last words:', ...lines] : []),
    `All of them: ${logFile}`,
  ].join('\n');
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`--out ${folder} can't be created: ${code}.`);
  }
}

function actorFor(discord: DiscordStandIn, user: string, channel: string): Actor {
  const { world } = discord;
  const users = world.users().filter(({ bot: isBot }) => !isBot);
  if (!users.some(({ id, username }) => id === user || username === user))
    throw new UsageError(
      `There is no user ${user}. There are: ${names(users.map((each) => each.username))}.`,
    );
  try {
    return discord.actor(user, channel);
  } catch {
    const places = world.channels().filter(({ guildId }) => guildId !== undefined);
    throw new UsageError(
      `There is no channel ${channel}. There are: ${names(places.map((each) => each.name))}, dm.`,
    );
  }
}

function names(all: readonly string[]): string {
  return [...new Set(all)].join(', ');
}

/** Opens the stand-in at the given port, or else at the default one, or at any if that is taken. Throws PlaygroundError. */
async function openDiscord(
  port: number | undefined,
  options: DiscordStandInOptions,
): Promise<DiscordStandIn> {
  try {
    return await createDiscordStandIn({ ...options, port: port ?? usualPort });
  } catch (error) {
    if (port === undefined && isTaken(error)) return createDiscordStandIn(options);
    const sentence = unlistening('The stand-in for Discord', error, port ?? usualPort);
    if (sentence === undefined) throw error;
    throw new PlaygroundError(sentence);
  }
}
