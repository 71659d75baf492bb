import type { Random } from '@easel/stand-in-kit';
import type { Size } from '../tasks/output-size.js';

interface Palette {
  /** From the zenith to the horizon. */
  readonly sky: readonly [string, string, string];
  readonly sun: string;
  /** Of the hills, far and near. */
  readonly land: readonly [string, string];
  readonly stars?: true;
}

const palettes: readonly Palette[] = [
  { sky: ['#1d2b53', '#7e4f7d', '#ffb37b'], sun: '#fff0cf', land: ['#b8657a', '#1c1733'] },
  { sky: ['#0b1026', '#1b2a5a', '#4a6fa5'], sun: '#f4f1de', land: ['#3a5a8c', '#0a0f24'], stars: true },
  { sky: ['#2a9d8f', '#8ecfb8', '#fdf3d0'], sun: '#fffaf0', land: ['#77b9a4', '#12403f'] },
  { sky: ['#3d1f4f', '#c8446b', '#ffc857'], sun: '#fff3b0', land: ['#b23a66', '#21102e'] },
  { sky: ['#3f72af', '#9cc3e6', '#fbeee0'], sun: '#ffffff', land: ['#8fb0cf', '#1b3350'] },
  { sky: ['#07131f', '#0f3d4c', '#3fae94'], sun: '#e8fff4', land: ['#1f6f6b', '#04131a'], stars: true },
  { sky: ['#6d2e46', '#d5896f', '#f8e3c4'], sun: '#fff8ee', land: ['#c07a65', '#2e1420'] },
];

/** Draws a landscape, chosen by `random`, as SVG of a size. `moment`, 0 to 1, lets the sun rise and the hills drift by. */
export function drawScene(size: Size, random: Random, moment = 0): string {
  const { width, height } = size;
  const palette = palettes[Math.floor(random() * palettes.length)] ?? palettes[0];
  if (!palette) return '';
  const horizon = height * (0.5 + 0.14 * random());
  const sun = {
    x: width * (0.22 + 0.56 * random()),
    y: horizon - height * (0.08 + 0.2 * random() + 0.08 * moment),
    radius: Math.min(width, height) * (0.05 + 0.05 * random()),
  };
  const water = random() < 0.4;
  const ground = water
    ? drawRidges(size, random, { palette, top: horizon - height * 0.02, layers: 2, rise: 0.09, moment }) +
      drawWater(size, random, { palette, horizon: horizon + height * 0.06, sun })
    : drawRidges(size, random, { palette, top: horizon, layers: 5, rise: 0.16, moment });
  return `<defs>
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">${stops(palette.sky)}</linearGradient>
</defs>
<rect width="${width}" height="${(horizon * 1.16).toFixed(0)}" fill="url(#sky)"/>
${palette.stars ? drawStars(size, random, horizon) : ''}
${drawSun(sun, palette.sun)}
${ground}`;
}

/** A disc in haze rings; discs are several times faster to draw than a radial gradient. */
function drawSun({ x, y, radius }: { x: number; y: number; radius: number }, color: string): string {
  const haze = [4.6, 3.3, 2.3, 1.55].map((times, ring) =>
    circle(x, y, radius * times, color, 0.06 + 0.03 * ring),
  );
  return `${haze.join('')}${circle(x, y, radius, color)}`;
}

function drawStars({ width, height }: Size, random: Random, horizon: number): string {
  const unit = Math.min(width, height) / 1024;
  return Array.from({ length: 110 }, () => {
    const y = horizon * 0.95 * random() ** 1.4;
    return circle(width * random(), y, unit * (0.6 + 1.5 * random() ** 3), '#fff', 0.25 + 0.65 * random());
  }).join('');
}

interface Ridges {
  readonly palette: Palette;
  readonly top: number;
  readonly layers: number;
  /** How high the hills are, of the picture's height. */
  readonly rise: number;
  readonly moment: number;
}

/** Hills behind hills: the nearer, the darker, the lower and the faster they drift. */
function drawRidges({ width, height }: Size, random: Random, ridges: Ridges): string {
  const { palette, top, layers, rise, moment } = ridges;
  return Array.from({ length: layers }, (_, layer) => {
    const depth = layers === 1 ? 1 : layer / (layers - 1);
    const base = top + (height - top) * 0.78 * depth ** 1.15;
    const outline = ridgeLine(random, 3 + 2 * random());
    const points = Array.from({ length: 97 }, (_, step) => {
      const across = step / 96;
      const up = outline(across + moment * 0.12 * depth) * height * rise * (1 - 0.55 * depth);
      return `${(across * width).toFixed(1)} ${(base - up).toFixed(1)}`;
    });
    const fill = blend(palette.land[0], palette.land[1], depth);
    return `<path d="M0 ${height}L${points.join('L')}L${width} ${height}Z" fill="${fill}"/>`;
  }).join('\n');
}

/** A smooth line with detail, about 0 to 1: a few sines whose waves grow shorter and lower. */
function ridgeLine(random: Random, waves: number): (across: number) => number {
  const parts = Array.from({ length: 6 }, (_, octave) => ({
    frequency: waves * 1.9 ** octave * (0.8 + 0.4 * random()),
    phase: 2 * Math.PI * random(),
    weight: 0.52 ** octave,
  }));
  return (across) =>
    0.5 +
    0.27 *
      parts.reduce(
        (sum, { frequency, phase, weight }) => sum + weight * Math.sin(frequency * across * 3 + phase),
        0,
      );
}

interface Water {
  readonly palette: Palette;
  readonly horizon: number;
  readonly sun: { readonly x: number; readonly radius: number };
}

/** A lake under the hills, with the sun's path on it. */
function drawWater({ width, height }: Size, random: Random, { palette, horizon, sun }: Water): string {
  const depth = height - horizon;
  const glints = Array.from({ length: 26 }, (_, row) => {
    const near = (row + 0.5) / 26;
    const length = sun.radius * (0.7 + 2.6 * near) * (0.4 + 0.9 * random());
    const x = sun.x - length / 2 + sun.radius * (random() - 0.5) * (1 + 2 * near);
    const thick = Math.max(1, depth * 0.014 * (0.25 + near));
    const opacity = (0.55 * (1 - near) ** 1.3 + 0.05).toFixed(2);
    const y = horizon + depth * near ** 1.6;
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${length.toFixed(1)}" height="${thick.toFixed(1)}" rx="${(thick / 2).toFixed(1)}" fill="${palette.sun}" fill-opacity="${opacity}"/>`;
  });
  const { sky, land } = palette;
  const surface = [blend(sky[2], sky[1], 0.45), blend(sky[1], land[1], 0.25), land[1]];
  return `<defs><linearGradient id="water" x1="0" y1="0" x2="0" y2="1">${stops(surface)}</linearGradient></defs>
<rect y="${horizon.toFixed(1)}" width="${width}" height="${depth.toFixed(1)}" fill="url(#water)"/>${glints.join('')}`;
}

function stops(colors: readonly string[]): string {
  const last = Math.max(1, colors.length - 1);
  return colors.map((color, index) => `<stop offset="${index / last}" stop-color="${color}"/>`).join('');
}

function circle(x: number, y: number, radius: number, fill: string, opacity = 1): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="${fill}" fill-opacity="${opacity.toFixed(2)}"/>`;
}

/** A color between two of the form #rrggbb; `part` 0 is the first, 1 the second. */
function blend(first: string, second: string, part: number): string {
  const channel = (color: string, index: number) =>
    Number.parseInt(color.slice(1 + 2 * index, 3 + 2 * index), 16);
  const mixed = [0, 1, 2].map((index) =>
    Math.round(channel(first, index) + (channel(second, index) - channel(first, index)) * part)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${mixed.join('')}`;
}
