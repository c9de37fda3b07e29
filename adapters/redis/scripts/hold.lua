-- hold gives the caller's lease back and puts the conversation off.
-- KEYS: record, due
-- ARGV: 1 conversation, 2 until, 3 replica, 4 keep in µs
local h = record(KEYS[1])
if h.owner ~= ARGV[3] then return 0 end
redis.call('HDEL', KEYS[1], 'owner', 'until')
redis.call('HSET', KEYS[1], 'hold', ARGV[2])
h.owner, h.hold = false, ARGV[2]
agree(KEYS[2], ARGV[1], h, ARGV[2], 0, ARGV[4])
return 1
