import { isLoopback } from '@easel/stand-in-kit';
import sharp from 'sharp';
import { Agent, request } from 'undici';
import { type ClipDemand, clipRule, type InputClip, judgeClip } from './input-clips.js';
import type { Kind } from './tasks.js';

const mebibyte = 1024 * 1024;
/** The facts' rules for input images: which types, and under how many bytes. */
const rules = {
  image: { types: ['jpeg', 'png', 'webp'], bytes: 7 * mebibyte, words: 'jpeg, png or webp under 7 MB' },
  video: { types: ['jpeg', 'png'], bytes: 10 * mebibyte, words: 'jpeg or png under 10 MB' },
} as const;
const timeout = 15_000;

export interface Given {
  readonly images: readonly string[];
  readonly clips?: readonly string[];
  /** What decides besides whether a clip is taken. */
  readonly demand?: ClipDemand | undefined;
  /** Pixels below which a side of an image is too small for the model. */
  readonly leastSide?: number | undefined;
}

/** Takes valid files in. */
export interface Keep {
  image?(url: string, bytes: Buffer): Promise<void>;
  clip?(url: string, clip: InputClip, bytes: Buffer): void;
}

export interface Sources {
  /**
   * Downloads a task's sources: undefined if all is fine, or else the task's Message.
   * @param keep receives each valid file, before this resolves
   */
  fetch(kind: Kind, given: Given, keep?: Keep): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Fetches only from this machine: a stand-in must not make traffic, so any other address fails without a request. */
export function createSources(): Sources {
  const agent = new Agent({ pipelining: 0, headersTimeout: timeout, bodyTimeout: timeout });

  /** Downloads one file and judges it. */
  async function problemOf(
    url: string,
    most: number,
    judge: (bytes: Buffer) => Promise<string | undefined> | string | undefined,
  ): Promise<string | undefined> {
    if (!isLoopback(new URL(url).hostname)) return `download failed: ${url} is not on this machine`;
    try {
      const { statusCode, body } = await request(url, { dispatcher: agent });
      const bytes = await firstBytes(body, most);
      if (statusCode !== 200) return `download failed: HTTP ${statusCode}`;
      return await judge(bytes);
    } catch (error) {
      return `download failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  return {
    async fetch(kind, { images, clips = [], leastSide, demand }, keep) {
      const problems = await Promise.all([
        ...images.map((url) =>
          problemOf(url, rules[kind].bytes, async (bytes) => {
            const problem = judgeImageBytes(kind, bytes) ?? (await judgeSides(bytes, leastSide));
            if (problem === undefined) await keep?.image?.(url, bytes);
            return problem;
          }),
        ),
        ...clips.map((url) =>
          problemOf(url, clipRule.bytes + 1, (bytes) => {
            const clip = demand ? judgeClip(bytes, demand) : undefined;
            if (typeof clip === 'object') keep?.clip?.(url, clip, bytes);
            return typeof clip === 'string' ? clip : undefined;
          }),
        ),
      ]);
      return problems.find((problem) => problem !== undefined);
    },
    close: () => agent.destroy(),
  };
}

/** The error in an input image, by its first bytes and its size; undefined if it is valid. */
export function judgeImageBytes(kind: Kind, bytes: Buffer): string | undefined {
  const rule = rules[kind];
  const type = imageType(bytes);
  const allowed: readonly string[] = rule.types;
  if (!type || !allowed.includes(type)) return `input image is ${type ?? 'no image'}: expected ${rule.words}`;
  return bytes.length >= rule.bytes ? `input image is too large: expected ${rule.words}` : undefined;
}

/** Small images fail with the model behind MPS, in these words. */
async function judgeSides(bytes: Buffer, least = 0): Promise<string | undefined> {
  if (least <= 1) return undefined;
  const { width = 0, height = 0 } = await sharp(bytes).metadata();
  return Math.min(width, height) < least ? 'Image pixel is invalid' : undefined;
}

function imageType(bytes: Buffer): string | undefined {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (text(0, 4) === 'GIF8') return 'gif';
  return undefined;
}

async function firstBytes(body: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks);
}
