import { z } from 'zod';
import { type Definition, integer, named } from './variable-types.js';

/** Which of Discord's shards this process holds: all that Discord recommends, or these of `count`. */
export type Shards = 'auto' | { readonly ids: readonly number[]; readonly count: number };

/** More than Discord gives the largest bots. */
const most = 16_384;
const where = '.env.example explains it';

export const shardVariables = named({
  SHARDS: {
    type: 'text',
    fallback: 'auto',
    allowed: `auto, or a whole number from 1 to ${most}`,
    where,
    schema: z.string().transform(readCount),
    description: `Shards of this process: as many as Discord recommends (auto), or this many, 1 to ${most}.`,
    example: '4',
  } satisfies Definition<number | 'auto'>,
  SHARD_IDS: {
    type: 'list',
    fallback: undefined,
    where,
    allowed: 'shards such as 0-3, or 0,2,5-7; the first is 0',
    schema: z.string().transform(readIds),
    description:
      'The shards of this process, counted from 0, if other processes run the rest. Needs SHARD_COUNT; takes the place of SHARDS.',
    example: '0-3 (or 0,2,5-7)',
  } satisfies Definition<readonly number[] | undefined>,
  SHARD_COUNT: integer({
    fallback: undefined,
    range: [1, most],
    description: 'The number of shards in all processes together. Needs SHARD_IDS.',
    example: '16',
  }),
});

function readCount(text: string, context: z.RefinementCtx): number | 'auto' {
  if (text.toLowerCase() === 'auto') return 'auto';
  if (!/^\d+$/.test(text)) return refused(context, 'which is no whole number');
  const count = Number(text);
  return count >= 1 && count <= most
    ? count
    : refused(context, `which is too ${count < 1 ? 'small' : 'big'}`);
}

/** `0-3`, `0,2,5-7` → each once, in order. */
function readIds(text: string, context: z.RefinementCtx): readonly number[] {
  const ids = new Set<number>();
  for (const part of text.split(',')) {
    const [, from = '', to = from] = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part) ?? [];
    if (from === '') return refused(context, `where ${JSON.stringify(part.trim())} is no shard`);
    if (Number(to) < Number(from)) return refused(context, 'where a range runs backwards');
    for (let id = Number(from); id <= Math.min(Number(to), most); id++) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

function refused(context: z.RefinementCtx, because: string): never {
  context.addIssue(because);
  return z.NEVER;
}
