package telegramtest

import (
	"encoding/json"
	"slices"
	"time"
)

const (
	maxPollSeconds = 50
	maxPollUpdates = 100
	// quickRepeat is how soon a repeated offset counts as a hasty one, which
	// gets one update only.
	quickRepeat = 500 * time.Millisecond
)

// poller is the getUpdates call that is waiting.
type poller struct{ ended chan string }

// getUpdates confirms everything before offset, then returns what is pending,
// waiting for it at most timeout seconds. One call at a time: a second one
// ends the first.
func getUpdates(s *Server, a *args, out []byte) ([]byte, *refusal) {
	if s.queue.webhook() != nil {
		return nil, conflict("Conflict: can't use getUpdates method while webhook is active; " +
			"use deleteWebhook to delete the webhook first")
	}
	allowed, r := allowedUpdates(a)
	if r != nil {
		return nil, r
	}
	s.queue.setAllowed(allowed)
	limit := int(a.number("limit"))
	if limit <= 0 || limit > maxPollUpdates {
		limit = maxPollUpdates
	}
	p := s.beginPoll()
	defer s.leavePoll(p)
	offset := a.number("offset")
	settle(true, s.queue.forget(offset)...)
	if s.hasty(offset) {
		limit = 1
	}
	timeout := s.seconds(int(min(max(a.number("timeout"), 0), maxPollSeconds)))
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		batch, dropped, arrived := s.queue.take(limit)
		settle(false, dropped...)
		if s.outage.Load() == nil && (len(batch) > 0 || timeout == 0) {
			return s.appendBatch(out, batch), nil
		}
		select {
		case <-arrived:
		case <-timer.C:
			return append(out, '[', ']'), nil
		case reason := <-p.ended:
			return nil, conflict(reason)
		case <-s.closing:
			return nil, conflict("Conflict: terminated by the end of the server")
		}
	}
}

func conflict(text string) *refusal { return &refusal{code: 409, text: text} }

func (s *Server) appendBatch(out []byte, batch []*update) []byte {
	copies := 1 + s.copies().Copies
	out = append(out, '[')
	for i, u := range batch {
		for j := range copies {
			if i+j > 0 {
				out = append(out, ',')
			}
			out = append(out, u.body...)
			s.stats.attempts.Add(1)
			s.journal.delivery(Attempt{Update: u.id, At: time.Now(), Status: 200})
		}
	}
	return append(out, ']')
}

// beginPoll makes this call the only one.
func (s *Server) beginPoll() *poller {
	p := &poller{ended: make(chan string, 1)}
	s.pollMu.Lock()
	defer s.pollMu.Unlock()
	if s.poll != nil {
		s.poll.ended <- "Conflict: terminated by other getUpdates request; " +
			"make sure that only one bot instance is running"
	}
	s.poll = p
	return p
}

func (s *Server) leavePoll(p *poller) {
	s.pollMu.Lock()
	defer s.pollMu.Unlock()
	if s.poll == p {
		s.poll = nil
	}
}

// endPoll ends a waiting call for another reason.
func (s *Server) endPoll(reason string) {
	s.pollMu.Lock()
	defer s.pollMu.Unlock()
	if s.poll != nil {
		s.poll.ended <- reason
		s.poll = nil
	}
}

// hasty reports whether the same offset was asked for just before.
func (s *Server) hasty(offset int64) bool {
	s.pollMu.Lock()
	defer s.pollMu.Unlock()
	now := time.Now()
	again := offset > 0 && offset == s.pollOffset && now.Sub(s.polledAt) < quickRepeat
	s.pollOffset, s.polledAt = offset, now
	return again
}

// forget confirms every update before offset; a negative offset keeps that
// many of the newest.
func (q *queue) forget(offset int64) []*update {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	if offset < 0 {
		n = max(0, len(q.backlog)+int(max(offset, -1<<31)))
	} else {
		n, _ = slices.BinarySearchFunc(q.backlog, offset, func(u *update, o int64) int { return int(u.id - o) })
	}
	gone := slices.Clone(q.backlog[:n])
	q.backlog = slices.Delete(q.backlog, 0, n)
	q.count(-n)
	return gone
}

// take returns up to limit updates, what has expired, and a signal for more.
func (q *queue) take(limit int) (batch, dropped []*update, arrived <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	q.backlog = slices.DeleteFunc(q.backlog, func(u *update) bool {
		if u.expired(now) {
			dropped = append(dropped, u)
			return true
		}
		return false
	})
	q.count(-len(dropped))
	return slices.Clone(q.backlog[:min(limit, len(q.backlog))]), dropped, q.arrived
}

func (q *queue) webhook() *webhook {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.hook
}

// allowedJSON is the list as getWebhookInfo shows it, nil for the default.
func (q *queue) allowedJSON() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.allowed == nil {
		return nil
	}
	kinds := make([]string, 0, len(q.allowed))
	for kind := range q.allowed {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	b, _ := json.Marshal(kinds)
	return b
}
