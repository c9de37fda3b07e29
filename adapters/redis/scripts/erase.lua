-- erase deletes all that is kept of a conversation.
-- KEYS: record, log, due, dirty
-- ARGV: 1 conversation
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('SREM', KEYS[4], ARGV[1])
return 1
