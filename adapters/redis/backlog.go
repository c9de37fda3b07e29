package redis

import (
	"context"
	"strconv"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Dirty implements turn.Backlog. A replica keeps a partition for LeaseFor
// after it was last given something of it. While part of a cluster is away the
// rest is served.
func (s *Store) Dirty(ctx context.Context, limit int) ([]chat.Conversation, error) {
	begin := int(s.visit.Add(1))
	// A long backlog is not fetched whole for each batch of it.
	share := strconv.Itoa(min(limit, max(8, limit/8)))
	calls := make([]call, Partitions)
	for i := range calls {
		p := &s.keys.partitions[(begin+i)%Partitions] // no partition is always last
		calls[i] = call{
			keys: []string{p.dirty, p.archiver},
			args: []any{s.replica, leaseFor, share},
		}
	}
	var dirty []chat.Conversation
	var failed error
	answered := false
	for _, cmd := range s.batch(ctx, dirtyScript, calls) {
		names, err := cmd.StringSlice()
		if err != nil {
			failed = err
			continue
		}
		answered = true
		for _, c := range names[:min(len(names), limit-len(dirty))] {
			dirty = append(dirty, chat.Conversation(c))
		}
	}
	if !answered {
		return nil, wrap("list changed conversations", failed)
	}
	return dirty, nil
}

// Read implements turn.Backlog. Conversations that are gone are left out.
func (s *Store) Read(ctx context.Context, cs []chat.Conversation) ([]turn.Chapter, error) {
	if len(cs) == 0 {
		return nil, nil
	}
	calls := make([]call, len(cs))
	for i, c := range cs {
		k := s.keys.of(c)
		calls[i] = call{
			keys: []string{k.record, k.log, k.dirty},
			args: append([]any{string(c)}, recordFields...),
		}
	}
	chapters := make([]turn.Chapter, 0, len(cs))
	for i, cmd := range s.batch(ctx, readScript, calls) {
		reply, err := cmd.Slice()
		if err != nil {
			return nil, wrap("read conversation", err)
		}
		if len(reply) != 2 {
			return nil, wrap("read conversation", errReply)
		}
		values, _ := reply[0].([]any)
		r, _, found, err := decodeRecord(cs[i], values)
		if err != nil {
			return nil, wrap("decode conversation", err)
		}
		if !found {
			continue
		}
		entries, err := decodeEntries(reply[1])
		if err != nil {
			return nil, wrap("decode entries", err)
		}
		chapters = append(chapters, turn.Chapter{Record: r, Entries: entries})
	}
	return chapters, nil
}

// Archived implements turn.Backlog.
func (s *Store) Archived(ctx context.Context, saved []turn.Chapter, before time.Time) error {
	if len(saved) == 0 {
		return nil
	}
	calls := make([]call, len(saved))
	for i, c := range saved {
		k := s.keys.of(c.Conversation)
		archived := c.Record.Archived
		if n := len(c.Entries); n > 0 {
			archived = c.Entries[n-1].Position
		}
		calls[i] = call{
			keys: []string{k.record, k.log, k.dirty},
			args: []any{
				string(c.Conversation), strconv.FormatInt(c.Revision, 10), position(archived), micros(before),
			},
		}
	}
	for _, cmd := range s.batch(ctx, archivedScript, calls) {
		if err := cmd.Err(); err != nil {
			return wrap("note what is archived", err)
		}
	}
	return nil
}

// Evict implements turn.Backlog.
func (s *Store) Evict(ctx context.Context, c chat.Conversation, before time.Time) (bool, error) {
	k := s.keys.of(c)
	gone, err := s.ask(ctx, evictScript, []string{k.record, k.log, k.due, k.dirty}, string(c), micros(before))
	return gone, wrap("evict conversation", err)
}
