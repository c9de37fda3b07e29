package turntest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Live is the live store as one replica sees it.
type Live interface {
	turn.Conversations
	turn.Outbox
	turn.Agenda
	turn.Backlog
	turn.History
	turn.Hints
}

// OpenLive returns an empty live store, by a function that gives one more
// replica of it.
type OpenLive func(t *testing.T) (replica func() Live)

const (
	anna  = chat.Conversation("tg:1")
	boris = chat.Conversation("tg:2")
)

// noon is the program's clock in the suites.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// pair is a marked store with two replicas, and what they are told of it.
type pair struct {
	*testing.T
	a, b Live
}

func begin(t *testing.T, open OpenLive) *pair {
	t.Helper()
	t.Parallel()
	replica := open(t)
	p := &pair{t, replica(), replica()}
	p.must(p.a.SetMark(t.Context(), "g1"))
	return p
}

func (p *pair) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func at(revision int64, n int) turn.Position { return turn.Position{Revision: revision, N: n} }

// said is a commit of one thing that came and a number of replies.
func said(c chat.Conversation, base, revision int64, replies int) turn.Commit {
	commit := turn.Commit{
		Conversation: c, Base: base, Revision: revision, State: []byte(`{"v":1}`), Seen: "1 e1\n",
		Now: noon, InChat: true, Mark: "g1",
		Entries: []turn.Entry{{Position: at(revision, 0), Kind: turn.Came, At: noon, Body: []byte(`{"t":"да"}`)}},
	}
	for n := range replies {
		commit.Tail = at(revision, n+1)
		commit.Entries = append(commit.Entries, turn.Entry{Position: commit.Tail, Kind: turn.Said, At: noon, Body: []byte(`{"m":{}}`)})
	}
	return commit
}

func (p *pair) commit(by Live, c turn.Commit, want turn.Verdict) {
	p.Helper()
	got, err := by.Commit(p.Context(), c)
	p.must(err)
	if got.Verdict != want {
		p.Fatalf("verdict %d, want %d", got.Verdict, want)
	}
}

func (p *pair) load(c chat.Conversation) turn.Snapshot {
	p.Helper()
	s, err := p.b.Load(p.Context(), c)
	p.must(err)
	return s
}

func (p *pair) unsent(c chat.Conversation, want ...turn.Position) {
	p.Helper()
	log, err := p.b.Unsent(p.Context(), c, 100)
	p.must(err)
	var got []turn.Position
	for _, e := range log {
		got = append(got, e.Position)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		p.Errorf("unsent (-want +got):\n%s", diff)
	}
}

func (p *pair) delivered(by Live, c chat.Conversation, pos turn.Position, prompt string, wantMine, wantMore bool) {
	p.Helper()
	mine, more, err := by.Delivered(p.Context(), turn.Delivery{
		Conversation: c, Position: pos, Prompt: prompt, Now: noon,
		Receipt: turn.Entry{Kind: turn.Receipt, At: noon, Body: []byte(`{"s":"sent"}`)},
	})
	p.must(err)
	if mine != wantMine || more != wantMore {
		p.Errorf("delivered %s: mine %v, more %v; want %v, %v", pos, mine, more, wantMine, wantMore)
	}
}

func (p *pair) renewed(by Live, c chat.Conversation, want bool) {
	p.Helper()
	mine, err := by.Renew(p.Context(), c)
	p.must(err)
	if mine != want {
		p.Errorf("renewed: %v, want %v", mine, want)
	}
}

func (p *pair) due(now time.Time, want ...chat.Conversation) {
	p.Helper()
	got, err := p.a.Due(p.Context(), now, 100)
	p.must(err)
	got = slices.Clone(got)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		p.Errorf("due at %s: %v, want %v", now.Format(time.TimeOnly), got, want)
	}
}

func (p *pair) claim(by Live, c chat.Conversation, now time.Time, wantDeliver, wantOK bool) {
	p.Helper()
	deliver, ok, err := by.Claim(p.Context(), c, now)
	p.must(err)
	if deliver != wantDeliver || ok != wantOK {
		p.Errorf("claim: deliver %v, ok %v; want %v, %v", deliver, ok, wantDeliver, wantOK)
	}
}

func (p *pair) read(c chat.Conversation) turn.Chapter {
	p.Helper()
	chapters, err := p.a.Read(p.Context(), []chat.Conversation{c})
	p.must(err)
	if len(chapters) != 1 {
		p.Fatalf("%d chapters of %s", len(chapters), c)
	}
	return chapters[0]
}

func (p *pair) dirty(by Live, want ...chat.Conversation) {
	p.Helper()
	got, err := by.Dirty(p.Context(), 100)
	p.must(err)
	got = slices.Clone(got)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		p.Errorf("dirty: %v, want %v", got, want)
	}
}

// run runs the cases of a suite.
func run(t *testing.T, open OpenLive, cases map[string]func(*pair)) {
	t.Helper()
	for name, do := range cases {
		t.Run(name, func(t *testing.T) { do(begin(t, open)) })
	}
}

// leaseEnd waits, on real time, until a lease that was given before has ended.
func (p *pair) leaseEnd() { time.Sleep(turn.LeaseFor + 200*time.Millisecond) }
