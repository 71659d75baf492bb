/** What is written into a file about how it was made. All texts are of any language. */
export interface Notes {
  /** The model, by the name users know it by. */
  readonly model?: string;
  /** When it was made, ms since the epoch. */
  readonly madeAt?: number;
  readonly prompt?: string;
  readonly taskId?: string;
  /** The label of AI content that it came with (GB 45438-2025, a JSON object), as it was written. */
  readonly label?: string;
}

/** What everyone is to know of a file that notes are written into. */
export const aiGenerated = 'AI generated';

/** When it was made, in ISO 8601; empty if unknown. */
export function dateOf({ madeAt }: Notes): string {
  return madeAt === undefined ? '' : new Date(madeAt).toISOString().replace(/\.\d+Z$/, 'Z');
}

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

/**
 * Most metadata of one file that is read, bytes: a label has some hundred, and a profile or a preview next to it some
 * million.
 */
export const mostMetadata = 16_000_000;

/**
 * A label of AI content somewhere in metadata: a JSON object with `Label`, perhaps written as XML. Takes time in proportion
 * to the length: what lies between two braces is looked at once. (A pattern that matched it as a whole went back to each
 * `"Label"` of a text without a closing brace: 24 s for 400 kB.)
 */
export function findLabel(metadata: string): string | undefined {
  const plain = metadata.replace(
    /&(?:#(\d{1,6})|(quot|apos|lt|gt|amp));/g,
    (_, code: string | undefined, name: string) =>
      code === undefined ? (entities[name] ?? '') : String.fromCodePoint(Number(code)),
  );
  let open = -1;
  for (const { 0: brace, index } of plain.matchAll(/[{}]/g)) {
    if (brace === '{') open = index;
    else if (open >= 0) {
      const found = plain.slice(open, index + 1);
      if (found.includes('"Label"')) return found;
      open = -1;
    }
  }
  return undefined;
}
