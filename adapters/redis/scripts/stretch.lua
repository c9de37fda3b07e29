-- stretch returns a part of the log above its floor: from a position on, or the
-- last entries before it, newest first. Returns {found, mark, floor,
-- entries (flat)}.
-- KEYS: record, log
-- ARGV: 1 "from" or "ahead", 2 position ("" the end), 3 limit
local h = redis.call('HMGET', KEYS[1], 'revision', 'mark', 'floor')
if not h[1] then return {0, '', '', {}} end
local floor = h[3] or ''
local low = floor == '' and '-' or '(' .. floor
local entries
if ARGV[1] == 'from' then
  if before(floor, ARGV[2]) then low = ARGV[2] end
  entries = redis.call('XRANGE', KEYS[2], low, '+', 'COUNT', ARGV[3])
else
  local high = ARGV[2] == '' and '+' or '(' .. ARGV[2]
  entries = redis.call('XREVRANGE', KEYS[2], high, low, 'COUNT', ARGV[3])
end
return {1, h[2] or '', floor, flat(entries)}
