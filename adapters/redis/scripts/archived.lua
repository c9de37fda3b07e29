-- archived notes what the archive holds, cleans the conversation unless it has
-- changed since (a delivery leaves a receipt), and trims what is archived,
-- delivered and old. At most 256 entries go at a time, so that no other
-- conversation waits long.
-- KEYS: record, log, dirty
-- ARGV: 1 conversation, 2 revision, 3 archived, 4 before
local h = record(KEYS[1])
if not h.revision then return redis.call('SREM', KEYS[3], ARGV[1]) end
if tonumber(h.revision) < tonumber(ARGV[2]) then return 0 end -- erased and begun anew meanwhile
local archived = h.archived
if before(archived, ARGV[3]) then
  archived = ARGV[3]
  redis.call('HSET', KEYS[1], 'archived', archived)
end
if h.revision == ARGV[2] and not before(archived, h.last) then redis.call('SREM', KEYS[3], ARGV[1]) end

if not archived or archived == '' then return 1 end
local upto = archived
if before(h.cursor, h.tail) and before(h.cursor, upto) then upto = h.cursor end
if not upto or upto == '' then return 1 end
local first = redis.call('XRANGE', KEYS[2], '-', upto, 'COUNT', 1)[1]
if not first or tonumber(first[2][4]) >= tonumber(ARGV[4]) then return 1 end -- nothing old: the usual case
local old = {}
for _, e in ipairs(redis.call('XRANGE', KEYS[2], '-', upto, 'COUNT', 256)) do
  if tonumber(e[2][4]) >= tonumber(ARGV[4]) then break end
  old[#old + 1] = e[1]
end
if #old > 0 then
  redis.call('XDEL', KEYS[2], unpack(old))
  if before(h.floor, old[#old]) then redis.call('HSET', KEYS[1], 'floor', old[#old]) end
end
return 1
