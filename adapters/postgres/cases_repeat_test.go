package postgres_test

import (
	"errors"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

// A case is closed as a repetition of one that is answered to the same customer, and
// of no other: he is told that the answer will come there (R-5.2.8-e).
func TestCaseRepeats(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	by := func(c chat.Conversation, said ...appeal.Name) appeal.Number {
		f := filing(appeal.Complaint)
		for i := 0; i < len(said); i += 2 {
			f.Answers = f.Answers.With(said[i], string(said[i+1]))
		}
		done, err := b.RegisterCase(t.Context(), b.click(c), f)
		must(t, err)
		return done.Number
	}
	n := by(asker, appeal.Email, "ivanova@post.example")
	same, mailbox, stranger := by(asker), by("web:300", appeal.Email, "Ivanova@post.example"), by("tg:200")
	question, answered, about := b.file(t, appeal.Question), by(asker), by(asker)
	b.does(t, "complaints", answered, life.Do{Event: life.Answer, Reply: b.reply(t, answered, "complaints")})
	b.does(t, "supervisor", about, life.Do{Event: life.Name, Person: b.people["complaints"].Staff})
	for _, c := range []struct {
		other appeal.Number
		want  error
	}{
		{appeal.Number{Kind: appeal.Complaint, Year: 2026, Serial: 99}, life.HasOther.Err()},
		{question, life.ErrOtherKind},
		{answered, life.ErrOtherEnded},
		{stranger, registry.ErrOtherCustomer},
		{about, life.HasOther.Err()},
	} {
		if _, err := b.act(t, "complaints", n, life.Do{Event: life.Duplicate, Other: c.other}); !errors.Is(err, c.want) {
			t.Errorf("a repetition of %s: %v, want %v", c.other, err, c.want)
		}
	}
	if _, err := b.act(t, "reception", n, life.Do{Event: life.Duplicate, Other: question}); !errors.Is(err, life.ErrRole) {
		t.Errorf("whoever may not is told of the other: %v", err)
	}
	b.does(t, "complaints", n, life.Do{Event: life.Duplicate, Other: mailbox})
	back := b.does(t, "complaints", n, life.Do{Event: life.Reopen, Note: words("Это разные счета")})
	if back.To != life.Registered {
		t.Errorf("taken back it is %s", back.To)
	}
	b.replay(t, n)
	b.does(t, "complaints", n, life.Do{Event: life.Duplicate, Other: same})
	b.does(t, "customer", n, life.Do{Event: life.Reopen, Answers: appeal.Answers{}.With(appeal.Body, "Это другой счёт")})
	b.replay(t, n)
}

// Of two cases that are closed at one moment as repetitions of each other one stays
// open: somebody answers the customer.
func TestNoTwoRepetitionsOfEachOther(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	const pairs = 8
	for range pairs {
		pair := []appeal.Number{b.file(t, appeal.Question), b.file(t, appeal.Question)}
		together(2, func(i int) {
			if _, err := b.act(t, "supervisor", pair[i], life.Do{Event: life.Duplicate, Other: pair[1-i]}); err != nil && !fault.Is(err, fault.Invalid) {
				t.Error(err)
			}
		})
	}
	if n := count(t, b.conn, `SELECT count(*) FROM cases WHERE state = 'closed'`); n != pairs {
		t.Errorf("%d of %d pairs are closed", n, pairs)
	}
}
