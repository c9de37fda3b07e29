package telegramtest

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// How long the server keeps trying to deliver an update, in its seconds: a
// day, but a press only while somebody may still look at the spinner
// (tdlib/telegram-bot-api, WebhookActor.cpp).
const (
	messageLife = 24 * 60 * 60
	pressLife   = 150
)

// Kinds of updates, by the names that allowed_updates uses.
const (
	kindMessage = "message"
	kindEdited  = "edited_message"
	kindPress   = "callback_query"
	kindMember  = "my_chat_member"
)

// laneKey names one of the queues that the real server keeps: one per chat
// for messages and their edits, one per user for presses, others apart.
type laneKey struct {
	kind byte // 'm', 'p' or 'o'
	id   int64
}

// update is one event on its way to the bot.
type update struct {
	id      int64
	lane    laneKey
	body    []byte
	born    time.Time // real time
	life    time.Duration
	settled func(delivered bool) // called once, without locks
}

func (u *update) expired(now time.Time) bool { return now.Sub(u.born) > u.life }

// lane holds the updates of one key in order; the first may be in flight.
type lane struct {
	key     laneKey
	updates []*update
	running bool // a goroutine delivers it
}

// queue holds every update that the bot has not confirmed. With a webhook
// they stand in lanes, without one in a single backlog by update_id.
type queue struct {
	mu      sync.Mutex
	lastID  int64
	allowed map[string]bool // nil: all kinds that the emulator has
	backlog []*update
	lanes   map[laneKey]*lane
	hook    *webhook      // nil while polling
	arrived chan struct{} // closed and replaced when the backlog grows
	drained chan struct{} // closed and replaced when nothing is pending
	pending int
}

// newQueue starts update_ids from the clock, in microseconds: bots remember
// for a long time which ones they have seen, and an emulator that is started
// again must not repeat them. JSON numbers are exact up to 2^53, which lasts
// until 2255.
func newQueue() *queue {
	return &queue{
		lastID: time.Now().UnixMicro(), lanes: map[laneKey]*lane{},
		arrived: make(chan struct{}), drained: make(chan struct{}),
	}
}

// put gives the update the next update_id, writes its body and lines it up.
// It returns 0 when the bot does not want this kind.
func (q *queue) put(kind string, u *update, payload func([]byte) []byte) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.allowed != nil && !q.allowed[kind] {
		return 0
	}
	q.lastID++
	u.id = q.lastID
	b := make([]byte, 0, 512)
	b = strconv.AppendInt(append(b, `{"update_id":`...), u.id, 10)
	b = append(payload(key(b, kind)), '}')
	u.body = b
	u.born = time.Now()
	q.pending++
	if q.hook != nil {
		q.line(u)
	} else {
		q.backlog = append(q.backlog, u)
		close(q.arrived)
		q.arrived = make(chan struct{})
	}
	return u.id
}

// line appends to the update's lane and sees that it is being delivered.
func (q *queue) line(u *update) {
	l := q.lanes[u.lane]
	if l == nil {
		l = &lane{key: u.lane}
		q.lanes[u.lane] = l
	}
	l.updates = append(l.updates, u)
	q.start(l)
}

func (q *queue) start(l *lane) {
	if !l.running {
		l.running = true
		q.hook.running.Add(1)
		go q.hook.run(l)
	}
}

// head returns the first update of a lane that is still worth delivering. A
// lane that is empty, or no longer this webhook's, ends here.
func (q *queue) head(l *lane, hook *webhook) (u *update, dropped []*update) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if q.hook != hook {
		return nil, nil // switchTo has taken the lanes away
	}
	for len(l.updates) > 0 && l.updates[0].expired(now) {
		dropped = append(dropped, l.updates[0])
		l.updates = l.updates[1:]
	}
	q.count(-len(dropped))
	if len(l.updates) > 0 {
		return l.updates[0], dropped
	}
	l.running = false
	delete(q.lanes, l.key)
	return nil, dropped
}

// confirm takes a delivered update out of its lane, wherever a change of
// webhook has put it meanwhile. It reports whether it still was there.
func (q *queue) confirm(u *update) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l := q.lanes[u.lane]; l != nil {
		if i := slices.Index(l.updates, u); i >= 0 {
			l.updates = slices.Delete(l.updates, i, i+1)
			q.count(-1)
			return true
		}
	}
	if i := slices.Index(q.backlog, u); i >= 0 {
		q.backlog = slices.Delete(q.backlog, i, i+1)
		q.count(-1)
		return true
	}
	return false
}

// count keeps the number of pending updates and tells who waits for none.
func (q *queue) count(change int) {
	q.pending += change
	if change != 0 && q.pending == 0 {
		close(q.drained)
		q.drained = make(chan struct{})
	}
}

// switchTo replaces the webhook (nil: none) and moves what is pending to
// where the new way of delivery looks for it. It returns the old webhook.
func (q *queue) switchTo(hook *webhook, drop bool) (old *webhook, dropped []*update) {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.backlog
	for _, l := range q.lanes {
		all = append(all, l.updates...)
	}
	slices.SortFunc(all, func(a, b *update) int { return int(a.id - b.id) })
	q.backlog, q.lanes = nil, map[laneKey]*lane{}
	old, q.hook = q.hook, hook
	if drop {
		dropped, all = all, nil
		q.count(-len(dropped))
	}
	if hook == nil {
		q.backlog = all
		close(q.arrived)
		q.arrived = make(chan struct{})
		return old, dropped
	}
	for _, u := range all {
		q.line(u)
	}
	return old, dropped
}

// setAllowed keeps the previous setting when list is nil.
func (q *queue) setAllowed(list []string) {
	if list == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(list) == 0 {
		q.allowed = nil
		return
	}
	q.allowed = make(map[string]bool, len(list))
	for _, kind := range list {
		q.allowed[kind] = true
	}
}

// settle tells the senders of updates how it ended.
func settle(delivered bool, updates ...*update) {
	for _, u := range updates {
		if u.settled != nil {
			u.settled(delivered)
		}
	}
}
