package dialog

import (
	"strconv"
	"strings"
	"time"
)

// keptSent remembers when a file was sent, and which.
const keptSent = "sent"

// impatience is how long a second press of the same button is the same wish: a
// file on another screen may be wanted anew soon after.
const impatience = 10 * time.Second

// Sent remembers that a wish was answered with a file: a command with its
// argument, "paper.2026-10". "" forgets the last one.
func (t *Turn) Sent(wish string) {
	if wish != "" {
		wish += "@" + strconv.FormatInt(t.Event.Now.UnixMilli(), 10)
	}
	t.Keep(keptSent, wish)
}

// SentAlready reports whether a wish is a second press of a button whose file was
// sent only now: whoever presses twice has it once.
func (t *Turn) SentAlready(wish string) bool {
	last, at, _ := strings.Cut(t.Kept(keptSent), "@")
	if t.Event.Kind != Press || last != wish {
		return false
	}
	ms, err := strconv.ParseInt(at, 10, 64)
	return err == nil && t.Event.Now.Sub(time.UnixMilli(ms)) < impatience
}
