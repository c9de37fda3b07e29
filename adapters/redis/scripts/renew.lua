-- renew prolongs the caller's delivery lease. Returns whether it was the
-- caller's: one that ran out and that nobody took still is.
-- KEYS: record
-- ARGV: 1 replica, 2 lease in ms
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', whole(real() + tonumber(ARGV[2])))
return 1
