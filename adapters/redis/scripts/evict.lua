-- evict removes a conversation that owes nothing, is archived and has not
-- changed since. Returns whether it did.
-- KEYS: record, log, due, dirty
-- ARGV: 1 conversation, 2 before
local h = record(KEYS[1])
if not h.revision or before(h.cursor, h.tail) or (h.due and h.due ~= '')
  or tonumber(h.changed or 0) > tonumber(ARGV[2])
  or redis.call('SISMEMBER', KEYS[4], ARGV[1]) == 1 then
  return 0
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
