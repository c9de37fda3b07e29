-- unsent returns the replies (flat) after the cursor and up to the tail, oldest
-- first.
-- KEYS: record, log
-- ARGV: 1 limit
local h = redis.call('HMGET', KEYS[1], 'cursor', 'tail')
local out, limit = {}, tonumber(ARGV[1])
if not before(h[1], h[2]) then return {} end
local from = '-'
if h[1] and h[1] ~= '' then from = '(' .. h[1] end
while #out < limit do
  local page = redis.call('XRANGE', KEYS[2], from, h[2], 'COUNT', 100)
  for _, e in ipairs(page) do
    if e[2][2] == 'out' and #out < limit then out[#out + 1] = e end
  end
  if #page < 100 then break end
  from = '(' .. page[#page][1]
end
return flat(out)
