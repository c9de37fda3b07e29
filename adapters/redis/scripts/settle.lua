-- settle sets when the conversation is due again, from what it owes.
-- KEYS: record, due
-- ARGV: 1 conversation, 2 now, 3 keep in µs
local h = record(KEYS[1])
if not h.revision then return redis.call('ZREM', KEYS[2], ARGV[1]) end
agree(KEYS[2], ARGV[1], h, ARGV[2], real(), ARGV[3])
return 1
