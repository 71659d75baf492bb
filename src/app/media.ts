import type { Config } from '../config/config.js';
import type { Log } from '../log.js';
import { createClips, leastForClips } from '../media/clips/clips.js';
import type { CosBucket } from '../media/cos/bucket.js';
import { DecodeError } from '../media/decoding/decode-process.js';
import { createDecoder, type Decoder, leastLargest } from '../media/decoding/decoder.js';
import type { LocalFile } from '../media/files.js';
import { download } from '../media/http/download.js';
import { createAddressRule } from '../media/http/url-guard.js';
import { createFitter } from '../media/resize/fitter.js';
import { createArchivedFetcher } from '../media/results/archived-fetcher.js';
import { createFetcher } from '../media/results/result-fetcher.js';
import { createClipSources } from '../media/sources/clip-intake.js';
import { createSources } from '../media/sources/source-intake.js';
import { createTexts } from '../media/sources/text-intake.js';
import { type Archive, createArchive } from '../media/storage/archive.js';
import { createMemory } from '../media/storage/memory-budget.js';
import { createSpool } from '../media/storage/spool.js';
import { createPacking, type PackingRules } from '../tasks/delivery/attachments.js';
import { createUploadQueue } from '../tasks/delivery/upload-queue.js';
import type { Task } from '../tasks/model/task.js';

interface Deps {
  readonly config: Config;
  readonly log: Log;
  readonly now: () => number;
  /** ms before a failed download is retried. */
  readonly retryMs: number;
  /** ms without a byte after which a download is restarted. */
  readonly stallMs?: number;
  /** The operator's own bucket. */
  readonly bucket: CosBucket | undefined;
  /** Called each time it rejects the key. */
  readonly onRefusedByBucket: () => void;
  /** Called with the name of a host that this machine resolves to a forbidden address. */
  readonly onMisresolved: (host: string) => void;
  /** Its owner closes it. @default one of its own */
  readonly decoder?: Decoder;
  /** The rules that apply to a task's files. */
  readonly rules: (task: Task) => Promise<PackingRules>;
}

/** Removes a redacted task's files from the archive. */
export function emptyArchive(archive: Archive | undefined, log: Log) {
  return ({ id, purge }: Task): void => {
    if (!archive || purge !== 'done') return;
    void archive.remove(id).catch((error: unknown) => {
      log.error({ task: id, err: error }, 'files of redacted tasks could not be removed from ARCHIVE_DIR');
    });
  };
}

const withoutPictures =
  'the image library sharp does not work on this machine: orders with a picture are refused, and results too large for Discord are posted as links; npm run doctor says what to do';

/** Largest file that Discord takes from anyone, bytes, and ms without a byte of it after which its download ends. */
const largestUpload = 500_000_000;
const uploadStallMs = 15_000;

/** Hosts of Discord uploads. */
const discordFiles = /^(cdn\.discordapp\.com|(media|images-ext-\d+)\.discordapp\.net)$/;

/**
 * Hosts of results. All serve https; a sibling API of MPS with the same backend returns plain http links to them.
 */
const resultHosts = /\.(?:myqcloud\.com|tencentcos\.cn|vod-qcloud\.com)$/;

/**
 * Everything that handles files: source images and results.
 * @throws ConfigError if SPOOL_DIR or ARCHIVE_DIR can't be used.
 */
export async function createFiles(deps: Deps) {
  const { config, log, now, retryMs, stallMs, bucket, onMisresolved, onRefusedByBucket, rules } = deps;
  const { spoolDir, concurrency, memory: bytes } = config.transfer;
  const spool = await createSpool({ ...(spoolDir !== undefined && { folder: spoolDir }) });
  const uploads = createAddressRule(config.discord.apiUrl, { hosts: discordFiles, onMisresolved });
  const results = createAddressRule(config.mps.endpoint, { secure: resultHosts, onMisresolved });
  const archive = config.archiveDir === undefined ? undefined : await createArchive(config.archiveDir);
  const memory = createMemory(bytes);
  const linked = createFetcher({
    addresses: results,
    bucket,
    onRefusedByBucket,
    spool,
    log,
    now,
    retryMs,
    concurrency,
    // What is archived is copied on the disk.
    keep: archive === undefined,
    ...(stallMs !== undefined && { stallMs }),
  });
  const copies = createFetcher({ addresses: uploads, spool, log, now, retryMs, concurrency });
  const { decoder, fitter } = createFitting({ config, spool, memory, log, shared: deps.decoder });
  const clips = clipsOf(config, { spool, memory });
  return {
    clips,
    decoder,
    spool,
    clipSources: createClipSources({ addresses: uploads, spool, clips }),
    sources: createSources({ addresses: uploads, spool, decoder }),
    texts: createTexts({ addresses: uploads, spool }),
    archive,
    /**
     * Downloads a file of Discord's CDN into the spool, as it is.
     * @throws as `download`.
     */
    async fetchUpload(url: string, signal: AbortSignal): Promise<LocalFile> {
      const options = { addresses: uploads, spool, maxBytes: largestUpload, stallMs: uploadStallMs, signal };
      const { path, bytes, type } = await download(url, options);
      // What Easel posted, it knows by its bytes.
      if (type) return { path, bytes, type };
      await spool.remove([path]);
      throw new Error('a file in a message of Easel is of an unknown type');
    },
    discard: (files: readonly LocalFile[]) => spool.remove(files.map(({ path }) => path)),
    /** Fetches by link only. */
    linked,
    /** Fetches copies of results from Discord. */
    copies,
    fetcher: archive ? createArchivedFetcher({ fetcher: linked, archive, spool, log }) : linked,
    packing: createPacking({ fitter, decoder, spool, rules, log }),
    transfers: createUploadQueue({ concurrency, memory }),
    /** Checks whether images can be decoded on this machine, and logs if they can't. */
    checkPictures: () => checkPictures(decoder, log),
    /** Ends connections and processes, and removes the spool. */
    async close(): Promise<void> {
      if (!deps.decoder) decoder.close();
      await Promise.all([uploads.close(), results.close()]);
      await spool.close();
    },
  };
}

/** Looks at clips, and changes and joins them. */
function clipsOf({ fit, transfer }: Config, parts: Pick<FittingDeps, 'spool' | 'memory'>) {
  const { ffmpeg, concurrency } = fit;
  const largest = Math.max(leastForClips, transfer.memory);
  return createClips({ ...parts, concurrency, largest, ...(ffmpeg !== undefined && { ffmpeg }) });
}

interface FittingDeps extends Pick<Deps, 'config' | 'log'> {
  readonly spool: Awaited<ReturnType<typeof createSpool>>;
  readonly memory: ReturnType<typeof createMemory>;
  readonly shared: Decoder | undefined;
}

/** Reads images, and makes results fit Discord's limits. */
function createFitting({ config, spool, memory, log, shared }: FittingDeps) {
  const { ffmpeg, concurrency } = config.fit;
  const decoder =
    shared ??
    createDecoder({
      memory,
      log,
      largest: Math.max(leastLargest, config.transfer.memory),
      processes: Math.max(2, concurrency),
    });
  const fitter = createFitter({
    spool,
    decoder,
    memory,
    log,
    concurrency,
    ...(ffmpeg !== undefined && { ffmpeg }),
  });
  return { decoder, fitter };
}

async function checkPictures(decoder: Pick<Decoder, 'probe'>, log: Log): Promise<void> {
  const works = await decoder.probe().catch((error: unknown) => {
    const isClosed = error instanceof DecodeError && error.reason === 'closed';
    if (!isClosed) log.error({ err: error }, withoutPictures);
    return undefined;
  });
  if (works === false) log.error({}, withoutPictures);
}
