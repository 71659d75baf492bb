import { dirname } from 'node:path';
import {
  type Config,
  ConfigError,
  type Environment,
  extraModelsOf,
  loadConfig,
  modelsFileOf,
} from '../config/config.js';
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
import { checkDiscord } from '../ops/doctor/discord.js';
import { checkDisk, type Place } from '../ops/doctor/disk.js';
import { checkNames } from '../ops/doctor/dns.js';
import { type Finding, ofProblem, ok, warn } from '../ops/doctor/finding.js';
import { checkLimits } from '../ops/doctor/limits.js';
import { checkMps } from '../ops/doctor/mps.js';
import { checkRedis } from '../ops/doctor/redis.js';
import { checkFfmpeg, checkNode, checkPictures, checkRecords, checkStore } from '../ops/doctor/runtime.js';
import { isSpendingLimited } from '../quota/operator-limits.js';
import { isTimeZone } from '../quota/period.js';
import { createStore, type Store } from '../store/store.js';
import { capabilitiesOf } from '../store/store-url.js';
import { ledgerTable } from '../tasks/ledger/ledger.js';
import { readRow } from '../tasks/ledger/record-schema.js';
import { commandsOf } from './registered-commands.js';

/** What a test replaces. */
export interface DoctorDeps {
  /** Node's version, `20.17.0`. */
  readonly nodeVersion: string;
  readonly now?: () => number;
}

/**
 * Checks everything that Easel needs. Changes nothing but its own test rows and objects, which it removes again. Free
 * of charge.
 */
export async function examine(env: Environment, deps: DoctorDeps): Promise<readonly Finding[]> {
  const node = checkNode(deps.nodeVersion);
  try {
    const { catalogue, rules, warnings } = openCatalogue(modelsFileOf(env), extraModelsOf(env));
    const config = loadConfig(env, { ...rules, isTimeZone });
    const advice = 'take it out of the file, or hide it';
    const doubts = warnings.map((warning) => warn('Models', warning, advice));
    return [
      ok('Configuration', 'complete'),
      ...doubts,
      ...checkLimits(config.quota),
      node,
      ...(await examineSet({ config, catalogue }, deps)),
    ];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...error.problems.map((problem) => ofProblem('Configuration', problem)), node];
  }
}

async function examineSet(
  { config, catalogue }: { readonly config: Config; readonly catalogue: Catalogue },
  deps: DoctorDeps,
): Promise<readonly Finding[]> {
  const { messageContent, token, apiUrl } = config.discord;
  const findings = await Promise.all([
    checkDiscord(
      { messageContent, token, apiUrl, isBounded: isBounded(config) },
      commandsOf({ config, catalogue }),
    ),
    examineMps(config, deps),
    examineCos(config, deps),
    checkNames({ ...config.mps, ...(config.cos && { cos: config.cos }) }),
    examineStore(config),
    checkFfmpeg(config.fit.ffmpeg),
    examinePictures(config),
  ]);
  return [...findings.flat(), ...(await checkDisk(placesOf(config)))];
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
