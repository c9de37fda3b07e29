package redis

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Times are whole microseconds since 1970, as the archive keeps them; "" is
// the zero time. A score of a sorted set holds them exactly until 2255.

func micros(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}

func parseMicros(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("time %q is not in microseconds", s)
	}
	return time.UnixMicro(n).UTC(), nil
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func microseconds(d time.Duration) string { return strconv.FormatInt(d.Microseconds(), 10) }

// How long leases last and what is settled is kept, as the scripts expect it.
var (
	leaseFor = millis(turn.LeaseFor)
	keepFor  = microseconds(turn.KeepFor)
)

// position writes a position; the zero one is "".
func position(p turn.Position) string {
	if p == (turn.Position{}) {
		return ""
	}
	return p.String()
}

// appendEntries adds entries as the scripts expect them.
func appendEntries(args []any, entries []turn.Entry) []any {
	for _, e := range entries {
		args = append(args, e.Position.String(), string(e.Kind), micros(e.At), e.Body)
	}
	return args
}

// recordFields are the fields of the hash that make a turn.Record and its
// mark; read.lua relies on the first two.
var recordFields = []any{
	"revision", "archived", "state", "seen", "holder", "cursor", "tail", "prompt", "due", "mark",
}

// decodeRecord reads the values of recordFields; found is false when there is
// no record.
func decodeRecord(c chat.Conversation, values []any) (r turn.Record, mark string, found bool, err error) {
	if len(values) != len(recordFields) {
		return r, "", false, errReply
	}
	field := make([]string, len(values)) // nil, a field that was never set, stays ""
	for i, v := range values {
		field[i], _ = v.(string)
	}
	if field[0] == "" {
		return turn.Record{Conversation: c}, "", false, nil
	}
	r = turn.Record{Conversation: c, Seen: field[3], Holder: field[4], Prompt: field[7]}
	if field[2] != "" {
		r.State = []byte(field[2])
	}
	if r.Revision, err = strconv.ParseInt(field[0], 10, 64); err != nil {
		return r, "", false, errReply
	}
	for _, p := range [...]struct {
		to   *turn.Position
		from string
	}{{&r.Archived, field[1]}, {&r.Cursor, field[5]}, {&r.Tail, field[6]}} {
		if *p.to, err = turn.ParsePosition(p.from); err != nil {
			return r, "", false, err
		}
	}
	r.Due, err = parseMicros(field[8])
	return r, field[9], true, err
}

// decodeEntries reads what the scripts' flat makes of entries.
func decodeEntries(reply any) ([]turn.Entry, error) {
	list, ok := reply.([]any)
	if !ok || len(list)%4 != 0 {
		return nil, errReply
	}
	entries := make([]turn.Entry, 0, len(list)/4)
	for one := range slices.Chunk(list, 4) {
		var text [4]string
		for i := range text {
			text[i], _ = one[i].(string)
		}
		p, err := turn.ParsePosition(text[0])
		if err != nil {
			return nil, err
		}
		at, err := parseMicros(text[2])
		if err != nil {
			return nil, err
		}
		entries = append(entries, turn.Entry{Position: p, Kind: turn.EntryKind(text[1]), At: at, Body: []byte(text[3])})
	}
	return entries, nil
}

// pair reads an answer of two numbers that mean yes or no.
func pair(cmd *redis.Cmd) (a, b bool, err error) {
	n, err := cmd.Int64Slice()
	if err != nil {
		return false, false, err
	}
	if len(n) != 2 {
		return false, false, errReply
	}
	return n[0] == 1, n[1] == 1, nil
}
