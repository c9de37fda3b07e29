-- commit carries out a turn's change if the store is in the generation of the
-- caller and the record still at its base. Returns a verdict and the prompt as it
-- is then: 0 won, 1 won with the delivery lease, 2 moved, 3 other generation, 4 won
-- with the lease while something earlier is unsent.
-- KEYS: record, log, due, dirty, mark
-- ARGV: 1 conversation, 2 base, 3 revision, 4 state, 5 seen, 6 holder, 7 tail,
--   8 due of its state, 9 now, 10 in chat, 11 mark, 12 replica, 13 lease in ms,
--   14 keep in µs, 15 number of this commit, 16 channel of hints ("" if nobody
--   follows), 17 number of the commit that made the base ("" any), then position,
--   kind, time and body of each entry
local h = record(KEYS[1])
local behind = ARGV[15] .. '+' -- how it stands in the record when something earlier was unsent
if h.revision == ARGV[3] and (h.by == ARGV[15] or h.by == behind) then -- our own repeat: its answer was lost
  if h.owner ~= ARGV[12] or ARGV[7] == '' or not before(h.cursor, h.tail) then return {0, h.prompt or ''} end
  return {h.by == behind and 4 or 1, h.prompt or ''}
end
if (redis.call('GET', KEYS[5]) or '') ~= ARGV[11] then return {3, ''} end
if (h.revision or '0') ~= ARGV[2] then return {2, ''} end
if ARGV[17] ~= '' and h.by ~= ARGV[17] and h.by ~= ARGV[17] .. '+' then return {2, ''} end

for i = 18, #ARGV, 4 do
  redis.call('XADD', KEYS[2], ARGV[i], 'k', ARGV[i + 1], 't', ARGV[i + 2], 'b', ARGV[i + 3])
  h.last = ARGV[i]
end

local t = real()
local take = false
local owed = before(h.cursor, h.tail) -- something earlier is not delivered yet
if ARGV[7] ~= '' then
  h.tail = ARGV[7]
  local held = h.hold and tonumber(h.hold) > tonumber(ARGV[9])
  take = not held and (not owed or h.owner == ARGV[12])
end
h.due, h.changed = ARGV[8], ARGV[9]
local set = {
  'revision', ARGV[3], 'state', ARGV[4], 'seen', ARGV[5], 'holder', ARGV[6], 'tail', h.tail or '',
  'due', h.due, 'changed', h.changed, 'last', h.last or '', 'mark', ARGV[11],
  'by', owed and behind or ARGV[15],
}
local function put(k, v) set[#set + 1] = k; set[#set + 1] = v end
if ARGV[10] == '1' then
  h.prompt = ''
  put('prompt', h.prompt)
  put('covered', ARGV[3])
end
if take then
  h.owner, h['until'] = ARGV[12], whole(t + tonumber(ARGV[13]))
  put('owner', h.owner)
  put('until', h['until'])
end
redis.call('HSET', KEYS[1], unpack(set))
redis.call('SADD', KEYS[4], ARGV[1])
agree(KEYS[3], ARGV[1], h, ARGV[9], t, ARGV[14])
if ARGV[16] ~= '' and #ARGV > 17 then hint(ARGV[16], ARGV[1], h.last, 'entry') end
return {take and (owed and 4 or 1) or 0, h.prompt or ''}
