/** What is written into a file about how it was made. All texts are of any language. */
export interface Notes {
  /** The model, by the name people know it by. */
  readonly model?: string;
  /** When it was made, ms since the epoch. */
  readonly madeAt?: number;
  readonly prompt?: string;
  readonly taskId?: string;
  /** The label of AI content that it came with (GB 45438-2025, a JSON object), as it was written. */
  readonly label?: string;
}

/** What everybody is to know of a file that notes are written into. */
export const aiGenerated = 'AI generated';

/** When it was made, as ISO 8601 has it; empty where that is not told. */
export function dateOf({ madeAt }: Notes): string {
  return madeAt === undefined ? '' : new Date(madeAt).toISOString().replace(/\.\d+Z$/, 'Z');
}

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

/** A label of AI content somewhere in metadata: a JSON object with `Label`, perhaps written as XML. */
export function findLabel(metadata: string): string | undefined {
  const plain = metadata.replace(
    /&(?:#(\d{1,6})|(quot|apos|lt|gt|amp));/g,
    (_, code: string | undefined, name: string) =>
      code === undefined ? (entities[name] ?? '') : String.fromCodePoint(Number(code)),
  );
  return /\{[^{}]*"Label"[^{}]*\}/.exec(plain)?.[0];
}
