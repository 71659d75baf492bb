import { createRandom, seedOf } from '@easel/stand-in-kit';
import sharp from 'sharp';
import { type Size, sizeOf } from '../tasks/output-size.js';
import type { Task } from '../tasks/tasks.js';
import { drawScene } from './landscape.js';
import type { Lettering } from './outline-font.js';

/** Draws a task's picture: a landscape of its own, with the prompt's first words, model, seed and size. The same task gives the same bytes. */
export async function drawPicture({ id, request }: Task, lettering: Lettering): Promise<Buffer> {
  const size = sizeOf(request);
  const seed = seedOf(id);
  const model = [request.params.ModelName, request.params.ModelVersion].filter(Boolean).join(' ');
  const caption = `${model}  ·  seed ${seed}  ·  ${size.width}×${size.height}`;
  const scene = drawScene(size, createRandom(seed));
  const words = drawWords(lettering, size, request.params.Prompt ?? '', caption);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${scene}${words}</svg>`;
  // The scene covers all of the picture, so that the alpha channel may simply go.
  const image = sharp(Buffer.from(svg)).removeAlpha();
  const jpeg = request.kind === 'image' && request.params.ExtraParameters?.OutputFormat === 'jpeg';
  return (jpeg ? image.jpeg({ quality: 88 }) : image.png({ compressionLevel: 4 })).toBuffer();
}

/** A panorama of so many bytes, about: grain that does not compress, twice as wide as high. The same task gives the same bytes. */
export async function drawPanorama({ id }: Task, bytes: number): Promise<Buffer> {
  const height = Math.max(8, Math.round(Math.sqrt(bytes / 3 / 2)));
  const width = 2 * height;
  const random = createRandom(seedOf(id));
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at + 4 <= pixels.length; at += 4) pixels.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** The words at the foot of the picture, on a shade that keeps them legible. */
function drawWords(lettering: Lettering, { width, height }: Size, prompt: string, caption: string): string {
  const margin = Math.min(width, height) * 0.06;
  const room = width - 2 * margin;
  const size = Math.min(width, height) * 0.052;
  const small = Math.min(size * 0.46, (room / caption.length) * 1.75);
  const lines = lettering.lines(prompt, { size, width: room, most: 2 });
  const foot = height - margin;
  const top = foot - small - 0.6 * size - lines.length * size * 1.22;
  const shade = `<defs><linearGradient id="shade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-opacity="0"/>
<stop offset="1" stop-opacity=".55"/></linearGradient></defs>
<rect y="${(top - size).toFixed(0)}" width="${width}" height="${(height - top + size).toFixed(0)}" fill="url(#shade)"/>`;
  const words = lines.map((line, index) => {
    const y = foot - small - 0.62 * size - (lines.length - 1 - index) * size * 1.22;
    return lettering.draw(line, { x: margin, y, size, fill: '#fff' });
  });
  const note = lettering.draw(caption, { x: margin, y: foot, size: small, fill: '#fff', opacity: 0.78 });
  return [shade, ...words, note].join('\n');
}
