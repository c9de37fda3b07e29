-- read returns the record and the entries (flat) after its archived position, as
-- they stand together. One that is gone is not dirty any more.
-- KEYS: record, log, dirty
-- ARGV: 1 conversation, then the names of the record's fields; the first is
--   revision, the second archived
local h = redis.call('HMGET', KEYS[1], unpack(ARGV, 2))
if not h[1] then
  redis.call('SREM', KEYS[3], ARGV[1])
  return {h, {}}
end
local from = '-'
if h[2] and h[2] ~= '' then from = '(' .. h[2] end
return {h, flat(redis.call('XRANGE', KEYS[2], from, '+'))}
