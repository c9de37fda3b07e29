package turn_test

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialog/turn/turntest"
)

// stage is a house on shared stores; replicas of it come and go.
type stage struct {
	memory  *turntest.Memory
	desk    *turntest.Desk
	channel *turntest.Channel
	book    *dialog.Book
	events  int
}

func newStage() *stage {
	s := &stage{memory: turntest.NewMemory(), desk: &turntest.Desk{}, channel: &turntest.Channel{}}
	s.book = turntest.Book(s.desk)
	return s
}

// replica is one process.
type replica struct {
	*turn.Engine
	stores *turntest.Replica
	stop   context.CancelFunc
	ended  chan struct{}
}

func (s *stage) engine(stores *turntest.Replica, channel turn.Channel, book *dialog.Book) *turn.Engine {
	return turn.New(book, turn.Ports{
		Conversations: stores, Outbox: stores, Agenda: stores, Backlog: stores,
		Archive: stores, Marks: stores.Marks(), Quarantine: stores, History: stores,
		Channels: map[string]turn.Channel{"tg": channel},
	}, time.Now, slog.New(slog.DiscardHandler), silent{})
}

// open starts a replica without its background work.
func (s *stage) open(t testing.TB) *replica {
	t.Helper()
	stores := s.memory.Replica()
	r := &replica{Engine: s.engine(stores, s.channel, s.book), stores: stores}
	stores.OnRestart(r.Suspect)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

// run starts a replica with its background work, until the end of the test.
func (s *stage) run(t testing.TB) *replica {
	t.Helper()
	r := s.open(t)
	r.background()
	t.Cleanup(r.close)
	return r
}

func (r *replica) background() {
	ctx, cancel := context.WithCancel(context.Background())
	r.stop, r.ended = cancel, make(chan struct{})
	go func() {
		defer close(r.ended)
		_ = r.Run(ctx)
	}()
}

func (r *replica) close() {
	r.stop()
	<-r.ended
}

// silent is a meter that nobody reads.
type silent struct{}

func (silent) Turn(string, string, time.Duration)    {}
func (silent) Conflict()                             {}
func (silent) Sent(string, string, time.Duration)    {}
func (silent) Command(string, string, time.Duration) {}
func (silent) Swept(int)                             {}
func (silent) Archived(int)                          {}

const anna = chat.Conversation("tg:1")

// text is an event in which the customer writes.
func (s *stage) text(words string) dialog.Event {
	s.events++
	id := "e" + string(rune('0'+s.events/100)) + string(rune('0'+s.events/10%10)) + string(rune('0'+s.events%10))
	now := time.Now()
	return dialog.Event{ID: id, Conversation: anna, Kind: dialog.Text, Text: words, At: now, Now: now, Foreign: id}
}

// press is an event in which the customer presses a button, by its words, of
// the last message that has it.
func (s *stage) press(t testing.TB, label string) dialog.Event {
	t.Helper()
	for _, sent := range slices.Backward(s.channel.Sent()) {
		for _, c := range sent.Message.Choices {
			if c.Label == label {
				ev := s.text(c.Token)
				ev.Kind, ev.Foreign = dialog.Press, sent.Foreign
				return ev
			}
		}
	}
	t.Fatalf("no button %q", label)
	return dialog.Event{}
}

func (r *replica) take(t testing.TB, ev dialog.Event) turn.Ack {
	t.Helper()
	ack, err := r.Take(t.Context(), ev)
	if err != nil {
		t.Fatalf("take %s: %v", ev.ID, err)
	}
	return ack
}

// fill takes the form to its summary.
func (s *stage) fill(t testing.TB, r *replica) {
	t.Helper()
	for _, words := range []string{"/order", "лампа", "3"} {
		r.take(t, s.text(words))
		synctest.Wait()
	}
}

// heard is what the customer has been sent, one message a line; an edit is
// marked with "~".
func (s *stage) heard() string {
	var lines []string
	for _, sent := range s.channel.Sent() {
		line, _, _ := strings.Cut(sent.Text(), "\n")
		if sent.Replaces != "" {
			line = "~" + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func (s *stage) expect(t testing.TB, want ...string) {
	t.Helper()
	if got := s.heard(); got != strings.Join(want, "\n") {
		t.Errorf("heard:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

const (
	askWhat = "Что нужно?"
	askMany = "Сколько?"
	summary = "Проверьте."
	done    = "Принято: 1"
	sending = "Секунду, отправляю…"
	delayed = "Отправляем. Сейчас это занимает больше времени, чем обычно. Напишем сюда, как только будет готово, повторять ничего не нужно."
	poked   = "Толкнули."
	apology = "Что-то сломалось у нас, ваше сообщение мы не потеряли и уже разбираемся."
)

// turnName tells the conversations of a crowd apart.
func turnName(n int) chat.Conversation { return chat.Conversation(":" + strconv.Itoa(n)) }
