package turn

import (
	"context"
	"fmt"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// loaded is a conversation as a turn finds it.
type loaded struct {
	Snapshot
	// next is the revision that a commit makes of it.
	next int64
	// by is the commit that left it so, if it is remembered (see recollections);
	// "": it was loaded.
	by string
}

// leap is what a revision goes up by where the clock does not stand above it.
const leap = 1 << 20

// above returns a revision from which a conversation begins or goes on after
// the live store may have lost something: the clock's milliseconds. Commits of
// one conversation are slower than those, so that every revision that was given
// before, though neither the store nor the archive remembers it, is lower, and
// neither a position nor an effect ID is given twice.
func (e *Engine) above(revision int64) int64 {
	if now := e.now().UnixMilli(); now > revision {
		return now
	}
	return revision + leap
}

// load returns the conversation, restored from the archive if the live store
// does not have it or has it from another generation.
func (e *Engine) load(ctx context.Context, c chat.Conversation) (loaded, error) {
	for range attempts {
		if e.generation.suspected() || e.currentMark() == "" {
			if err := e.refreshMark(ctx); err != nil {
				return loaded{}, err
			}
		}
		mark := e.currentMark()
		snap, err := e.Conversations.Load(ctx, c)
		if err != nil {
			return loaded{}, fmt.Errorf("load conversation: %w", err)
		}
		snap.Conversation = c
		if snap.Found && snap.Mark == mark {
			return loaded{Snapshot: snap, next: snap.Revision + 1}, nil
		}
		if snap.Found {
			if err := e.refreshMark(ctx); err != nil {
				return loaded{}, err
			}
			if mark = e.currentMark(); snap.Mark == mark {
				return loaded{Snapshot: snap, next: snap.Revision + 1}, nil
			}
		}
		floor, fresh, err := e.restore(ctx, snap, c, mark)
		if err != nil {
			return loaded{}, err
		}
		if fresh {
			return loaded{Snapshot: Snapshot{Record: Record{Conversation: c}, Mark: mark}, next: e.above(floor) + 1}, nil
		}
	}
	return loaded{}, fault.New(fault.Unavailable, "conversation is being restored")
}

// restore brings a conversation into the live store: the newer of what the
// store and the archive know. It reports that it is fresh when neither knows
// anything, and the revision above which it must begin.
func (e *Engine) restore(ctx context.Context, snap Snapshot, c chat.Conversation, mark string) (floor int64, fresh bool, err error) {
	row, known, err := e.Archive.Find(ctx, c)
	if err != nil {
		return 0, false, fault.Wrap(fault.Unavailable, fmt.Errorf("find archived conversation: %w", err))
	}
	if !known && !snap.Found {
		return row.Revision, true, nil
	}
	record, base := row, int64(0)
	var unsent []Entry
	if snap.Found {
		base = snap.Revision
	}
	switch {
	case !known && base <= row.Revision: // erased since: what the store has come back with is dropped
		record = Record{Conversation: c, Revision: row.Revision}
	case snap.Found && (!known || snap.Revision >= row.Revision):
		record = snap.Record
		if known && record.Cursor.Before(row.Cursor) { // rolled back within a revision
			record.Cursor, record.Prompt = row.Cursor, row.Prompt
		}
	case row.Cursor.Before(row.Tail):
		if unsent, err = e.archivedReplies(ctx, row); err != nil {
			return 0, false, err
		}
	}
	record.Revision = e.above(record.Revision)
	done, err := e.Conversations.Restore(ctx, base, record, unsent, mark)
	if err != nil {
		return 0, false, fmt.Errorf("restore conversation: %w", err)
	}
	if !done { // somebody was first, or the store is of another generation
		e.Suspect()
	}
	return 0, false, nil
}

// repliesAtMost is how many undelivered replies are brought back with a
// conversation.
const repliesAtMost = 1000

func (e *Engine) archivedReplies(ctx context.Context, row Record) ([]Entry, error) {
	log, err := e.Archive.Entries(ctx, row.Conversation, row.Cursor, repliesAtMost)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fmt.Errorf("read archived replies: %w", err))
	}
	replies := log[:0]
	for _, entry := range log {
		if entry.Kind == Said {
			replies = append(replies, entry)
		}
	}
	return replies, nil
}
