-- claim takes a due conversation: it is not due again for a lease, and its
-- unsent replies are the caller's if they are nobody else's and not put off.
-- Returns {ok, deliver}.
-- KEYS: record, due
-- ARGV: 1 conversation, 2 now, 3 now + lease, 4 replica, 5 lease in ms
local score = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not score or tonumber(score) > tonumber(ARGV[2]) then return {0, 0} end
local h = record(KEYS[1])
local unsent = before(h.cursor, h.tail)
local t = real()
local left = tonumber(h['until'] or 0) - t
if unsent and h.owner and h.owner ~= ARGV[4] and left > 0 then -- look again when its lease would end
  redis.call('ZADD', KEYS[2], whole(tonumber(ARGV[2]) + left * 1000), ARGV[1])
  return {0, 0}
end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
if not unsent or (h.hold and tonumber(h.hold) > tonumber(ARGV[2])) then return {1, 0} end
redis.call('HSET', KEYS[1], 'owner', ARGV[4], 'until', whole(t + tonumber(ARGV[5])))
return {1, 1}
