import type { Reader } from './env-reader.js';
import { integer, Refusal, type Variable } from './variable-types.js';

/** Which of Discord's shards this process holds: all that Discord recommends, or these of `count`. */
export type Shards = 'auto' | { readonly ids: readonly number[]; readonly count: number };

/** More than Discord gives the largest bots. */
const most = 16_384;

export const shardVariables = {
  shards: {
    name: 'SHARDS',
    read: readShards,
    fallback: 'auto',
    allowed: `auto, or a whole number from 1 to ${most}`,
    where: '.env.example explains it',
  } satisfies Variable<number | 'auto'>,
  shardIds: {
    name: 'SHARD_IDS',
    read: readIds,
    fallback: undefined,
    allowed: 'shards such as 0-3, or 0,2,5-7; the first is 0',
    where: '.env.example explains it',
  } satisfies Variable<readonly number[] | undefined>,
  shardCount: integer('SHARD_COUNT', { fallback: undefined, range: [1, most] }),
} as const;

function readShards(text: string): number | 'auto' | Refusal {
  if (text.toLowerCase() === 'auto') return 'auto';
  if (!/^\d+$/.test(text)) return new Refusal('which is no whole number');
  const count = Number(text);
  return count >= 1 && count <= most ? count : new Refusal(`which is too ${count < 1 ? 'small' : 'big'}`);
}

/** `0-3`, `0,2,5-7` → each once, in order. */
function readIds(text: string): readonly number[] | Refusal {
  const ids = new Set<number>();
  for (const part of text.split(',')) {
    const [, from = '', to = from] = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part) ?? [];
    if (from === '') return new Refusal(`where ${JSON.stringify(part.trim())} is no shard`);
    if (Number(to) < Number(from)) return new Refusal('where a range runs backwards');
    for (let id = Number(from); id <= Math.min(Number(to), most); id++) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

/** The shards, SHARDS of them or SHARD_IDS of SHARD_COUNT; what does not go together is noted. */
export function takeShards({ has, take, refuse }: Reader): Shards {
  const { shards, shardIds, shardCount } = shardVariables;
  const [wanted, ids, count] = [take(shards), take(shardIds), take(shardCount)];
  if (has(shardIds) && !has(shardCount)) refuse(shardCount, 'nothing, beside SHARD_IDS', shardCount.allowed);
  if (has(shardCount) && !has(shardIds)) refuse(shardIds, 'nothing, beside SHARD_COUNT', shardIds.allowed);
  if (has(shards) && (has(shardIds) || has(shardCount)))
    refuse(
      shards,
      'a value, beside SHARD_IDS and SHARD_COUNT',
      'one way or the other: leave SHARDS out here',
    );
  const last = ids?.at(-1);
  if (last !== undefined && count !== undefined && last >= count)
    refuse(shardIds, `shard ${last} of SHARD_COUNT ${count}`, `shards from 0 to ${count - 1}`);
  if (ids && count !== undefined) return { ids, count };
  return wanted === 'auto' ? 'auto' : { ids: [...Array(wanted).keys()], count: wanted };
}

/** Notes where a process would have a part of the shards, and a store that no other process can share. */
export function requireSharedStore({ refuse }: Reader, shards: Shards, storeUrl: string): void {
  if (shards === 'auto' || shards.ids.length === shards.count || !storeUrl.startsWith('sqlite')) return;
  const allowed = 'all of them; or STORE_URL=redis://…, which processes can share';
  refuse(shardVariables.shardIds, 'a part of the shards, beside an SQLite file', allowed);
}
