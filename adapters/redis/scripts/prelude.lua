-- What every script begins with. A missing field of a hash is false in Lua.

-- position reads "<revision>-<n>"; nothing is the position before all.
local function position(s)
  if not s or s == '' then return 0, 0 end
  local r, n = string.match(s, '^(%d+)-(%d+)$')
  return tonumber(r), tonumber(n)
end

local function before(a, b)
  local ar, an = position(a)
  local br, bn = position(b)
  return ar < br or (ar == br and an < bn)
end

-- whole writes a number without losing digits, as tostring would.
local function whole(x) return string.format('%.0f', x) end

-- real is the server's time in ms: leases run on it.
local function real()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end

-- agree sets when a conversation is due, from all that it owes: c its name, h
-- its record by field, now on the program's clock, t on the server's, keep how
-- long (µs) it stays after its last change.
local function agree(key, c, h, now, t, keep)
  local due = tonumber(h.changed or 0) + tonumber(keep)
  if h.due and h.due ~= '' then due = math.min(due, tonumber(h.due)) end
  if before(h.cursor, h.tail) then
    local at = tonumber(now)
    local left = tonumber(h['until'] or 0) - t
    if h.owner and left > 0 then at = at + left * 1000 end -- being delivered
    if h.hold then at = math.max(at, tonumber(h.hold)) end -- put off
    due = math.min(due, at)
  end
  redis.call('ZADD', key, whole(due), c)
end

-- hint tells every replica that there is news. A channel with a hash tag is
-- one of a cluster's shards. A server that may not, or cannot, publish loses
-- nothing but time.
local function hint(channel, c, at, kind)
  local publish = string.find(channel, '{', 1, true) and 'SPUBLISH' or 'PUBLISH'
  redis.pcall(publish, channel, c .. ' ' .. at .. ' ' .. kind)
end

-- flat makes one list of entries: position, kind, time and body of each. Nested, and
-- with the names of their fields, they would be three times as many values to write
-- and to read.
local function flat(entries)
  local out = {}
  for i, e in ipairs(entries) do
    local at, fields = 4 * i, e[2]
    out[at - 3], out[at - 2], out[at - 1], out[at] = e[1], fields[2], fields[4], fields[6]
  end
  return out
end

-- record reads what the scripts need of one; a field that is not set is false.
local function record(key)
  local names = {
    'revision', 'cursor', 'tail', 'archived', 'due', 'changed', 'covered', 'last',
    'owner', 'until', 'hold', 'by', 'ack', 'floor', 'holder', 'prompt',
  }
  local values, h = redis.call('HMGET', key, unpack(names)), {}
  for i, name in ipairs(names) do h[name] = values[i] end
  return h
end
