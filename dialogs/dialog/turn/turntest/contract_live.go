package turntest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Conversations holds a live store to turn.Conversations.
func Conversations(t *testing.T, open OpenLive) {
	t.Helper()
	run(t, open, map[string]func(*pair){
		"unknown": func(p *pair) {
			if s := p.load(anna); s.Found || s.Revision != 0 {
				p.Errorf("a conversation that nobody knows: %+v", s)
			}
		},
		"a commit is loaded as it was made": func(p *pair) {
			c := said(anna, 0, 1_795_000_000_000, 2)
			c.State, c.Seen, c.Holder, c.Due = []byte("{\"x\":\"\x00\u00ff»\"}"), "7 a b\n8 c\n", "op:7", noon.Add(time.Hour+time.Millisecond)
			p.commit(p.a, c, turn.WonDelivery)
			want := turn.Snapshot{Found: true, Mark: "g1", Record: turn.Record{
				Conversation: anna, Revision: c.Revision, State: c.State, Seen: c.Seen, Holder: "op:7", Tail: c.Tail, Due: c.Due,
			}}
			if diff := cmp.Diff(want, p.load(anna)); diff != "" {
				p.Errorf("loaded (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.Entries, p.read(anna).Entries); diff != "" {
				p.Errorf("log (-want +got):\n%s", diff)
			}
		},
		"one of two commits on the same base wins": func(p *pair) {
			p.commit(p.a, said(anna, 0, 5, 1), turn.WonDelivery)
			p.commit(p.b, said(anna, 0, 6, 1), turn.Moved)
			p.commit(p.a, said(anna, 0, 5, 1), turn.Moved) // a repeat appends nothing
			p.unsent(anna, at(5, 1))
		},
		"who remembers what he commits on is refused if another has made it": func(p *pair) {
			first := said(anna, 0, 5, 1)
			made, err := p.a.Commit(p.Context(), first)
			p.must(err)
			other, err := p.a.Commit(p.Context(), said(boris, 0, 5, 1))
			p.must(err)
			if made.By == "" || other.By == made.By {
				p.Fatalf("two commits are called %q and %q", made.By, other.By)
			}
			next := said(anna, 5, 6, 1)
			next.After = other.By
			p.commit(p.a, next, turn.Moved)
			next.After = made.By // though something earlier is unsent
			p.commit(p.a, next, turn.WonBehind)
			next.Base, next.Revision = 6, 7
			p.commit(p.a, next, turn.Moved)
			next.After = ""
			next.Entries, next.Tail = nil, turn.Position{}
			p.commit(p.a, next, turn.Won)
		},
		"a commit tells the prompt as it leaves it": func(p *pair) {
			p.commit(p.a, said(anna, 0, 5, 1), turn.WonDelivery)
			p.delivered(p.a, anna, at(5, 1), "m1", true, false)
			for _, inChat := range []bool{false, true} {
				next := said(anna, p.load(anna).Revision, p.load(anna).Revision+1, 0)
				next.InChat = inChat
				made, err := p.b.Commit(p.Context(), next)
				p.must(err)
				if want := map[bool]string{false: "m1", true: ""}[inChat]; made.Prompt != want {
					p.Errorf("in the chat %v: prompt %q, want %q", inChat, made.Prompt, want)
				}
			}
		},
		"another generation changes nothing": func(p *pair) {
			c := said(anna, 0, 1, 1)
			c.Mark = "g0"
			p.commit(p.a, c, turn.OtherMark)
			if p.load(anna).Found {
				p.Error("it was written")
			}
		},
		"a record keeps the generation that it was written in": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 0), turn.Won)
			p.must(p.a.SetMark(p.Context(), "g2"))
			if s := p.load(anna); s.Mark != "g1" {
				p.Errorf("mark %q", s.Mark)
			}
			mark, server, err := p.b.Mark(p.Context())
			p.must(err)
			if mark != "g2" || server == "" {
				p.Errorf("store's mark %q, server %q", mark, server)
			}
		},
		"the lease goes to the first, and stays": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 1), turn.WonDelivery)
			p.commit(p.b, said(anna, 1, 2, 1), turn.Won)
			p.commit(p.a, said(anna, 2, 3, 1), turn.WonBehind)
			p.commit(p.b, said(anna, 3, 4, 0), turn.Won)
			p.unsent(anna, at(1, 1), at(2, 1), at(3, 1))
		},
		"a commit without a tail owes no delivery": func(p *pair) {
			c := said(anna, 0, 1, 1)
			c.Tail = turn.Position{}
			p.commit(p.a, c, turn.Won)
			p.unsent(anna)
		},
		"restore into an empty store": func(p *pair) {
			record, log := restored()
			p.restore(0, record, log, "g1", true)
			want := turn.Snapshot{Record: record, Found: true, Mark: "g1"}
			if diff := cmp.Diff(want, p.load(anna)); diff != "" {
				p.Errorf("restored (-want +got):\n%s", diff)
			}
			p.unsent(anna, at(8, 2), at(9, 1))
			p.dirty(p.a, anna)
			p.claim(p.b, anna, noon, true, true) // due at once
			p.commit(p.b, said(anna, record.Revision, record.Revision+1, 1), turn.WonBehind)
		},
		"restore takes nothing away from whoever was first": func(p *pair) {
			record, log := restored()
			p.commit(p.a, said(anna, 0, 1, 0), turn.Won)
			p.restore(0, record, log, "g1", false)
			p.restore(2, record, log, "g1", false)
			p.restore(1, record, log, "g0", false)
			if s := p.load(anna); s.Revision != 1 {
				p.Errorf("revision %d", s.Revision)
			}
			p.restore(1, record, log, "g1", true)
		},
		"restore repeats no entry and leaves a delivery alone": func(p *pair) {
			p.commit(p.a, said(anna, 0, 8, 2), turn.WonDelivery)
			record, _ := restored()
			record.Cursor, record.Tail = turn.Position{}, at(8, 2)
			p.delivered(p.a, anna, at(8, 1), "m1", true, true) // after it was loaded
			p.restore(8, record, nil, "g1", true)
			if s := p.load(anna); s.Cursor != at(8, 1) || s.Prompt != "m1" || s.Revision != record.Revision {
				p.Errorf("cursor %s, prompt %q, revision %d", s.Cursor, s.Prompt, s.Revision)
			}
			p.unsent(anna, at(8, 2))
			p.renewed(p.a, anna, true)
		},
		"a record without a state begins a new life": func(p *pair) {
			p.commit(p.a, said(anna, 0, 8, 2), turn.WonDelivery)
			p.restore(8, turn.Record{Conversation: anna, Revision: 99}, nil, "g1", true)
			p.unsent(anna)
			if c := p.read(anna); len(c.Entries) != 0 || c.Revision != 99 {
				p.Errorf("revision %d, %d entries are left", c.Revision, len(c.Entries))
			}
		},
	})
}

// restored is a record with two replies to deliver.
func restored() (turn.Record, []turn.Entry) {
	r := turn.Record{
		Conversation: anna, Revision: 9 + 1<<20, State: []byte(`{"v":1}`), Seen: "8 e8\n", Holder: "op:1",
		Cursor: at(8, 1), Tail: at(9, 1), Archived: at(9, 1), Prompt: "m7", Due: noon.Add(time.Hour),
	}
	return r, []turn.Entry{
		{Position: at(8, 2), Kind: turn.Said, At: noon, Body: []byte(`{"m":{}}`)},
		{Position: at(9, 1), Kind: turn.Said, At: noon, Body: []byte(`{"m":{}}`)},
	}
}

func (p *pair) restore(base int64, r turn.Record, unsent []turn.Entry, mark string, want bool) {
	p.Helper()
	got, err := p.a.Restore(p.Context(), base, r, unsent, mark)
	p.must(err)
	if got != want {
		p.Errorf("restored: %v, want %v", got, want)
	}
}

// Outbox holds a live store to turn.Outbox.
func Outbox(t *testing.T, open OpenLive) {
	t.Helper()
	run(t, open, map[string]func(*pair){
		"replies are delivered in order": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 2), turn.WonDelivery)
			p.delivered(p.a, anna, at(1, 1), "m1", true, true)
			p.unsent(anna, at(1, 2))
			p.delivered(p.a, anna, at(1, 2), "m2", true, false)
			p.unsent(anna)
			s := p.load(anna)
			if s.Cursor != at(1, 2) || s.Prompt != "m2" || s.Revision != 1 {
				p.Errorf("cursor %s, prompt %q, revision %d", s.Cursor, s.Prompt, s.Revision)
			}
			p.renewed(p.a, anna, false) // the lease has ended
			p.commit(p.b, said(anna, 1, 2, 1), turn.WonDelivery)
		},
		"unsent is cut at its limit": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 3), turn.WonDelivery)
			log, err := p.a.Unsent(p.Context(), anna, 2)
			p.must(err)
			if len(log) != 2 || log[0].Position != at(1, 1) || string(log[0].Body) != `{"m":{}}` {
				p.Errorf("got %+v", log)
			}
		},
		"receipts stand after everything, each once": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 2), turn.WonDelivery)
			p.commit(p.b, said(anna, 1, 2, 0), turn.Won)
			p.delivered(p.a, anna, at(1, 1), "", true, true)
			p.delivered(p.a, anna, at(1, 1), "", false, false)
			p.delivered(p.a, anna, at(1, 2), "", true, false)
			log, last, receipts := p.read(anna).Entries, turn.Position{}, 0
			for _, e := range log {
				if !last.Before(e.Position) {
					p.Errorf("%s after %s", e.Position, last)
				}
				if last = e.Position; e.Kind == turn.Receipt {
					receipts++
				}
			}
			if receipts != 2 || last.Revision != 2 {
				p.Errorf("%d receipts, the last entry is %s", receipts, last)
			}
			p.commit(p.a, said(anna, 2, 3, 1), turn.WonDelivery)
		},
		"only the holder delivers": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 1), turn.WonDelivery)
			p.renewed(p.b, anna, false)
			p.delivered(p.b, anna, at(1, 1), "", false, false)
			p.renewed(p.a, anna, true)
			p.delivered(p.a, anna, at(1, 1), "", true, false)
		},
		"a message of the customer's ends the prompt": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 1), turn.WonDelivery)
			p.commit(p.b, said(anna, 1, 2, 0), turn.Won) // he writes while we send
			p.delivered(p.a, anna, at(1, 1), "m1", true, false)
			if got := p.load(anna).Prompt; got != "" {
				p.Errorf("prompt %q stands above his message", got)
			}
			press := said(anna, 2, 3, 1)
			press.InChat = false
			p.commit(p.a, press, turn.WonDelivery)
			p.delivered(p.a, anna, at(3, 1), "m2", true, false)
			press = said(anna, 3, 4, 0)
			press.InChat = false
			p.commit(p.a, press, turn.Won)
			if got := p.load(anna).Prompt; got != "m2" {
				p.Errorf("prompt %q, want m2", got)
			}
		},
		"a hold stands whatever is committed": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 1), turn.WonDelivery)
			until := noon.Add(30 * time.Second)
			p.must(p.b.Hold(p.Context(), anna, noon.Add(time.Hour))) // not the holder's
			p.must(p.a.Hold(p.Context(), anna, until))
			p.renewed(p.a, anna, false)
			c := said(anna, 1, 2, 1)
			c.Due = noon.Add(2 * time.Second)
			p.commit(p.a, c, turn.Won)
			p.claim(p.b, anna, noon.Add(3*time.Second), false, true) // for its state alone
			p.must(p.b.Settle(p.Context(), anna, noon.Add(3*time.Second), turn.KeepFor))
			c = said(anna, 2, 3, 1)
			p.commit(p.b, c, turn.Won)
			p.due(until.Add(-time.Second))
			p.due(until, anna)
			p.claim(p.b, anna, until, true, true)
			p.unsent(anna, at(1, 1), at(2, 1), at(3, 1))
		},
		"a lease that has run out is its holder's until it is taken": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 3), turn.WonDelivery)
			p.leaseEnd()
			p.delivered(p.a, anna, at(1, 1), "", true, true)
			p.leaseEnd()
			p.claim(p.b, anna, noon.Add(time.Minute), true, true)
			p.delivered(p.a, anna, at(1, 2), "", false, false)
			p.delivered(p.b, anna, at(1, 2), "", true, true)
		},
	})
}

// Agenda holds a live store to turn.Agenda.
func Agenda(t *testing.T, open OpenLive) {
	t.Helper()
	run(t, open, map[string]func(*pair){
		"a timer makes a conversation due": func(p *pair) {
			c := said(anna, 0, 1, 0)
			c.Due = noon.Add(48 * time.Hour) // however far ahead
			p.commit(p.a, c, turn.Won)
			b := said(boris, 0, 1, 0)
			b.Due = noon.Add(time.Minute)
			p.commit(p.a, b, turn.Won)
			p.due(noon)
			p.due(noon.Add(time.Minute), boris)
		},
		"the longest overdue first": func(p *pair) {
			p.must(p.a.Schedule(p.Context(), map[chat.Conversation]time.Time{anna: noon, boris: noon.Add(-time.Hour)}))
			p.due(noon.Add(-time.Second), boris)
			p.due(noon, anna, boris)
		},
		"a claim is one replica's for a lease": func(p *pair) {
			p.must(p.a.Schedule(p.Context(), map[chat.Conversation]time.Time{anna: noon}))
			p.claim(p.a, anna, noon.Add(-time.Second), false, false)
			p.claim(p.a, anna, noon, false, true) // unknown here: it may be in the archive
			p.claim(p.b, anna, noon, false, false)
			p.claim(p.b, anna, noon.Add(turn.LeaseFor), false, true)
		},
		"replies in delivery are left alone, and found when the lease ends": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 1), turn.WonDelivery)
			p.due(noon)
			p.claim(p.b, anna, noon.Add(time.Minute), false, false)
			p.leaseEnd()
			p.due(noon.Add(time.Minute+turn.LeaseFor), anna)
			p.claim(p.b, anna, noon.Add(time.Minute+turn.LeaseFor), true, true)
			p.renewed(p.b, anna, true)
		},
		"delivered replies are not looked at again": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 1), turn.WonDelivery)
			p.delivered(p.a, anna, at(1, 1), "", true, false)
			p.due(noon.Add(time.Hour))
			p.due(noon.Add(turn.KeepFor+time.Second), anna)
		},
		"settle goes by what is owed": func(p *pair) {
			c := said(anna, 0, 1, 0)
			c.Due = noon.Add(time.Hour)
			p.commit(p.a, c, turn.Won)
			p.commit(p.a, said(boris, 0, 1, 0), turn.Won)
			p.must(p.a.Settle(p.Context(), anna, noon, turn.KeepFor))
			p.must(p.a.Settle(p.Context(), boris, noon, time.Minute))
			p.due(noon.Add(2*time.Minute), boris)
			p.due(noon.Add(time.Hour), anna, boris)
		},
		"what nobody knows leaves the agenda": func(p *pair) {
			p.must(p.a.Schedule(p.Context(), map[chat.Conversation]time.Time{anna: noon}))
			p.must(p.a.Settle(p.Context(), anna, noon, turn.KeepFor))
			p.due(noon.Add(100 * 24 * time.Hour))
		},
		"schedule postpones nothing": func(p *pair) {
			c := said(anna, 0, 1, 0)
			c.Due = noon.Add(time.Hour)
			p.commit(p.a, c, turn.Won)
			p.must(p.a.Schedule(p.Context(), map[chat.Conversation]time.Time{anna: noon.Add(2 * time.Hour), boris: noon}))
			p.due(noon, boris)
			p.due(noon.Add(time.Hour), anna, boris)
		},
	})
}
