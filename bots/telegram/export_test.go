package telegram

import "time"

// Hasten makes everything that takes seconds take milliseconds.
func (b *Bot) Hasten() {
	b.pace = pace{
		lease: 60 * time.Millisecond, renew: 10 * time.Millisecond,
		poll: 20, call: 2 * time.Second, pollCall: 2 * time.Second,
		firstTry: time.Millisecond, lastTry: 20 * time.Millisecond,
		conflict: 5 * time.Millisecond, look: 20 * time.Millisecond,
		chatAction: 5 * time.Millisecond, upAgain: 50 * time.Millisecond,
	}
}

// CallWithin sets the time-out of a call.
func (b *Bot) CallWithin(d time.Duration) { b.pace.call = d }

// Decode decodes an update and returns the ID of its event, "" without one.
func (b *Bot) Decode(raw []byte) (string, error) {
	a, err := b.decode(raw)
	if err != nil || a.event == nil {
		return "", err
	}
	return a.event.ID, nil
}

// AppendMessage encodes a new message.
var AppendMessage = appendMessage

// Style is how a message is written.
type Style = style

// Secret is the webhook's.
func (b *Bot) Secret() string { return b.secret.Reveal() }

// Idle closes the connections that no call uses.
func (b *Bot) Idle() { b.hot.http.CloseIdleConnections() }
