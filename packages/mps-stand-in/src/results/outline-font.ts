import { z } from 'zod';
import { readAsset } from './assets.js';

/** Advance and outline of a letter, in thousandths of its size. */
type Letters = ReadonlyMap<string, { readonly advance: number; readonly outline: string }>;

export interface Lettering {
  /** Breaks a text into at most so many lines of a width; the last one ends in … if words are left over. */
  lines(text: string, options: { size: number; width: number; most: number }): string[];
  /** SVG for one line, its base line starting at x, y. */
  draw(line: string, options: { x: number; y: number; size: number; fill: string; opacity?: number }): string;
}

/** Letters drawn as outlines: the same on every machine, also on one that has no fonts (as small containers have none). */
export async function loadLettering(): Promise<Lettering> {
  const json: unknown = JSON.parse((await readAsset('letters.json')).toString('utf8'));
  const entries = Object.entries(z.record(z.string(), z.string()).parse(json));
  const letters = entries.map(([letter, text]) => {
    const [advance = '', ...outline] = text.split(' ');
    return [letter, { advance: Number(advance), outline: outline.join(' ') }] as const;
  });
  return createLettering(new Map(letters));
}

function createLettering(letters: Letters): Lettering {
  /** Letters beyond the outlines (Chinese, say) are square, and drawn with a font of the machine's. */
  const advanceOf = (letter: string): number => letters.get(letter)?.advance ?? 1000;
  const widthOf = (text: string, size: number): number =>
    [...text].reduce((sum, letter) => sum + (advanceOf(letter) * size) / 1000, 0);

  function lines(
    text: string,
    { size, width, most }: { size: number; width: number; most: number },
  ): string[] {
    const pieces = text.match(/\p{Script=Han}|[^\s\p{Script=Han}]+\s*/gu) ?? [];
    const found: string[] = [];
    let line = '';
    for (const piece of pieces) {
      if (line && widthOf((line + piece).trimEnd(), size) > width) {
        found.push(line.trimEnd());
        line = '';
      }
      line += piece;
    }
    if (line) found.push(line.trimEnd());
    const shown = found.slice(0, most).map((one) => clipped(one, size, width, false));
    if (found.length > most) shown[most - 1] = clipped(found[most - 1] ?? '', size, width, true);
    return shown;
  }

  function clipped(line: string, size: number, width: number, goesOn: boolean): string {
    if (!goesOn && widthOf(line, size) <= width) return line;
    const kept = [...line];
    while (kept.length > 1 && widthOf(`${kept.join('')}…`, size) > width) kept.pop();
    return `${kept.join('').trimEnd()}…`;
  }

  return {
    lines,
    draw(line, { x, y, size, fill, opacity = 1 }) {
      let at = 0;
      const drawn = [...line].map((letter) => {
        const left = at;
        at += advanceOf(letter);
        const known = letters.get(letter);
        if (!known)
          return `<text x="${left}" font-family="sans-serif" font-size="1000">${escapeXml(letter)}</text>`;
        return known.outline && `<path transform="translate(${left})" d="${known.outline}"/>`;
      });
      const place = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${(size / 1000).toFixed(5)})`;
      return `<g fill="${fill}" fill-opacity="${opacity}" transform="${place}">${drawn.join('')}</g>`;
    },
  };
}

/** Without characters that XML does not allow: controls, lone surrogates, noncharacters. */
function escapeXml(text: string): string {
  return text.replace(/\p{C}/gu, '').replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
