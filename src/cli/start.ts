import {
  type App,
  commandsOf,
  createApp,
  GatewayClosedError,
  LeaseLostError,
  requireFittingCommands,
  StoreTakenError,
} from '../app/app.js';
import {
  type Config,
  ConfigError,
  clipScenesOf,
  extraModelsOf,
  loadConfig,
  localesDirOf,
  modelsFileOf,
  readEnvironment,
} from '../config/config.js';
import { registerOnce, removeCopiesOnce } from '../discord/rest/command-registration.js';
import { isIntentRefused, isTokenRefused, isUnknownGuild, outageOf } from '../discord/rest/errors.js';
import { openLocales } from '../locales/index.js';
import { createLog } from '../log.js';
import type { Catalogue } from '../mps/catalogue/catalogue.js';
import { openCatalogue } from '../mps/catalogue/models-file.js';
import { environmentDoubts } from '../ops/doctor/environment.js';
import { HealthError } from '../ops/health/health-server.js';
import { isTimeZone } from '../quota/period.js';
import { createProgress, withProgress } from '../util/progress-report.js';

/** sysexits.h: Discord is unavailable; it may work later. */
const unavailable = 69;
/** sysexits.h: it may work after a restart. */
const temporary = 75;
/** sysexits.h: the operator has to fix the configuration. */
const badConfiguration = 78;

/**
 * A second signal within this time (ms) counts as a duplicate of the first: a terminal or service manager signals all
 * of npm's processes, and npm forwards its own copy.
 */
const echoMs = 500;

interface Setup {
  readonly config: Config;
  readonly catalogue: Catalogue;
  /** Shown to the operator. */
  readonly warnings: readonly string[];
}

/** Runs a command. Errors that the operator can fix end as one sentence and an exit code. */
export async function run(task: 'start' | 'register' | 'unregister', guildId?: string): Promise<void> {
  try {
    if (task === 'start') await start(setUp());
    else
      await withProgress('talking to Discord about the commands', () =>
        task === 'unregister' && guildId !== undefined
          ? removeFrom(setUp(), guildId)
          : register(setUp(), guildId),
      );
  } catch (error) {
    const sentence = explain(error);
    if (!sentence) throw error;
    process.stderr.write(`${sentence}\n`);
    process.exitCode = outageOf(error) ? unavailable : badConfiguration;
  }
}

/** @throws ConfigError */
function setUp(): Setup {
  const env = readEnvironment();
  const { catalogue, rules, warnings } = openCatalogue(
    modelsFileOf(env),
    extraModelsOf(env),
    clipScenesOf(env),
  );
  const texts = openLocales(localesDirOf(env));
  const doubts = environmentDoubts(env);
  try {
    const problems = [...(rules.problems ?? []), ...texts.problems];
    const config = loadConfig(env, { ...rules, problems, isTimeZone });
    requireFittingCommands({ config, catalogue });
    return { catalogue, warnings: [...doubts, ...warnings, ...texts.warnings], config };
  } catch (error) {
    // A line that cannot be read may be why a variable is missing.
    if (error instanceof ConfigError) for (const doubt of doubts) process.stderr.write(`${doubt}\n`);
    throw error;
  }
}

/** Runs the bot until it is stopped or can't continue. */
async function start({ config, catalogue, warnings }: Setup): Promise<void> {
  const log = createLog({ level: config.logLevel, pretty: process.stdout.isTTY, prompts: config.logPrompts });
  for (const warning of warnings) log.warn({}, warning);
  let app: App | undefined;
  let stopping = false;
  let signalledAt = Number.POSITIVE_INFINITY;

  function stop(code: number): void {
    stopping = true;
    // No order has been accepted yet.
    if (!app) process.exit(code);
    // Anything unfinished is persisted and resumes after the restart.
    setTimeout(() => process.exit(code), config.shutdownMs);
    void app
      .stop()
      .catch((error: unknown) => log.error({ err: error }, 'shutdown failed'))
      .finally(() => process.exit(code));
  }

  function onSignal(signal: NodeJS.Signals): void {
    // A second signal means "now": everything persisted is safe as it is.
    if (stopping && performance.now() - signalledAt > echoMs) process.exit(1);
    signalledAt = Math.min(signalledAt, performance.now());
    if (stopping) return;
    log.info({ signal }, 'stopping');
    stop(0);
  }

  function onFatal(error: Error): void {
    if (stopping) return;
    process.stderr.write(`${explain(error) ?? error.message}\n`);
    stop(error instanceof LeaseLostError ? temporary : badConfiguration);
  }

  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  const progress = createProgress({ say: (what, seconds) => log.info({ seconds }, `still ${what}`) });
  try {
    app = await createApp({ config, catalogue, log, onFatal, onPhase: progress.now });
    await app.start();
    void app.checkPictures();
  } catch (error) {
    if (stopping) return;
    await app?.stop();
    throw error;
  } finally {
    progress.end();
  }
}

/** `npm run register`, or `npm run register -- --guild ID` to try the commands in one guild immediately. */
async function register({ config, catalogue }: Setup, guildId?: string): Promise<void> {
  const commands = commandsOf({ config, catalogue });
  const { changed, twice, removed } = await registerOnce(config.discord, commands, guildId);
  const where = guildId ? `in server ${guildId}` : 'everywhere';
  process.stdout.write(
    `${changed ? 'Commands are registered' : 'Commands were already registered'} ${where}.\n`,
  );
  if (removed.copies > 0)
    process.stdout.write(`Removed copies from single servers: ${removed.copies} in ${removed.guilds}.\n`);
  if (twice)
    process.stdout.write(
      `They are also registered globally, so this server shows each of them twice. To remove these copies: npm run register -- --guild ${guildId} --remove\n`,
    );
}

/** `npm run register -- --guild ID --remove` */
async function removeFrom({ config }: Setup, guildId: string): Promise<void> {
  const copies = await removeCopiesOnce(config.discord, guildId);
  process.stdout.write(
    copies > 0
      ? `Removed copies from server ${guildId}: ${copies}. The globally registered commands stay.\n`
      : `Server ${guildId} has no copies of the globally registered commands.\n`,
  );
}

/** A sentence for an error that the operator can fix; undefined for a bug. */
function explain(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof HealthError) return error.message;
  if (error instanceof StoreTakenError)
    return 'Another Easel is using the database in STORE_URL. Stop it first, or give this one its own database.';
  if (error instanceof LeaseLostError)
    return "Another Easel has taken over this one's shards, because it had not been heard from for too long. Start it again: it waits until they are free.";
  if (error instanceof GatewayClosedError)
    return `Discord closed the connection permanently (close code ${error.code}). ${closeAdvice(error.code)}`;
  if (isIntentRefused(error))
    return 'Discord rejected MESSAGE_CONTENT_INTENT=true. Switch the intent on in the Discord Developer Portal › your application › Bot › Message Content Intent, or leave the variable out: Easel then uses the intent if it is on.';
  if (isTokenRefused(error))
    return 'Discord rejected DISCORD_TOKEN. Create a new one in the Discord Developer Portal › your application › Bot › Reset Token, and set it.';
  if (isUnknownGuild(error))
    return 'Discord says that the bot is not in that server. Check the id after --guild, or invite the bot there with the scopes bot and applications.commands (Developer Portal › your application › Installation).';
  const outage = outageOf(error);
  if (!outage) return undefined;
  return `Discord could not be reached (${outage}). Check the network, and DISCORD_API_URL if it is set; otherwise try again later.`;
}

/** What to do about a close code (Discord docs: "Gateway Close Event Codes"). */
function closeAdvice(code: number): string {
  if (code === 4004)
    return 'The token is no longer valid: create a new one (Developer Portal › Bot › Reset Token) and set DISCORD_TOKEN.';
  if (code === 4014)
    return 'An intent is not allowed: switch it on (Developer Portal › Bot), or leave MESSAGE_CONTENT_INTENT out.';
  return 'Update Easel and start it again.';
}
