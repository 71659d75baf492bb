import { dirname } from 'node:path';
import {
  type Config,
  clipScenesOf,
  draftConfig,
  type Environment,
  extraModelsOf,
  localesDirOf,
  modelsFileOf,
  type StrangeLine,
} from '../config/config.js';
import { openLocales } from '../locales/index.js';
import { silentLog } from '../log.js';
import { createCosAddresses, createCosBucket } from '../media/cos/bucket.js';
import { createDecoder } from '../media/decoding/decoder.js';
import { createArchive } from '../media/storage/archive.js';
import { createMemory } from '../media/storage/memory-budget.js';
import { spoolPlace, tryFolder } from '../media/storage/spool-directory.js';
import { createMpsClient } from '../mps/api/client.js';
import type { Catalogue } from '../mps/catalogue/catalogue.js';
import { openCatalogue } from '../mps/catalogue/models-file.js';
import { createLimits } from '../mps/limits/rate-limits.js';
import { checkCos } from '../ops/doctor/cos.js';
import { checkDirectory, type DirectoryReport } from '../ops/doctor/directory.js';
import { checkDiscord } from '../ops/doctor/discord.js';
import { checkDisk, type Place } from '../ops/doctor/disk.js';
import { checkNames } from '../ops/doctor/dns.js';
import { checkEnvironment } from '../ops/doctor/environment.js';
import { type Finding, ofProblem, ok, warn } from '../ops/doctor/finding.js';
import { checkLimits } from '../ops/doctor/limits.js';
import { checkMps } from '../ops/doctor/mps.js';
import { checkRedis } from '../ops/doctor/redis.js';
import { checkFfmpeg, checkNode, checkPictures, checkRecords, checkStore } from '../ops/doctor/runtime.js';
import { checkSpending, spendingOf } from '../ops/doctor/spending.js';
import { isSpendingLimited } from '../quota/operator-limits.js';
import { isTimeZone } from '../quota/period.js';
import { createStore, type Store } from '../store/store.js';
import { capabilitiesOf } from '../store/store-url.js';
import { ledgerTable } from '../tasks/ledger/ledger.js';
import { readRow } from '../tasks/ledger/record-schema.js';
import { commandsOf, refusedIn } from './registered-commands.js';

/** What a test replaces. */
export interface DoctorDeps {
  /** Node's version, `20.17.0`. */
  readonly nodeVersion: string;
  readonly now?: () => number;
  /** Of the `.env` file here unless given. */
  readonly lines?: readonly StrangeLine[];
  /** Called with the checks that are still going on. */
  readonly onPhase?: (what: string) => void;
}

/**
 * Checks everything that Easel needs. Changes nothing but its own test rows and objects, which it removes again. Free
 * of charge.
 */
export async function examine(env: Environment, deps: DoctorDeps): Promise<readonly Finding[]> {
  const { catalogue, rules, warnings } = openCatalogue(
    modelsFileOf(env),
    extraModelsOf(env),
    clipScenesOf(env),
  );
  const texts = openLocales(localesDirOf(env));
  const problems = [...(rules.problems ?? []), ...texts.problems];
  const { config, problems: wrong } = draftConfig(env, { ...rules, problems, isTimeZone });
  const advice = 'take it out of the file, or hide it';
  const amiss = [
    ...(wrong.length > 0 ? wrong : refusedIn({ config, catalogue })).map((problem) =>
      ofProblem('Configuration', problem),
    ),
    ...checkEnvironment(env, deps.lines),
  ];
  const amissIn = new Set(wrong.map(({ variable }) => variable));
  return [
    ...(amiss.length === 0 ? [ok('Configuration', 'complete')] : amiss),
    ...warnings.map((warning) => warn('Models', warning, advice)),
    ...texts.warnings.map((warning) =>
      warn('Languages', warning, 'translate them, or leave them in English'),
    ),
    ...checkLimits(config.quota),
    checkSpending(spendingOf(config, catalogue)),
    checkNode(deps.nodeVersion),
    ...(await examineSet({ config, catalogue }, amissIn, deps)),
  ];
}

/**
 * Checks what Discord's App Directory and verification ask for; needs the token alone. Reads only.
 * @throws ConfigError if MODELS_FILE can't be read.
 */
export async function examineDirectory(env: Environment): Promise<DirectoryReport> {
  const { rules } = openCatalogue(modelsFileOf(env), extraModelsOf(env), clipScenesOf(env));
  const { config, problems } = draftConfig(env, { ...rules, isTimeZone });
  const pages: readonly string[] = ['ABOUT_URL', 'PRIVACY_URL', 'TERMS_URL', 'SUPPORT_URL'];
  const wrong = problems.filter(({ variable }) => pages.includes(variable) || isNeeded('Discord', variable));
  if (wrong.length === 0) return checkDirectory(config);
  return { findings: wrong.map((problem) => ofProblem('Configuration', problem)), texts: [] };
}

function isNeeded(check: Check, variable: string): boolean {
  return needed[check].some((name) => name === variable);
}

const mpsKeys = ['TENCENTCLOUD_SECRET_ID', 'TENCENTCLOUD_SECRET_KEY', 'TENCENTCLOUD_SESSION_TOKEN'] as const;

/** What each check needs; the others are made whatever else is wrong. */
const needed = {
  Discord: ['DISCORD_TOKEN', 'DISCORD_API_URL'],
  MPS: [...mpsKeys, 'TENCENTCLOUD_REGION', 'MPS_ENDPOINT'],
  'COS bucket': [...mpsKeys, 'COS_BUCKET', 'COS_REGION', 'COS_OUTPUT_DIR', 'COS_ENDPOINT', 'SOURCE_HOST'],
  'Host names': ['MPS_ENDPOINT', 'COS_BUCKET', 'COS_REGION', 'COS_ENDPOINT'],
  Store: ['STORE_URL'],
  ffmpeg: ['FFMPEG_PATH'],
  Pictures: ['TRANSFER_MEMORY_MB'],
  Disk: ['STORE_URL', 'SPOOL_DIR', 'ARCHIVE_DIR'],
} as const;
type Check = keyof typeof needed;

/** @param wrong variables that cannot be used: what needs one is not checked, and that is said. */
async function examineSet(
  { config, catalogue }: { readonly config: Config; readonly catalogue: Catalogue },
  wrong: ReadonlySet<string>,
  deps: DoctorDeps,
): Promise<readonly Finding[]> {
  const { messageContent, token, apiUrl } = config.discord;
  const asked = { messageContent, token, apiUrl, isBounded: isBounded(config) };
  const { findings, skipped } = await makeChecks(wrong, deps, {
    Discord: () => checkDiscord(asked, commandsOf({ config, catalogue })),
    MPS: () => examineMps(config, deps),
    'COS bucket': () => examineCos(config, deps),
    'Host names': () => checkNames({ ...config.mps, ...(config.cos && { cos: config.cos }) }),
    Store: () => examineStore(config),
    ffmpeg: () => checkFfmpeg(config.fit.ffmpeg),
    Pictures: () => examinePictures(config),
  });
  // Last: the store has made its folder by then.
  const disk = await makeChecks(wrong, deps, { Disk: () => checkDisk(placesOf(config)) });
  const left = [...skipped, ...disk.skipped];
  const unchecked = warn(
    'Not checked',
    left.join(', '),
    'put the configuration right, and run the doctor again',
  );
  return [...findings, ...disk.findings, ...(left.length > 0 ? [unchecked] : [])];
}

async function makeChecks(
  wrong: ReadonlySet<string>,
  { onPhase }: DoctorDeps,
  checks: Partial<Record<Check, () => Promise<Finding | readonly Finding[]>>>,
) {
  const entries = Object.entries(checks) as [Check, () => Promise<Finding | readonly Finding[]>][];
  const isPossible = ([check]: readonly [Check, unknown]) => !needed[check].some((name) => wrong.has(name));
  const open = new Set(entries.filter(isPossible).map(([check]) => check));
  const tell = () => onPhase?.(`checking ${[...open].join(', ')}`);
  tell();
  const findings = await Promise.all(
    entries.filter(isPossible).map(async ([check, make]) => {
      const found = await make();
      open.delete(check);
      tell();
      return found;
    }),
  );
  return {
    findings: findings.flat(),
    skipped: entries.filter((entry) => !isPossible(entry)).map(([check]) => check),
  };
}

/** Whether a spending limit or a list of servers is set. A limit on orders in progress doesn't bound spending. */
function isBounded({ quota, access }: Config): boolean {
  return isSpendingLimited(quota.ceiling) || access.guildIds.length > 0;
}

function placesOf(config: Config): readonly Place[] {
  const { transfer, archiveDir } = config;
  const { spoolDir } = transfer;
  return [
    ...databaseFolder(config).map((folder) => ({ folder })),
    { folder: spoolPlace(spoolDir), tryOut: () => tryFolder(spoolDir) },
    ...(archiveDir === undefined ? [] : [{ folder: archiveDir, tryOut: () => createArchive(archiveDir) }]),
  ];
}

async function examineMps({ mps: settings }: Config, { now = Date.now }: DoctorDeps) {
  const { endpoint, region, ...credentials } = settings;
  const limits = createLimits();
  const mps = createMpsClient({ endpoint, region, credentials, limits, log: silentLog, now });
  try {
    return await checkMps({ mps, region, endpoint, now });
  } finally {
    await Promise.all([limits.close(), mps.close()]);
  }
}

async function examineCos(config: Config, { now = Date.now }: DoctorDeps) {
  const { cos, sourceHost, mps } = config;
  const { region, secretId, secretKey, sessionToken } = mps;
  if (!cos) return checkCos({ sourceHost, region }, undefined);
  const addresses = createCosAddresses(cos);
  const credentials = { secretId, secretKey, ...(sessionToken !== undefined && { sessionToken }) };
  try {
    const bucket = createCosBucket({ ...cos, credentials, addresses, now });
    return await checkCos({ cos, sourceHost, region }, bucket);
  } finally {
    await addresses.close();
  }
}

async function examinePictures({ transfer }: Config): Promise<Finding> {
  const decoder = createDecoder({ memory: createMemory(transfer.memory), log: silentLog });
  try {
    return await checkPictures(decoder.probe);
  } finally {
    decoder.close();
  }
}

async function examineStore({ storeUrl }: Config): Promise<readonly Finding[]> {
  const store = await createStore(storeUrl, { log: silentLog });
  try {
    const [works, settings] = await Promise.all([
      checkStore(store, storeUrl.replace(/\/\/[^/]*@/, '//…@')),
      store.canShare ? checkRedis(storeUrl) : [],
    ]);
    return [works, ...(await checkRecords(() => countRecords(store))), ...settings];
  } finally {
    await store.close();
  }
}

async function countRecords(store: Store): Promise<{ readonly all: number; readonly unreadable: number }> {
  let all = 0;
  let unreadable = 0;
  for await (const [id, stored] of store.table<unknown>(ledgerTable).entries()) {
    all += 1;
    if (!readRow(id, stored).task) unreadable += 1;
  }
  return { all, unreadable };
}

/** Path of a store's file; other stores have their own disk. */
function databaseFolder({ storeUrl }: Config): readonly string[] {
  const { file } = capabilitiesOf(storeUrl);
  return file === undefined ? [] : [dirname(file)];
}
