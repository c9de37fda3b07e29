-- delivered moves the cursor and appends the receipt, if the lease is the
-- caller's. Returns {mine, more}.
-- KEYS: record, log, due, dirty
-- ARGV: 1 conversation, 2 position, 3 kind, 4 time, 5 body, 6 prompt, 7 now,
--   8 replica, 9 lease in ms, 10 keep in µs, 11 number of this record,
--   12 channel of hints
local h = record(KEYS[1])
if h.ack == ARGV[11] then -- our own repeat: its answer was lost
  return {1, before(h.cursor, h.tail) and 1 or 0}
end
if not h.revision or h.owner ~= ARGV[8] or not before(h.cursor, ARGV[2]) then return {0, 0} end

local r, n = position(h.last)
if whole(r) ~= h.revision then n = 0 end
h.last = h.revision .. '-' .. whole(n + 1)
redis.call('XADD', KEYS[2], h.last, 'k', ARGV[3], 't', ARGV[4], 'b', ARGV[5])
h.cursor, h.changed = ARGV[2], ARGV[7]
local set = {'cursor', h.cursor, 'last', h.last, 'changed', h.changed, 'ack', ARGV[11]}
local function put(k, v) set[#set + 1] = k; set[#set + 1] = v end
if ARGV[6] ~= '' and tonumber((position(ARGV[2]))) >= tonumber(h.covered or 0) then put('prompt', ARGV[6]) end

local t = real()
local more = before(h.cursor, h.tail)
if more then
  h['until'] = whole(t + tonumber(ARGV[9]))
  put('until', h['until'])
else
  redis.call('HDEL', KEYS[1], 'owner', 'until')
end
redis.call('HSET', KEYS[1], unpack(set))
redis.call('SADD', KEYS[4], ARGV[1])
agree(KEYS[3], ARGV[1], h, ARGV[7], t, ARGV[10])
if h.holder and h.holder ~= '' then hint(ARGV[12], ARGV[1], h.last, 'receipt') end
return {1, more and 1 or 0}
