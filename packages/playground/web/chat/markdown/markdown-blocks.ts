/** A line-wise part of a message's markdown. */
export interface Block {
  readonly kind: 'text' | 'quote' | 'subtext' | 'heading' | 'item' | 'code';
  readonly text: string;
  /** For a heading, 1 to 3. */
  readonly level: number;
}

/** The prefix gives the depth of a heading or an item. */
const patterns = [
  ['quote', /^(> )(.*)$/],
  ['subtext', /^(-# )(.+)$/],
  ['heading', /^(#{1,3} )(.+)$/],
  ['item', /^( *[-*] )(.+)$/],
] as const;

/**
 * Parts a message into its line-wise blocks. discord-markdown-parser reads what is within them; of its own block rules it
 * forgets those that follow a quote, and it does not support lists.
 */
export function blocksOf(source: string): readonly Block[] {
  const blocks: Block[] = [];
  // Code in fences keeps its lines as they are.
  for (const part of source.split(/(```[\s\S]*?```)/)) {
    if (/^```[\s\S]*```$/.test(part)) blocks.push({ kind: 'code', text: codeIn(part), level: 0 });
    else for (const line of part.replace(/^\n|\n$/g, '').split('\n')) add(blocks, blockOf(line));
  }
  return blocks.filter(({ kind, text }) => kind !== 'text' || text.trim() !== '');
}

function blockOf(line: string): Block {
  for (const [kind, pattern] of patterns) {
    const [, mark, text] = pattern.exec(line) ?? [];
    if (mark !== undefined && text !== undefined) return { kind, text, level: mark.length - 1 };
  }
  return { kind: 'text', text: line, level: 0 };
}

/** Neighbouring lines of a quote, and of plain text, belong together. */
function add(blocks: Block[], block: Block): void {
  const last = blocks.at(-1);
  if (last?.kind === block.kind && (block.kind === 'quote' || block.kind === 'text'))
    blocks.splice(-1, 1, { ...last, text: `${last.text}\n${block.text}` });
  else blocks.push(block);
}

function codeIn(fence: string): string {
  return fence
    .slice(3, -3)
    .replace(/^[\w+-]*\n/, '')
    .replace(/\n$/, '');
}
