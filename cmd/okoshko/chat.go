package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os/user"
	"strings"
	"sync"
	"time"

	"okoshko/bots/site/frontpage"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/questions"
)

// terminalName is the channel's, and the prefix of its conversations.
const terminalName = "term"

// terminal is a channel that writes to this terminal.
type terminal struct {
	mu  sync.Mutex
	out io.Writer
}

// Caps implements turn.Channel: a terminal has no buttons, so choices come as
// a numbered list.
func (t *terminal) Caps() chat.Caps { return chat.Caps{} }

// Send implements turn.Channel.
func (t *terminal) Send(_ context.Context, p turn.Parcel) turn.Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.ReplaceAll(p.Message.Plain(), "\n", "\n  ")
	if _, err := fmt.Fprintf(t.out, "< %s\n", text); err != nil {
		return turn.Report{Fate: turn.Refused, Why: "terminal_closed"}
	}
	return turn.Report{Fate: turn.Sent}
}

// chatCommand holds a conversation in the terminal, a message a line, on the
// stores of the server: what is said here is as real as in any channel.
func chatCommand(ctx context.Context, p *program, args []string) error {
	o := p.options("chat")
	as := o.String("as", "", "whose conversation to go on with; without it that of the user at the terminal")
	c, err := p.load(o, args)
	if err != nil {
		return err
	}
	log := newLog(c, p.stderr)
	s, err := openStores(ctx, c, storeOptions{
		postgres: true, redis: true, demo: c.Data.Key.IsZero(), log: log, now: time.Now,
	})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.db.Migrate(ctx); err != nil {
		return err
	}
	shelf := new(questions.Shelf)
	till, err := newTill(c, s.db, log, newMetrics())
	if err != nil {
		return err
	}
	letters, err := newCasePapers(c, s, time.Now)
	if err != nil {
		return err
	}
	var reader *librarian
	book, err := newBook(c, s, till, shelf, letters, newDiscretion(c, func() *frontpage.Facts { return reader.newest() }))
	if err != nil {
		return err
	}
	reader, err = newLibrarian(c, s.db, shelf, book, s.days, time.Now, log)
	if err != nil {
		return err
	}
	reader.look(ctx)
	channels := map[string]turn.Channel{terminalName: &terminal{out: p.stdout}}
	engine := newEngine(book, s, channels, time.Now, log, newMetrics())
	s.doubts.engine.Store(engine)
	if err := engine.Start(ctx); err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(background) }()
	err = converse(ctx, p.stdin, engine, chat.Conversation(terminalName+":"+speaker(*as)))
	stop()
	if stopped := <-ended; err == nil {
		err = stopped
	}
	return err
}

// speaker names the conversation's other side.
func speaker(as string) string {
	if as != "" {
		return as
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "somebody"
}

// converse takes every line as a message, until the input or the context ends.
func converse(ctx context.Context, in io.Reader, engine *turn.Engine, c chat.Conversation) error {
	lines, failed := make(chan string), make(chan error, 1)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(in)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
		failed <- scanner.Err()
	}()
	session := rand.Text()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok {
				return <-failed
			}
			now := time.Now()
			_, err := engine.Take(ctx, dialog.Event{
				ID: fmt.Sprintf("term:%s:%d", session, n), Conversation: c, Kind: dialog.Text,
				Text: line, At: now, Now: now, Language: "ru",
			})
			if err != nil {
				return err
			}
		}
	}
}
