package life_test

import (
	"errors"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/staff"
)

// Four eyes see what is published (spec §1.6, A6).
func TestPublish(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	if _, _, err := life.Publish(s.Case, life.ProposeIt, reception, at("2026-11-20 13:00")); !errors.Is(err, life.ErrState) {
		t.Errorf("a case without an answer: %v", err)
	}
	s.does(editor, "2026-11-20 13:00", life.Do{Event: life.Answer, Reply: "r"})
	now := at("2026-11-20 14:00")
	c, out, err := life.Publish(s.Case, life.ProposeIt, editor, now)
	if err != nil || len(out) != 1 {
		t.Fatal(err, out)
	}
	other := life.Actor{Staff: 8, Roles: []staff.Role{staff.ContentEditor}}
	for _, refused := range []struct {
		life.Step
		life.Actor
		want error
	}{
		{life.ApproveIt, editor, life.ErrSameEyes},
		{life.ApproveIt, specialist, life.ErrRole},
		{life.ProposeIt, editor, life.ErrClosed},
		{life.RetractIt, other, life.ErrClosed},
	} {
		if _, _, err := life.Publish(c, refused.Step, refused.Actor, now); !errors.Is(err, refused.want) {
			t.Errorf("%s by %d: %v, want %v", refused.Step, refused.Staff, err, refused.want)
		}
	}
	for _, step := range []life.Step{life.ApproveIt, life.RetractIt} {
		if c, _, err = life.Publish(c, step, other, now); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(c.History); n != len(s.History)+3 || c.History[n-1].Publication != life.RetractIt || c.History[n-1].Staff != other.Staff {
		t.Errorf("the history ends with %+v", c.History[n-1])
	}
	if c.Publication.Stage != life.Retracted || c.Publication.By != editor.Staff {
		t.Errorf("%+v", c.Publication)
	}
}
