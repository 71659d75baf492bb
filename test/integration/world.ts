import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createDiscordStandIn,
  type DiscordStandIn,
  type DiscordStandInOptions,
  type Invocation,
  type MessageView,
  textsOf,
} from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn, type MpsStandInOptions } from '@easel/mps-stand-in';
import { expect } from 'vitest';
import { type App, type AppDeps, createApp } from '../../src/app/app.js';
import {
  clipScenesOf,
  type Environment,
  extraModelsOf,
  loadConfig,
  localesDirOf,
  modelsFileOf,
} from '../../src/config/config.js';
import { openLocales } from '../../src/locales/index.js';
import { type Log, silentLog } from '../../src/log.js';
import type { Decoder } from '../../src/media/decoding/decoder.js';
import { openCatalogue } from '../../src/mps/catalogue/models-file.js';
import type { Store } from '../../src/store/store.js';
import { aDecoder } from '../support/decoder.js';
import { quickFolder } from '../support/quick-folder.js';
import { standInEnvironment } from '../support/stand-in-environment.js';

/** Discord, MPS and Easel, each with real sockets between them. */
export interface World {
  readonly discord: DiscordStandIn;
  readonly mps: MpsStandIn;
  /** The bot that runs. */
  app(): App;
  /** Builds one more bot on the same services, for the test to start and to stop. */
  create(env?: Environment, onFatal?: (error: Error) => void): Promise<App>;
  /** Starts a bot on the same store; the one before it must have been stopped. */
  start(env?: Environment): Promise<void>;
  stop(): Promise<void>;
  /** Ends everything; Discord must have found nothing wrong with any body it was sent. */
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly discord?: DiscordStandInOptions;
  readonly mps?: MpsStandInOptions;
  readonly env?: Environment;
  readonly log?: Log;
  /** The bot's clock. */
  readonly now?: () => number;
  /** The bucket of COS_BUCKET. */
  readonly cosEndpoint?: string;
  /** Waits of the bot that a test shortens. */
  readonly timing?: AppDeps['timing'];
  /** Opens the store at an address, so that a test can manipulate it. */
  readonly store?: (storeUrl: string) => Promise<Store>;
  readonly onFatal?: (error: Error) => void;
  /** Leaves the bot for the test to start. */
  readonly idle?: boolean;
}

/** Tasks take some 50 to 150 ms. */
const fast: MpsStandInOptions = { durations: { image: [0.05, 0.1], video: [0.1, 0.2] }, speed: 1 };

/** No one has to read the cards. */
const swift: AppDeps['timing'] = { cardsApartMs: 0 };

let decoder: Decoder | undefined;

/** One for all worlds of a worker: its processes take a while to start, and exit by themselves. */
function sharedDecoder(): Decoder {
  decoder ??= aDecoder();
  return decoder;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await quickFolder('easel-test-');
  // Tests start the bot again as often as they like.
  const discord = await createDiscordStandIn({
    identifyWindowMs: 0,
    now: patientClock(),
    ...options.discord,
  });
  const mps = await createMpsStandIn({ ...fast, ...options.mps });
  const env: Environment = {
    ...standInEnvironment({ discord, mps }),
    STORE_URL: `sqlite://${join(folder, 'easel.sqlite')}`,
    POLL_INTERVAL_MS: '50',
    ...options.env,
    // Never Tencent's own: without a stand-in it is unreachable.
    ...(options.env?.COS_BUCKET && { COS_ENDPOINT: options.cosEndpoint ?? 'http://127.0.0.1:9' }),
  };
  let app: App | undefined;

  const world: World = {
    discord,
    mps,
    app() {
      if (!app) throw new Error('No bot runs.');
      return app;
    },
    async create(more = {}, onFatal = options.onFatal) {
      const all = { ...env, ...more };
      openLocales(localesDirOf(all));
      const { catalogue, rules } = openCatalogue(modelsFileOf(all), extraModelsOf(all), clipScenesOf(all));
      const config = loadConfig(all, rules);
      return createApp({
        config,
        catalogue,
        log: options.log ?? silentLog,
        timing: { ...swift, ...options.timing },
        // What images may take belongs to the tests that limit it.
        ...(all.TRANSFER_MEMORY_MB === undefined && { decoder: sharedDecoder() }),
        ...(options.now && { now: options.now }),
        ...(onFatal && { onFatal }),
        ...(options.store && { store: await options.store(config.storeUrl) }),
      });
    },
    async start(more) {
      app = await world.create(more);
      await app.start();
      await discord.ready();
    },
    async stop() {
      await app?.stop();
      app = undefined;
    },
    async close() {
      await world.stop();
      await Promise.all([discord.close(), mps.close()]);
      await rm(folder, { recursive: true, force: true });
      expect(discord.problems).toEqual([]);
    },
  };
  if (!options.idle) await world.start();
  return world;
}

/**
 * A clock for Discord that runs at a tenth of the speed: when bot, stand-ins and a hundred pictures share two busy
 * cores, three seconds mean nothing. Times are measured in the bench.
 */
function patientClock(): () => number {
  const start = Date.now();
  return () => start + (Date.now() - start) / 10;
}

/** Whether a message has files, and the buttons of a result: a card on the way may hold the pictures MPS is to fetch. */
export function isResult({ attachments, components }: MessageView): boolean {
  return attachments.length > 0 && JSON.stringify(components).includes('v1:again:');
}

/** Waits for the files. */
export function delivered(invocation: Invocation): Promise<MessageView> {
  return invocation.until(isResult);
}

/** Waits for any words. */
export function answered(invocation: Invocation): Promise<MessageView> {
  return invocation.until((message) => saidIn(message) !== '');
}

/** The whole text of a message, also with Components V2. */
export function saidIn({ content, components }: MessageView): string {
  return [content, ...textsOf(components)].filter((part) => part !== '').join('\n');
}

/** Waits for the sentence that explains the missing result. */
export function failed(invocation: Invocation): Promise<MessageView> {
  return invocation.until(({ content }) => content.includes('⚠️'));
}
