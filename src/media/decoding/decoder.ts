import PQueue from 'p-queue';
import type { Log } from '../../log.js';
import { minute } from '../../util/time.js';
import { type Canvas, canvasOf } from '../formats/image-dimensions.js';
import { headOf } from '../http/download.js';
import type { Memory } from '../storage/memory-budget.js';
import type { Encoding, HeaderFacts, JobName, Jobs, Order } from './decode-jobs.js';
import {
  DecodeError,
  type DecodeProcess,
  type ProcessOptions,
  startDecodeProcess,
} from './decode-process.js';

/** What an image's header tells, and whether it may be unfolded here. */
export interface Header extends HeaderFacts {
  /** It would decode to more pixels than Easel has memory for: a decompression bomb rather than a photograph. */
  readonly huge: boolean;
}

/**
 * All work with libvips, in separate processes: an image that crashes the library ends one of those, never the bot.
 * They share one memory budget, based on each format's memory per pixel.
 */
export interface Decoder {
  /** Undefined for a file that is no image. @throws DecodeError, as all of these */
  header(path: string): Promise<Header | undefined>;
  isWhole(path: string, header: Header): Promise<boolean>;
  /**
   * Turns the image at `from` into one that MPS takes, at `to`: its first frame, upright, in sRGB, without metadata, png
   * if it is transparent and else jpeg, scaled down until it has less than `maxBytes`.
   * @returns undefined if it cannot be read to its end.
   */
  convert(
    from: string,
    to: string,
    options: { readonly header: Header; readonly maxBytes: number },
  ): Promise<Jobs['convert']['answers']>;
  /** @returns about how many bytes each encoding at its own size would have; undefined if that cannot be told. */
  weigh(
    path: string,
    options: { readonly header: Header; readonly hows: readonly Encoding[]; readonly seconds: number },
  ): Promise<readonly number[] | undefined>;
  /** @returns the bytes it has at `to`; undefined if it cannot be made, or not with the memory there is. */
  encode(
    from: string,
    to: string,
    options: { readonly header: Header; readonly how: Encoding; readonly seconds: number },
  ): Promise<number | undefined>;
  /** The image's XMP and EXIF as text. */
  words(path: string): Promise<readonly string[]>;
  /** Whether the library works on this machine. @throws DecodeError with the reason `unloadable` if it cannot be loaded */
  probe(): Promise<boolean>;
  /** Ends the processes. */
  close(): void;
}

interface Deps {
  /** The budget that everything which takes much memory shares. */
  readonly memory: Memory;
  /** Most memory that one image may take, bytes: one that would take more is refused by its header. */
  readonly largest?: number;
  readonly log: Log;
  /** Processes at once, at most. */
  readonly processes?: number;
  readonly start?: (options: ProcessOptions) => DecodeProcess;
}

/** What one image may take even if the budget is smaller, bytes: an AVIF of 12 million pixels. */
export const leastLargest = 256_000_000;
/** More pixels are no photograph, however little memory they take. */
const maxPixels = 100_000_000;
/** Seconds after which reading is given up: a photograph takes two or three. */
const patience = 60;
/** A process that has kept more than this after a job gives it back by ending, bytes (resident set; fresh it has 63 MB). */
const freshRss = 110_000_000;
/** ms after which a process without a job ends. */
const idleMs = minute;
/** Room for a process itself and for what an estimate misses, bytes. */
const slack = 120_000_000;

/**
 * Memory for each pixel, bytes: how far the resident set of a process rises while it reads an image of 4000 × 4000 pixels
 * and converts it (VmHWM of /proc/self/status; sharp 0.35.5, Node 20.20, one thread), and what is reckoned with.
 *
 * | format | measured | reckoned |
 * |---|---|---|
 * | JPEG, PNG, read line by line | 0.8–1.3 | 2 |
 * | JPEG, PNG: progressive, interlaced, turned, transparent | 3.7–4.7 | 6 |
 * | WebP | 8.3–9.8 | 10 |
 * | GIF | 5.6–8.4 | 9 |
 * | AVIF | 19.2–19.5 | 20 |
 *
 * More than 8 bits a colour take twice as much.
 */
const bytesPerPixel = { byLine: 2, jpeg: 6, png: 6, webp: 10, gif: 9, other: 20 } as const;

/** The same of encoding, beside reading (PNG of 4000 × 4000 pixels): WebP 6.4, transparent 14.7, lossless 30; JPEG below 1. */
const encoderBytes = { webp: 7, transparent: 8, lossless: 30, jpeg: 1 } as const;

/** Memory for a band and what it is encoded to, bytes for each pixel of the whole image. */
const bandBytes = 1;

function unfolded({ format, width, height, byLine, deep, alpha }: HeaderFacts): number {
  const known = format === 'jpeg' || format === 'png' || format === 'webp' || format === 'gif';
  const each = byLine && !alpha ? bytesPerPixel.byLine : bytesPerPixel[known ? format : 'other'];
  return width * height * each * (deep ? 2 : 1);
}

function encoded({ width, height, alpha }: HeaderFacts, { type, lossless }: Encoding): number {
  const lossy = type === 'image/jpeg' ? encoderBytes.jpeg : encoderBytes.webp;
  const each = lossless ? encoderBytes.lossless : lossy + (alpha ? encoderBytes.transparent : 0);
  return width * height * each;
}

/** What is known of an image that is not even opened. */
function asDeclared(canvas: Canvas): HeaderFacts {
  return { ...canvas, plain: false, byLine: canvas.format === 'png', deep: false, frames: 1, alpha: false };
}

export function createDecoder(deps: Deps): Decoder {
  const { largest = leastLargest } = deps;
  const { run, close } = createDecodeRuns({ ...deps, largest });

  const isHuge = (facts: HeaderFacts) => facts.width * facts.height > maxPixels || unfolded(facts) > largest;

  return {
    async header(path) {
      const canvas = canvasOf(await headOf(path));
      const declared = canvas && asDeclared(canvas);
      if (declared && isHuge(declared)) return { ...declared, huge: true };
      const facts = await run('header', { path });
      return facts && { ...facts, huge: isHuge(facts) };
    },
    isWhole: (path, header) => run('whole', { path }, { bytes: unfolded(header) }),
    convert: (from, to, { header, maxBytes }) =>
      run('convert', { from, to, alpha: header.alpha, maxBytes }, { bytes: unfolded(header) }),
    weigh(path, { header, hows, seconds }) {
      const { width, height } = header;
      const bytes = unfolded(header) + bandBytes * width * height;
      return run('weigh', { path, width, height, hows }, { bytes, seconds });
    },
    async encode(from, to, { header, how, seconds }) {
      const bytes = unfolded(header) + encoded(header, how);
      return bytes > largest ? undefined : run('encode', { from, to, how }, { bytes, seconds });
    },
    words: async (path) => (await run('words', { path })) ?? [],
    probe: () => run('probe', {}),
    close,
  };
}

/** Runs jobs in processes that are kept for a while, a few at once, within the memory that there is. */
function createDecodeRuns(deps: Deps & { readonly largest: number }) {
  const { memory, largest, log, processes = 2 } = deps;
  const jobs = new PQueue({ concurrency: processes });
  const pool = createDecodePool(deps);

  /** @param bytes that the job is reckoned to take. */
  async function run<Name extends JobName>(
    job: Name,
    asks: Jobs[Name]['asks'],
    { bytes = 0, seconds = patience }: { readonly bytes?: number; readonly seconds?: number } = {},
  ): Promise<Jobs[Name]['answers']> {
    const mostRss = slack + Math.min(largest, 2 * bytes);
    const order = { job, asks, mostRss, seconds } as Order;
    const workIn = (process: DecodeProcess) =>
      pool.use(process, async () => (await process.run(order)) as Jobs[Name]['answers']);
    const work = async () => {
      const process = pool.take();
      const left = process.rss;
      return workIn(process).catch((error: unknown) => {
        // What earlier images left behind in a process is not this one's doing: it is tried once more in a fresh one.
        if (left === 0 || pool.isClosed() || !(error instanceof DecodeError) || error.reason !== 'memory')
          throw error;
        return workIn(pool.fresh());
      });
    };
    const insist = () =>
      work().catch((error: unknown) => {
        if (pool.isClosed()) throw new DecodeError('closed', 'Easel is stopping.');
        if (error instanceof DecodeError)
          log.warn({ job, reckonedBytes: bytes, err: error }, 'an image crashed the decoder process');
        if (!pool.isBound() || !(error instanceof DecodeError) || error.reason !== 'start') throw error;
        // A Node that needs more to begin with than is reckoned for it: its own watch is left.
        pool.unbind();
        log.warn({}, 'the decoder process runs without a memory limit by the system');
        return work();
      });
    return memory.use(bytes, () => jobs.add(insist));
  }

  return { run, close: pool.close };
}

/** Processes that are idle or at work. */
function createDecodePool({
  largest,
  start = startDecodeProcess,
}: Pick<Deps, 'start'> & { readonly largest: number }) {
  const idle: { readonly process: DecodeProcess; readonly timer: NodeJS.Timeout }[] = [];
  const busy = new Set<DecodeProcess>();
  let isClosed = false;
  /** Whether the kernel bounds the memory of processes. */
  let isBound = true;
  const fresh = () => start(isBound ? { memoryBytes: largest } : {});

  function take(): DecodeProcess {
    if (isClosed) throw new DecodeError('closed', 'Easel is stopping.');
    for (let kept = idle.pop(); kept; kept = idle.pop()) {
      clearTimeout(kept.timer);
      if (!kept.process.gone) return kept.process;
    }
    return fresh();
  }

  function giveBack(process: DecodeProcess): void {
    if (process.gone) return;
    if (process.rss > freshRss) {
      process.end();
      return;
    }
    const timer = setTimeout(() => {
      const at = idle.findIndex((kept) => kept.process === process);
      if (at >= 0) idle.splice(at, 1);
      process.end();
    }, idleMs).unref();
    idle.push({ process, timer });
  }

  return {
    take,
    fresh,
    async use<R>(process: DecodeProcess, work: () => Promise<R>): Promise<R> {
      busy.add(process);
      try {
        return await work();
      } finally {
        busy.delete(process);
        giveBack(process);
      }
    },
    isClosed: () => isClosed,
    isBound: () => isBound,
    unbind() {
      isBound = false;
    },
    close() {
      isClosed = true;
      for (const { process, timer } of idle.splice(0)) {
        clearTimeout(timer);
        process.end();
      }
      for (const process of busy) process.end();
    },
  };
}
