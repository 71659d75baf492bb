import { z } from 'zod';
import { type PresetWords, presetWords } from './preset.js';

/** What `/presets export` writes, and import reads. */
const file = z.object({
  easel: z.literal('styles'),
  version: z.literal(1),
  styles: z.array(z.unknown()).max(100),
});

const entry = z.strictObject(presetWords);

/** Styles as a file. Examples are left out: their messages mean nothing elsewhere. */
export function writeStyles(presets: readonly PresetWords[]): string {
  const styles = presets.map(({ name, before, after, negative, image, video }) => ({
    name,
    ...(before && { before }),
    ...(after && { after }),
    ...(negative && { negative }),
    ...(image && { image }),
    ...(video && { video }),
  }));
  return `${JSON.stringify({ easel: 'styles', version: 1, styles }, undefined, 2)}\n`;
}

/** What a file says: its styles in order, undefined for one that can't be read; undefined if it is no such file. */
export function readStyles(text: string): readonly (PresetWords | undefined)[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  const { success, data } = file.safeParse(parsed);
  if (!success) return undefined;
  return data.styles.map((one) => {
    const read = entry.safeParse(one);
    return read.success ? (read.data as PresetWords) : undefined;
  });
}
