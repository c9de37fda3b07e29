package registry

import (
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
)

// Repeats reports why a case cannot be closed as a repetition of another: whoever
// hears so is told that the answer to the other one is his. The errors are those of
// life.Case.Repeats, and ErrOtherCustomer.
func Repeats(r, other *Record, by life.Actor) error {
	if err := r.Case.Repeats(&other.Case, by); err != nil {
		return err
	}
	if !sameCustomer(r, other) {
		return ErrOtherCustomer
	}
	return nil
}

// sameCustomer reports whether two cases are of one customer: filed in one
// conversation, or about one linked account, which shows both to him, or to be
// answered to one mailbox or phone.
func sameCustomer(r, other *Record) bool {
	if r.Conversation != "" && r.Conversation == other.Conversation || r.Account != "" && r.Account == other.Account {
		return true
	}
	for _, f := range []appeal.Name{appeal.Email, appeal.Phone} {
		if to := r.Answers.One(f); to != "" && strings.EqualFold(to, other.Answers.One(f)) {
			return true
		}
	}
	return false
}
