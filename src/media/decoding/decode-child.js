// Decodes images in a process of its own, for decoder.ts: an image that takes all memory, or that libvips crashes on,
// ends this process and not the bot. Plain JavaScript, so that the same file runs from source and compiled.
import { stat } from 'node:fs/promises';

/** @typedef {import('./decode-jobs.js').Jobs} Jobs */
/** @typedef {import('./decode-jobs.js').Order} Order */
/** @typedef {import('./decode-jobs.js').Report} Report */

/** How often its own memory is looked at during a job, ms: a page fault takes no less than a second for a gigabyte. */
const watchMs = 15;
/** Longest side of what is made for MPS, tried one after the other until the file is small enough. MPS makes 4K at most. */
const sides = [4096, 3072, 2048, 1536, 1024];
/** Beyond this the parent has refused it by its header; a header that lies ends here. */
const maxPixels = 110_000_000;
/** Longest metadata that is handed over, bytes. */
const maxText = 1_000_000;

/** @param {Report} report */
function tell(report) {
  return new Promise((resolve) => {
    process.send?.(report, () => resolve(undefined));
  });
}

/** At once: an orderly exit would wait for libvips. */
function end() {
  process.kill(process.pid, 'SIGKILL');
}

process.on('disconnect', end);

/** @type {typeof import('sharp').default} */
let sharp;
try {
  ({ default: sharp } = await import('sharp'));
  // Each image is looked at once, and one at a time: a cache would keep pixels of images that are gone, and more threads
  // take more memory each.
  sharp.cache(false);
  sharp.concurrency(1);
  // Nothing but what users send as images: libvips knows loaders for PDF, SVG, scientific data and more.
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].flatMap((name) => [
      `VipsForeignLoad${name}File`,
      `VipsForeignLoad${name}Buffer`,
    ]),
  });
  process.on('message', (message) => void work(/** @type {Order} */ (message)));
  await tell({ type: 'ready' });
} catch (error) {
  await tell({ type: 'unloadable', why: error instanceof Error ? error.message.slice(0, 2_000) : '' });
  end();
}

/** @param {Order} order */
async function work(order) {
  const watch = setInterval(async () => {
    const rss = process.memoryUsage.rss();
    if (rss <= order.mostRss) return;
    clearInterval(watch);
    setTimeout(end, 5 * watchMs);
    await tell({ type: 'over', rss });
    end();
  }, watchMs);
  const value = await answerOf(order).catch(() => undefined);
  clearInterval(watch);
  await tell({ type: 'answer', value, rss: process.memoryUsage.rss() });
}

/**
 * What fails is no image, or not a whole one: it counts as undefined.
 * @param {Order} order
 */
async function answerOf({ job, asks, seconds }) {
  const patience = { seconds };
  switch (job) {
    case 'header':
      return readHeader(asks.path);
    case 'whole':
      return isWhole(asks.path, patience);
    case 'convert':
      return convert(asks, patience);
    case 'weigh':
      return weigh(asks, patience);
    case 'encode':
      return encode(asks, patience);
    case 'words':
      return readWords(asks.path);
    case 'probe':
      return probe();
  }
}

/**
 * @param {string} path
 * @returns {Promise<Jobs['header']['answers']>}
 */
async function readHeader(path) {
  const found = await sharp(path, { limitInputPixels: false }).metadata();
  const { format, width, height, orientation = 1, pages = 1, space, depth, icc, hasAlpha } = found;
  const isUpright = orientation <= 1;
  const isDeep = depth !== 'uchar';
  return {
    format,
    width,
    height,
    plain: isUpright && pages === 1 && space !== 'cmyk' && !isDeep && isSrgb(icc),
    byLine: (format === 'jpeg' || format === 'png') && isUpright && !found.isProgressive,
    deep: isDeep,
    frames: pages,
    alpha: hasAlpha,
  };
}

/**
 * No profile means sRGB; its own profiles name it, in latin-1 or UTF-16 ("c2": the short one many cameras embed).
 * @param {Buffer | undefined} profile
 */
function isSrgb(profile) {
  return profile === undefined || /s\0?R\0?G\0?B|c\0?2\0?c\0?i/.test(profile.toString('latin1'));
}

/** Ends at the first missing byte; what is damaged in the middle is left to the eye. */
const reading = /** @type {const} */ ({
  failOn: 'truncated',
  limitInputPixels: maxPixels,
  sequentialRead: true,
});

/**
 * @param {string} path
 * @param {{ seconds: number }} patience
 */
async function isWhole(path, patience) {
  try {
    await sharp(path, reading).timeout(patience).resize(16, 16, { fit: 'fill' }).raw().toBuffer();
    return true;
  } catch {
    return false;
  }
}

/**
 * Without `optimiseCoding` a JPEG is written as it is read, and never held as a whole: an eighth of the memory.
 * @param {Jobs['convert']['asks']} asks
 * @param {{ seconds: number }} patience
 * @returns {Promise<Jobs['convert']['answers']>}
 */
async function convert({ from, to, alpha, maxBytes }, patience) {
  const unfolded = { ...reading, sequentialRead: false };
  const opaque = !alpha || (await sharp(from, unfolded).timeout(patience).stats()).isOpaque;
  for (const side of sides) {
    const image = sharp(from, reading).timeout(patience).autoOrient();
    image.resize(side, side, { fit: 'inside', withoutEnlargement: true });
    await (opaque ? image.jpeg({ quality: 92, optimiseCoding: false }) : image.png()).toFile(to);
    const { size } = await stat(to);
    if (size < maxBytes) return { type: opaque ? 'image/jpeg' : 'image/png', bytes: size };
  }
  return undefined;
}

/**
 * @param {Jobs['encode']['asks']} asks
 * @param {{ seconds: number }} patience
 */
async function encode({ from, to, how }, patience) {
  const { side } = how;
  const image = sharp(from, reading).timeout(patience).keepMetadata();
  if (side) image.resize(side, side, { fit: 'inside', withoutEnlargement: true });
  await as(image, how).toFile(to);
  return (await stat(to)).size;
}

/**
 * @param {import('sharp').Sharp} image
 * @param {import('./decode-jobs.js').Encoding} how
 */
function as(image, { type, lossless, quality, fullColour, effort = 3 }) {
  if (type === 'image/webp') return image.webp(lossless ? { lossless, effort } : { quality });
  return image.jpeg({ quality, optimiseCoding: false, chromaSubsampling: fullColour ? '4:4:4' : '4:2:0' });
}

/** Where bands lie, of the height; together they are a sixteenth of a large image. */
const bandsAt = [1 / 6, 1 / 2, 5 / 6];
const bandShare = 1 / 48;
const leastRows = 64;

/**
 * @param {Jobs['weigh']['asks']} asks
 * @param {{ seconds: number }} patience
 * @returns {Promise<Jobs['weigh']['answers']>}
 */
async function weigh({ path, width, height, hows }, patience) {
  // In the blocks of a JPEG, 16 rows at most: one that is compressed again on another grid comes out larger.
  const rows = Math.max(leastRows, 16 * Math.ceil((height * bandShare) / 16));
  const isSmall = height <= bandsAt.length * rows;
  const bands = isSmall
    ? [[0, height]]
    : bandsAt.map((at) => [16 * Math.floor((at * height - rows / 2) / 16), rows]);
  const bytes = hows.map(() => 0);
  let seen = 0;
  for (const [top = 0, high = 0] of bands) {
    const band = { left: 0, top, width, height: high };
    const image = sharp(path, reading).timeout(patience).extract(band);
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    for (const [index, how] of hows.entries()) {
      const made = await as(sharp(data, { raw: info }).timeout(patience), how).toBuffer();
      bytes[index] = (bytes[index] ?? 0) + made.length;
    }
    seen += high;
  }
  return bytes.map((each) => (each * height) / seen);
}

/** @param {string} path */
async function readWords(path) {
  const { xmp, exif } = await sharp(path, { limitInputPixels: false }).metadata();
  return [xmp, exif].map((data) => data?.subarray(0, maxText).toString('utf8') ?? '');
}

async function probe() {
  const background = '#c63';
  for (const type of /** @type {const} */ (['png', 'jpeg', 'webp'])) {
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .toFormat(type)
      .toBuffer();
    if ((await sharp(bytes).metadata()).width !== 8) return false;
  }
  return true;
}
