/**
 * What keys of the totals begin with; then `entries` (a hash from task to what it uses), `total`, or `user:` and a
 * user.
 */
export const totalsKey = 'easel:totals:';

/**
 * An entry is `person slot unit amount cost state`, a field of a sum `slot:unit:state`; slots are quarters of an hour since
 * the epoch. KEYS[2]: entries. Sums that no one changes for 40 days hold nothing that a period still counts.
 */
const counting = `
local function change(key, field, by)
  if by == 0 then return end
  if redis.call('HINCRBY', key, field, string.format('%.0f', by)) == 0 then redis.call('HDEL', key, field) end
  redis.call('EXPIRE', key, 3456000)
end
local function count(packed, sign)
  local person, slot, unit, amount, cost, state = string.match(packed, '^(%S+) (%d+) (%l+) (%d+) (%d+) (%l+)$')
  for _, key in ipairs({'${totalsKey}total', '${totalsKey}user:' .. person}) do
    change(key, slot .. ':' .. unit .. ':' .. state, sign * tonumber(amount))
    change(key, slot .. ':cost:' .. state, sign * tonumber(cost))
  end
end
local asked = cjson.decode(ARGV[2])
`;

/** KEYS: sum of everything, sum of the user, entries. ARGV: ids. Answers both hashes, and the entries of these ids. */
export const lookScript = `
local own = {}
for _, id in ipairs(ARGV) do own[#own + 1] = redis.call('HGET', KEYS[3], id) or '' end
return {redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]), own}`;

/**
 * After the fence. ARGV[2]: entries, and limits. Answers 1 if all entries are counted now, 0 if nothing was changed.
 * Sums may hold fields of slots that are over 40 days old: they are dropped on the way.
 */
export const claimScript = `
${counting}
local sums = {}
local function used(limit)
  if not sums[limit.key] then
    local all = redis.call('HGETALL', limit.key)
    sums[limit.key] = {}
    for i = 1, #all, 2 do
      local slot, unit = string.match(all[i], '^(%d+):(%l+):')
      if tonumber(slot) < limit.from - 4000 then redis.call('HDEL', limit.key, all[i]) end
      table.insert(sums[limit.key], {tonumber(slot), unit, tonumber(all[i + 1])})
    end
  end
  local sum = 0
  for _, one in ipairs(sums[limit.key]) do
    if one[2] == limit.unit and one[1] >= limit.from and one[1] < limit.to then sum = sum + one[3] end
  end
  return sum
end
local before = {}
for i, entry in ipairs(asked.entries) do
  before[i] = redis.call('HGET', KEYS[2], entry[1])
  if before[i] then count(before[i], -1) end
end
for _, limit in ipairs(asked.limits) do
  if used(limit) + limit.need > limit.max then
    for i in ipairs(asked.entries) do
      if before[i] then count(before[i], 1) end
    end
    return 0
  end
end
for _, entry in ipairs(asked.entries) do
  redis.call('HSET', KEYS[2], entry[1], entry[2])
  count(entry[2], 1)
end
return 1`;

/** After the fence. ARGV[2]: entries, and the mode (all, absent). */
export const putScript = `
${counting}
for _, entry in ipairs(asked.entries) do
  local before = redis.call('HGET', KEYS[2], entry[1])
  if not before or (asked.mode == 'all' and before ~= entry[2]) then
    if before then count(before, -1) end
    redis.call('HSET', KEYS[2], entry[1], entry[2])
    count(entry[2], 1)
  end
end
return 1`;
