package postgres_test

import (
	"slices"
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/dialogs/dialog/turn"
)

// standing returns a case with the attempts to send its answer, each as "way status why".
func (b *bureau) standing(t testing.TB, n appeal.Number, reply string) (registry.Record, []string) {
	t.Helper()
	r, err := b.FindCase(t.Context(), n)
	must(t, err)
	list, err := b.Deliveries(t.Context(), reply)
	must(t, err)
	var sent []string
	for _, d := range list {
		sent = append(sent, d.Way+" "+string(d.Status)+" "+d.Why)
	}
	return r, sent
}

// An answer is sent when the chat has taken it. One that the chat refuses for good was
// not given: it is owed and late, closed by no schedule, and counts in term nowhere,
// until its keeper has sent it another way, by an address that he was told.
func TestAnAnswerThatTheChatRefuses(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	h := &hands{}
	h.fate.Store(&turn.Report{Fate: turn.Later})
	defer b.running(t, h.jobs())()
	n := b.file(t, appeal.Question)
	h.see(t)
	reply := b.reply(t, n, "reception")
	b.does(t, "reception", n, life.Do{Event: life.Answer, Reply: reply})
	h.see(t)
	passes := func() { at := b.now().Add(2 * time.Second); b.clock.Store(&at) }
	passes()
	time.Sleep(3 * time.Second) // it is looked at, and nothing is said anew
	if r, sent := b.standing(t, n, reply); r.State != life.Answered || !slices.Equal(sent, []string{"chat queued "}) || len(h.work) > 0 {
		t.Fatalf("on its way it is %s, %v", r.State, sent)
	}
	h.fate.Store(&turn.Report{Fate: turn.Refused, Why: "blocked"})
	passes()
	eventually(t, func() bool {
		r, sent := b.standing(t, n, reply)
		return r.State == life.Prepared && slices.Equal(sent, []string{"chat failed blocked"})
	})
	b.expect(t, "reception", "reach")
	r, _ := b.standing(t, n, reply)
	if last := r.History[len(r.History)-1]; last.Do.Event != life.Undelivered || last.Do.Way != appeal.InChat || last.Do.Why != "blocked" || last.Do.Reply != reply {
		t.Errorf("the history says %+v", last)
	}
	if got := count(t, b.conn, `SELECT count(*) FROM cases WHERE answered_at IS NULL AND next_at = due_at`); got != 1 {
		t.Error("it is not owed")
	}
	if got := count(t, b.conn, `SELECT count(*) FROM case_alerts WHERE told_at IS NULL`); got == 0 {
		t.Error("nobody will be warned of its term")
	}
	if _, err := b.act(t, "reception", n, life.Do{Event: life.Resend, Reply: reply, Way: appeal.ByEmail}); err == nil {
		t.Error("a letter to no address")
	}
	email := appeal.Answers{}.With(appeal.Email, "ivanova@post.example")
	b.does(t, "reception", n, life.Do{Event: life.Resend, Reply: reply, Way: appeal.ByEmail, Answers: email})
	h.see(t) // these hands fail the first letter
	eventually(t, func() bool {
		r, sent := b.standing(t, n, reply)
		return r.State == life.Prepared && slices.Equal(sent, []string{"chat failed blocked", "email failed invalid"})
	})
	b.does(t, "reception", n, life.Do{Event: life.Resend, Reply: reply, Way: appeal.ByEmail})
	h.see(t)
	eventually(t, func() bool { _, sent := b.standing(t, n, reply); return len(sent) == 3 && sent[2] == "email sent " })
	if r, _ := b.standing(t, n, reply); r.State != life.Answered || r.Resolution != life.ByAnswer || r.Answers.One(appeal.Email) == "" {
		t.Errorf("%+v", r.Case)
	}
	b.expect(t, "reception")
	// Another copy that fails takes nothing back: he has it.
	b.does(t, "reception", n, life.Do{Event: life.Resend, Reply: reply, Way: appeal.InChat})
	h.see(t)
	eventually(t, func() bool {
		_, sent := b.standing(t, n, reply)
		return slices.Contains(sent[2:], "chat failed blocked")
	})
	if r, _ := b.standing(t, n, reply); r.State != life.Answered {
		t.Errorf("it is %s", r.State)
	}
}

// A question that the chat refuses for good was not asked: nobody waits for a word of
// him who has not read it, and the first contact is still owed.
func TestAQuestionThatTheChatRefuses(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	h := &hands{}
	h.fate.Store(&turn.Report{Fate: turn.Refused, Why: "blocked"})
	defer b.running(t, h.jobs())()
	n := b.file(t, appeal.Application)
	h.see(t)
	h.see(t)
	b.does(t, "router", n, life.Do{Event: life.Ask, Note: words("Какой адрес?")})
	eventually(t, func() bool {
		r, err := b.FindCase(t.Context(), n)
		return err == nil && r.State == life.Registered
	})
	r, err := b.FindCase(t.Context(), n)
	must(t, err)
	if last := r.History[2]; last.Do.Event != life.Undelivered || last.Do.Line != 2 || last.Do.Way != appeal.InChat || last.Do.Why != "blocked" || !r.Clocks[term.Contact].Runs() {
		t.Errorf("the history says %+v, the clocks %+v", last, r.Clocks)
	}
	b.expect(t, "router", "reach")
	b.does(t, "router", n, life.Do{Event: life.Contact, Way: appeal.ByPhone, Note: words("Адрес назвал")})
	b.expect(t, "router")
}
