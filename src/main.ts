import { commandsOf, createApp } from './app.js';
import { type Config, ConfigError, loadConfig, modelsFileOf, readEnvironment } from './config.js';
import { registerOnce } from './discord/register.js';
import { isIntentRefused, isTokenRefused } from './discord/rest.js';
import { createLog } from './log.js';
import type { Catalogue } from './mps/models.js';
import { openCatalogue } from './mps/models-file.js';
import { isTimeZone } from './quota/period.js';

/** sysexits.h: something in the configuration has to be put right by a person. */
const badConfiguration = 78;

interface Setup {
  readonly config: Config;
  readonly catalogue: Catalogue;
}

const [task = 'start', ...rest] = process.argv.slice(2);
try {
  const env = readEnvironment();
  const { catalogue, rules } = openCatalogue(modelsFileOf(env));
  const config = loadConfig(env, { ...rules, isTimeZone });
  if (task === 'register') await register({ config, catalogue }, rest);
  else await start({ config, catalogue });
} catch (error) {
  const sentence = explain(error);
  if (!sentence) throw error;
  process.stderr.write(`${sentence}\n`);
  process.exitCode = badConfiguration;
}

/** Runs the bot until it is told to stop. */
async function start({ config, catalogue }: Setup): Promise<void> {
  const log = createLog({ level: config.logLevel, pretty: process.stdout.isTTY });
  const app = await createApp({ config, catalogue, log });
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // Asked twice, somebody is in a hurry: what is written down is safe as it is.
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    // What is not done by then is written down, and gone on with after the restart.
    setTimeout(() => process.exit(0), config.shutdownMs);
    void app
      .stop()
      .catch((error: unknown) => log.error({ err: error }, 'the shutdown went wrong'))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  try {
    await app.start();
  } catch (error) {
    await app.stop();
    throw error;
  }
}

/** `npm run register`, or `npm run register -- --guild ID` to try commands in one guild at once. */
async function register({ config, catalogue }: Setup, [flag, guildId]: string[]): Promise<void> {
  if (flag !== undefined && (flag !== '--guild' || !/^\d{17,20}$/.test(guildId ?? ''))) {
    process.stderr.write('Usage: npm run register [-- --guild ID], with the id of one of your servers.\n');
    process.exitCode = 64;
    return;
  }
  const changed = await registerOnce(config.discord, commandsOf({ config, catalogue }), guildId);
  const where = guildId ? `in server ${guildId}` : 'everywhere';
  process.stdout.write(
    `${changed ? 'Commands are registered' : 'Commands were registered already'} ${where}.\n`,
  );
}

/** A sentence for what the operator can put right; undefined for a defect. */
function explain(error: unknown): string | undefined {
  if (error instanceof ConfigError) return error.message;
  if (isIntentRefused(error))
    return 'Discord refused MESSAGE_CONTENT_INTENT=true. Switch the intent on in the Discord Developer Portal › your application › Bot › Message Content Intent, or leave the variable out.';
  if (!isTokenRefused(error)) return undefined;
  return 'Discord refused DISCORD_TOKEN. Make a new one in the Discord Developer Portal › your application › Bot › Reset Token, and set it.';
}
