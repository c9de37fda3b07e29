package postgres_test

import (
	"errors"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// A customer is asked by a channel that there is and that reaches him: what the
// history says of it is true (R-5.2.7-c).
func TestAskGoesItsWay(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	n := b.file(t, appeal.Application)
	for _, way := range []string{"pigeon", appeal.ByPost, appeal.ByEmail, appeal.ByPhone} {
		if _, err := b.act(t, "router", n, life.Do{Event: life.Ask, Way: way, Note: words("Какой счёт?")}); !errors.Is(err, registry.ErrChannel) {
			t.Errorf("asked by %s: %v", way, err)
		}
	}
	if _, err := b.act(t, "router", n, life.Do{Event: life.Contact, Way: "pigeon", Note: words("дозвонились")}); !errors.Is(err, registry.ErrChannel) {
		t.Errorf("reached by pigeon: %v", err)
	}
	b.does(t, "router", n, life.Do{Event: life.Contact, Way: appeal.ByPhone, Note: words("дозвонились")}) // by the number of his contract
	b.does(t, "router", n, life.Do{Event: life.Ask, Way: appeal.InChat, Note: words("Какой счёт?")})
	b.does(t, "customer", n, life.Do{Event: life.Clarify, Answers: appeal.Answers{}.With(appeal.Email, "ivanova@post.example")})
	b.does(t, "router", n, life.Do{Event: life.Ask, Way: appeal.ByEmail, Note: words("Какой счёт?")})
}
