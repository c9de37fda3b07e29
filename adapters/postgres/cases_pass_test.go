package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/knowledge"
)

// has returns what somebody has to do, of all cases.
func (b *bureau) has(t *testing.T, login string) []life.Work {
	t.Helper()
	list, err := b.CaseTasks(t.Context(), b.people[login], 0, 100)
	must(t, err)
	var works []life.Work
	for i := range list {
		works = append(works, list[i].What)
	}
	return works
}

// Whoever has a case has its work, and nobody else: the supervisor who takes a free
// one, the colleague whom it is handed to, and the supervisor's again when its keeper
// may not have it, for it is he who finds another (spec §1.6, A8).
func TestTheKeepersWorkFollowsTheCase(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	have := func(when string, want map[string][]life.Work) {
		t.Helper()
		for _, login := range []string{"complaints", "second", "supervisor", "editor"} {
			if got := b.has(t, login); !slices.Equal(got, want[login]) {
				t.Errorf("%s, %s has %v to do, want %v", when, login, got, want[login])
			}
		}
	}
	second := b.people["complaints"]
	second.Staff = b.people["deputy"].Staff // another router of complaints
	b.people["second"] = second
	delete(b.people, "deputy") // whom she stands for: a replay finds people by their number
	n := b.file(t, appeal.Complaint)
	both := map[string][]life.Work{"complaints": {life.ToCheck}, "second": {life.ToCheck}}
	have("registered", both)
	b.does(t, "supervisor", n, life.Do{Event: life.Take})
	have("taken by the supervisor", map[string][]life.Work{"supervisor": {life.ToCheck}})
	b.does(t, "customer", n, life.Do{Event: life.Write, Note: words("И ещё")})
	have("written to", map[string][]life.Work{"supervisor": {life.ToCheck, life.ToRead}})
	b.does(t, "supervisor", n, life.Do{Event: life.Hand, Person: b.people["complaints"].Staff})
	have("handed over", map[string][]life.Work{"complaints": {life.ToCheck, life.ToRead, life.ToKeep}})
	b.does(t, "supervisor", n, life.Do{Event: life.Name, Person: b.people["complaints"].Staff})
	have("about its keeper", map[string][]life.Work{"supervisor": {life.ToCheck, life.ToRead, life.ToKeep, life.ToReplace}})
	b.does(t, "second", n, life.Do{Event: life.Take})
	have("taken anew", map[string][]life.Work{"second": {life.ToCheck, life.ToRead}})
	b.replay(t, n)
}

// A term that is over, and an answer that has reached nobody, are the work of who keeps
// the case now.
func TestWhatIsLateFollowsTheCase(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	n := b.file(t, appeal.Question)
	b.does(t, "reception", n, life.Do{Event: life.Take})
	b.set(t, "2026-11-24 00:00")
	b.tell(t)
	late := []string{"check", "late answer breach", "late notice breach"}
	b.expect(t, "reception", late...)
	exec(t, b.conn, `UPDATE case_tasks SET what = 'reach' WHERE what = 'check'`)
	late[0] = "reach"
	b.expect(t, "reception", late...)
	b.does(t, "reception", n, life.Do{Event: life.Hand, Person: b.people["deputy"].Staff})
	b.expect(t, "reception")
	b.expect(t, "deputy", append(late, "keep")...)
}

// A customer who has his case opened again may never have got the answer that he was
// given: it can be sent once more, and a letter that was printed still goes. Before
// there is an answer nothing does.
func TestAnAnswerGoesAgainAfterReopening(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	n := b.file(t, appeal.Question)
	b.does(t, "reception", n, life.Do{Event: life.Take})
	reply := b.reply(t, n, "reception")
	if _, err := b.act(t, "reception", n, life.Do{Event: life.Resend, Reply: reply, Way: appeal.InChat}); !errors.Is(err, registry.ErrReply) {
		t.Errorf("before it is given: %v", err)
	}
	if r, err := b.FindCase(t.Context(), n); err != nil || slices.Contains(life.Possible(&r.Case, b.people["reception"]), life.Resend) {
		t.Errorf("it is offered before it is given: %v", err)
	}
	b.does(t, "reception", n, life.Do{Event: life.Answer, Reply: reply})
	must(t, b.MarkDelivery(t.Context(), registry.Delivery{Reply: reply, Way: appeal.InChat, Attempt: 1, Status: registry.Failed, Why: "blocked"}))
	b.does(t, "customer", n, life.Do{Event: life.Reopen, Note: words("Ответа нет")})
	draft := b.reply(t, n, "reception")
	if _, err := b.act(t, "reception", n, life.Do{Event: life.Resend, Reply: draft, Way: appeal.InChat}); !errors.Is(err, registry.ErrReply) {
		t.Errorf("the new draft: %v", err)
	}
	b.does(t, "reception", n, life.Do{Event: life.Resend, Reply: reply, Way: appeal.InChat})
	list, err := b.Deliveries(t.Context(), reply)
	if err != nil || len(list) != 2 || list[1].Attempt != 2 || list[1].Status != registry.Queued {
		t.Errorf("%+v, %v", list, err)
	}
	if jobs := count(t, b.conn, `SELECT count(*) FROM river_job WHERE kind = 'tell_case' AND args->>'again' = '2' AND args->>'line' = '3'`); jobs != 1 {
		t.Errorf("%d jobs bring it into the chat", jobs)
	}
	if r, err := b.FindCase(t.Context(), n); err != nil || r.State != life.Registered {
		t.Errorf("it is %s, %v", r.State, err)
	}
}

// Who asks without saying who he is stays unknown, where no form and no term depends
// on it; the account that he names later tells (R-5.1.2-b).
func TestWhoAsksIsLearnt(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	for account, want := range map[string]knowledge.Audience{"ЭС-0456/25": knowledge.Companies, "0145201372": knowledge.Individuals} {
		f := filing(appeal.Question)
		f.Audience, f.Category = "", "В-7"
		done, err := b.RegisterCase(t.Context(), b.click(asker), f)
		must(t, err)
		who := func() (one string) {
			t.Helper()
			r, err := b.FindCase(t.Context(), done.Number)
			must(t, err)
			must(t, b.conn.QueryRow(t.Context(), `SELECT audience FROM cases WHERE number = $1`, done.Number.String()).Scan(&one))
			if string(r.Audience) != one {
				t.Errorf("%q, its row %q", r.Audience, one)
			}
			return one
		}
		if got := who(); got != "" {
			t.Errorf("nobody has said it: %q", got)
		}
		b.does(t, "reception", done.Number, life.Do{Event: life.Clarify, Answers: appeal.Answers{}.With("account", account)})
		if got := who(); got != string(want) {
			t.Errorf("%s: %q, want %q", account, got, want)
		}
		f.Answers = f.Answers.With("account", account)
		if done, err = b.RegisterCase(t.Context(), b.click(asker+"1"), f); err != nil {
			t.Fatal(err)
		}
		if got := who(); got != string(want) {
			t.Errorf("said at once, %s: %q, want %q", account, got, want)
		}
	}
}
