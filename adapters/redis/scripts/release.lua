-- release ends a named lease if it is the caller's.
-- KEYS: lease
-- ARGV: 1 replica
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
