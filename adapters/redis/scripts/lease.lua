-- lease takes or renews a named lease. Returns whether it is the caller's.
-- KEYS: lease
-- ARGV: 1 replica, 2 time in ms
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
