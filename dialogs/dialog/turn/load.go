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
}

// leap is added to the revision of a conversation that is compared with the
// archive, so that no position that may have been given before a loss is given
// again.
const leap = 1 << 20

// load returns the conversation, restored from the archive if the live store
// does not have it or has it from another generation.
func (e *Engine) load(ctx context.Context, c chat.Conversation) (loaded, error) {
	for range attempts {
		if e.generation.suspect.Load() {
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
			return loaded{snap, snap.Revision + 1}, nil
		}
		if snap.Found {
			if err := e.refreshMark(ctx); err != nil {
				return loaded{}, err
			}
			if mark = e.currentMark(); snap.Mark == mark {
				return loaded{snap, snap.Revision + 1}, nil
			}
		}
		floor, fresh, err := e.restore(ctx, snap, c, mark)
		if err != nil {
			return loaded{}, err
		}
		if fresh {
			return e.newcomer(c, floor, mark), nil
		}
	}
	return loaded{}, fault.New(fault.Unavailable, "conversation is being restored")
}

// newcomer is a conversation that nobody has ever heard of. Its revisions count
// from the clock's milliseconds, above those of an erased life before it: if the
// live store loses it before it is archived, the next beginning stands higher,
// and neither a position nor an effect ID is given twice.
func (e *Engine) newcomer(c chat.Conversation, floor int64, mark string) loaded {
	return loaded{
		Snapshot: Snapshot{Record: Record{Conversation: c}, Mark: mark},
		next:     max(floor, e.now().UnixMilli()) + 1,
	}
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
	chapter, base := Chapter{Record: row}, int64(0)
	var unsent []Entry
	if snap.Found {
		base = snap.Revision
	}
	switch {
	case !known && base <= row.Revision: // erased since: what the store has come back with is dropped
		chapter.Record = Record{Conversation: c, Revision: row.Revision}
	case snap.Found && (!known || snap.Revision >= row.Revision):
		own, err := e.Backlog.Read(ctx, []chat.Conversation{c})
		if err != nil {
			return 0, false, fmt.Errorf("read conversation to restore: %w", err)
		}
		if len(own) != 1 || own[0].Revision != base {
			return 0, false, nil // it has moved on meanwhile: load again
		}
		chapter = own[0]
	case row.Cursor.Before(row.Tail):
		if unsent, err = e.archivedReplies(ctx, row); err != nil {
			return 0, false, err
		}
	}
	chapter.Revision += leap
	if len(chapter.State) > 0 { // first in the archive: a loss right after this must leap again
		if err := e.Archive.Save(ctx, []Chapter{chapter}); err != nil {
			return 0, false, fault.Wrap(fault.Unavailable, fmt.Errorf("archive the leap: %w", err))
		}
	}
	done, err := e.Conversations.Restore(ctx, base, chapter.Record, unsent, mark)
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
