-- reserve counts a try unless the window is full; one that is counted already
-- stays counted once. Returns whether it is allowed.
-- KEYS: tries
-- ARGV: 1 event, 2 now, 3 end of the window that closed, 4 limit, 5 window in ms
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
