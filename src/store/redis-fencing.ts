import { fencedReply } from './fencing.js';

/**
 * Where the processes that hold shards are persisted: a hash from the number of a lease to what it covers. It belongs
 * to the lease; writes look into it.
 */
export const leasesKey = 'easel:leases';

/** Begins every script that writes for a process. KEYS[1]: leases. ARGV[1]: the number of its lease ('' for none). */
export const fence = `
if ARGV[1] ~= '' and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  return redis.error_reply('${fencedReply} this lease was given to another process')
end`;

/** What the keys of a table's rows begin with. */
export function rowPrefix(table: string): string {
  return `easel:${table}::`;
}

/**
 * Writes all rows, or none if one of them is not as it was read; answers 1 or 0. KEYS: leases, index of the table. ARGV:
 * the number of the lease ('' for none), what the table's keys begin with, then key, version ('' for no row) and value of
 * each row.
 */
export const compareAndSetScript = `
${fence}
for i = 3, #ARGV, 3 do
  if (redis.call('GET', ARGV[2] .. ARGV[i]) or '') ~= ARGV[i + 1] then return 0 end
end
for i = 3, #ARGV, 3 do
  redis.call('SET', ARGV[2] .. ARGV[i], ARGV[i + 2])
  redis.call('ZADD', KEYS[2], 0, ARGV[i])
end
return 1`;

/**
 * Writes rows in one step, for each 1 where it was done. KEYS: leases, index of the table. ARGV: the number of the lease
 * ('' for none), what the table's keys begin with, then mode, key and value of each row.
 */
export const writeScript = `
${fence}
local done = {}
for i = 3, #ARGV, 3 do
  local mode, key, name = ARGV[i], ARGV[i + 1], ARGV[2] .. ARGV[i + 1]
  if mode == 'delete' then
    done[#done + 1] = redis.call('DEL', name)
    redis.call('ZREM', KEYS[2], key)
  elseif mode == 'add' and redis.call('EXISTS', name) == 1 then
    done[#done + 1] = 0
  else
    redis.call('SET', name, ARGV[i + 2])
    redis.call('ZADD', KEYS[2], 0, key)
    done[#done + 1] = 1
  end
end
return done`;
