-- restore writes a whole record over the one at base, and the entries that are
-- still to be delivered. What the log holds already stays in it, and a delivery
-- goes on: its lease, a hold, and how far it came. A record without a state
-- begins a new life, in which nothing of that is left. Returns whether it did.
-- KEYS: record, log, due, dirty, mark
-- ARGV: 1 conversation, 2 base, 3 revision, 4 state, 5 seen, 6 holder,
--   7 cursor, 8 tail, 9 archived, 10 prompt, 11 due of its state, 12 mark,
--   then position, kind, time and body of each entry
local c = KEYS[1]
if (redis.call('GET', KEYS[5]) or '') ~= ARGV[12] then return 0 end
local h = redis.call('HMGET', c, 'revision', 'cursor', 'prompt', 'floor')
if (h[1] or '0') ~= ARGV[2] then return 0 end

local cursor, prompt = ARGV[7], ARGV[10]
local floor = ARGV[9] -- up to there the archive knows everything, the log perhaps not
if ARGV[4] == '' then
  redis.call('DEL', KEYS[2])
  redis.call('HDEL', c, 'owner', 'until', 'hold', 'covered')
  floor = ''
elseif before(cursor, h[2]) then
  cursor, prompt = h[2], h[3] or ''
end
if ARGV[4] ~= '' and before(floor, h[4]) then floor = h[4] end
if #ARGV > 12 then -- a stream only grows: write it anew, in order
  local old, i, j = redis.call('XRANGE', KEYS[2], '-', '+'), 1, 13
  redis.call('DEL', KEYS[2])
  while old[i] or ARGV[j] do
    if not ARGV[j] or (old[i] and not before(ARGV[j], old[i][1])) then
      if ARGV[j] == old[i][1] then j = j + 4 end
      redis.call('XADD', KEYS[2], old[i][1], unpack(old[i][2]))
      i = i + 1
    else
      redis.call('XADD', KEYS[2], ARGV[j], 'k', ARGV[j + 1], 't', ARGV[j + 2], 'b', ARGV[j + 3])
      j = j + 4
    end
  end
end
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
redis.call('HSET', c, 'revision', ARGV[3], 'state', ARGV[4], 'seen', ARGV[5], 'holder', ARGV[6],
  'cursor', cursor, 'tail', ARGV[8], 'archived', ARGV[9], 'prompt', prompt, 'due', ARGV[11],
  'mark', ARGV[12], 'last', newest and newest[1] or '', 'floor', floor)
redis.call('ZADD', KEYS[3], 0, ARGV[1]) -- at once: no time of the program is known here
redis.call('SADD', KEYS[4], ARGV[1])
return 1
