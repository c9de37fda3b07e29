package webchat

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/dialogs/dialog/turn"
)

const (
	// longestPoll is how long a poll waits at most.
	longestPoll = 30 * time.Second
	// lookAgain is how long a poll relies on hints.
	lookAgain = round * time.Second
	// mostSent is how many frames one request may carry.
	mostSent = 64
	// mostPolled is how much of the log one answer brings, in bytes: on a line that
	// keeps breaking an answer arrives whole or is of no use, and the next poll
	// begins where it ended.
	mostPolled = 8 << 10
)

// frames is what requests without a socket bring and get.
type frames struct {
	Frames []json.RawMessage `json:"frames"`
}

// ears are a poll's: the frames that hints make, and a sign that there is news.
type ears struct {
	sign  chan struct{}
	mu    sync.Mutex
	heard []json.RawMessage
}

// hear implements listener.
func (e *ears) hear(h turn.Hint) {
	if h.Kind != turn.NewEntry {
		frame := hinted(h)
		if frame == nil {
			return
		}
		e.mu.Lock()
		e.heard = append(e.heard[max(0, len(e.heard)-mostSent):], frame)
		e.mu.Unlock()
	}
	select {
	case e.sign <- struct{}{}:
	default:
	}
}

func (e *ears) take() []json.RawMessage {
	e.mu.Lock()
	defer e.mu.Unlock()
	heard := e.heard
	e.heard = nil
	return heard
}

// poll answers with what stands after a position, as soon as there is anything.
func (w *Chat) poll(c *fiber.Ctx) error {
	v, answered, err := w.holder(c)
	if answered {
		return err
	}
	after, wait, ok := decodePoll(c.Body())
	if !ok {
		return refuse(c, fiber.StatusBadRequest, invalid, 0)
	}
	e := &ears{sign: make(chan struct{}, 1)}
	if !w.hub.listen(v.Conversation, e, mostSockets+mostPolls) {
		return refuse(c, fiber.StatusTooManyRequests, "limit", 30)
	}
	defer w.hub.leave(v.Conversation, e)
	answer, err := w.await(v, after, wait, e)
	if err != nil {
		return w.unavailable(c, "read log", err)
	}
	return c.JSON(frames{answer})
}

// decodePoll reads what a poll asks for; ok is false for what cannot be read.
func decodePoll(body []byte) (after turn.Position, wait time.Duration, ok bool) {
	var ask struct {
		After string
		Wait  float64
	}
	if json.Unmarshal(body, &ask) != nil {
		return after, 0, false
	}
	after, err := turn.ParsePosition(ask.After)
	seconds := min(longestPoll.Seconds(), max(0, ask.Wait))
	return after, time.Duration(seconds * float64(time.Second)), err == nil
}

// await reads until there are frames, the time is over, or the replica stops.
func (w *Chat) await(v visitor, after turn.Position, wait time.Duration, e *ears) ([]json.RawMessage, error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for last := wait == 0; ; {
		n, err := w.news(v.Conversation, after, !v.Spoke && after == (turn.Position{}), mostPolled)
		if err != nil {
			return nil, err
		}
		answer := append(n.frames, e.take()...)
		if len(n.frames) > 0 || wait == 0 {
			answer = append(answer, live(n.seen, n.older))
		}
		if len(answer) > 0 || last {
			return append([]json.RawMessage{}, answer...), nil
		}
		select {
		case <-e.sign:
		case <-again.C:
		case <-over.C:
			last = true
		case <-w.hub.stop:
			return []json.RawMessage{bye("restart", comeBack)}, nil
		}
	}
}

// send takes frames of a client without a socket.
func (w *Chat) send(c *fiber.Ctx) error {
	v, answered, err := w.holder(c)
	if answered {
		return err
	}
	sent, ok := decodeSent(c.Body())
	if !ok {
		return refuse(c, fiber.StatusBadRequest, invalid, 0)
	}
	if w.hub.stopped() {
		return refuse(c, fiber.StatusServiceUnavailable, "restart", comeBack)
	}
	answer := frames{[]json.RawMessage{}}
	for _, raw := range sent {
		f, wrong := decode(raw)
		switch {
		case wrong != "" && f.ID != "" && f.message():
			answer.Frames = append(answer.Frames, nack(f.ID, wrong, 0))
		case wrong != "":
			return refuse(c, fiber.StatusBadRequest, invalid, 0)
		case f.message():
			answer.Frames = append(answer.Frames, w.take(c.UserContext(), &v, &f))
		case f.T == "page":
			older, err := w.older(c.UserContext(), v.Conversation, f.position)
			if err != nil {
				return w.unavailable(c, "read log", err)
			}
			answer.Frames = append(answer.Frames, older)
		case f.T == "ping":
			answer.Frames = append(answer.Frames, pong)
		default:
			w.note(c.UserContext(), &v, &f)
		}
	}
	return c.JSON(answer)
}

// decodeSent reads the frames of a request; ok is false for what cannot be read
// and for too many.
func decodeSent(body []byte) (sent []json.RawMessage, ok bool) {
	var f frames
	if json.Unmarshal(body, &f) != nil || len(f.Frames) > mostSent {
		return nil, false
	}
	return f.Frames, true
}
