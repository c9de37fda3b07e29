package turn

import (
	"context"
	"sync"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
)

// recollections are conversations as commits of this process left them. The next
// turn of one steps on what is remembered and leaves it to its own commit to find
// out whether that was the latest: a turn that is right needs no load, and one
// that is wrong is refused and loads after all. Nothing is decided by memory
// alone: whatever ends without a commit is looked at again on a loaded state.
//
// What is remembered is what the revision stands for. What changes without one,
// such as the cursor of a delivery, is not.
type recollections struct {
	mu sync.Mutex
	// Two generations bound the time and the number: what is not used while the
	// young one grows full or old is forgotten with the old one.
	young, old map[chat.Conversation]recollection
	distrusted time.Time // until then, on real time, nothing is recalled
}

// recollection is a conversation after a commit of this process. Its state belongs
// to whoever takes it: a step changes it.
type recollection struct {
	Snapshot
	by string // the commit; see Committed.By
	st *dialog.State
}

const (
	// recallAtMost is how many a generation holds; one is 4 to 8 KiB.
	recallAtMost = 512
	// recallFor is how long at least a conversation is remembered, twice that at
	// most: longer than people think, shorter than a form is left alone. A form
	// holds personal data.
	recallFor = time.Minute
	// distrustFor is for how long nothing is recalled after a commit has shown that
	// another process takes turns of the same conversations: each that is stepped
	// in vain costs more than the load that it was to spare.
	distrustFor = 10 * time.Second
)

// keep remembers a conversation.
func (r *recollections) keep(c chat.Conversation, what recollection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Now().Before(r.distrusted) {
		return
	}
	if r.young == nil || len(r.young) >= recallAtMost {
		r.old, r.young = r.young, make(map[chat.Conversation]recollection)
	}
	r.young[c] = what
}

// take returns what is remembered, and forgets it.
func (r *recollections) take(c chat.Conversation) (what recollection, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if what, ok = r.young[c]; ok {
		delete(r.young, c)
	} else if what, ok = r.old[c]; ok {
		delete(r.old, c)
	}
	return what, ok
}

// age forgets what was not used since the time before last.
func (r *recollections) age(context.Context) (more bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.old, r.young = r.young, nil
	return false, nil
}

// distrust forgets everything, for a while.
func (r *recollections) distrust() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.old, r.young, r.distrusted = nil, nil, time.Now().Add(distrustFor)
}

// find returns a conversation with its state: as it is remembered, if it may be
// and is, or else loaded. unread says why a loaded state cannot be read.
func (e *Engine) find(ctx context.Context, c chat.Conversation, recall bool) (had loaded, st *dialog.State, unread, err error) {
	if recall && !e.generation.suspected() {
		if was, ok := e.recollections.take(c); ok && was.Mark == e.currentMark() {
			return loaded{was.Snapshot, was.Revision + 1, was.by}, was.st, nil, nil
		}
	}
	if had, err = e.load(ctx, c); err != nil {
		return had, nil, nil, err
	}
	st, unread = dialog.Decode(had.State)
	return had, st, unread, nil
}

// remember keeps a conversation as a commit has left it.
func (e *Engine) remember(had loaded, made Commit, by string, st *dialog.State) {
	after := Snapshot{Found: true, Mark: made.Mark, Record: Record{
		Conversation: made.Conversation, Revision: made.Revision, Seen: made.Seen, Holder: made.Holder,
		Tail: had.Tail,
	}}
	if made.Tail != (Position{}) {
		after.Tail = made.Tail
	}
	e.recollections.keep(made.Conversation, recollection{after, by, st})
}
