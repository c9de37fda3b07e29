-- dirty gives some of a partition's changed conversations to one replica, for
-- as long as it comes again within a lease. Nothing is written while there are
-- none.
-- KEYS: dirty, archiver
-- ARGV: 1 replica, 2 lease in ms, 3 limit
if redis.call('SCARD', KEYS[1]) == 0 then return {} end
local owner = redis.call('GET', KEYS[2])
if owner and owner ~= ARGV[1] then return {} end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return redis.call('SRANDMEMBER', KEYS[1], ARGV[3])
