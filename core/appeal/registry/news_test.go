package registry_test

import (
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/staff"
)

// What a customer is asked goes the way that is written down with it, all else his
// own; a letter rings nowhere.
func TestNewsGoesItsWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		event     life.Event
		own, said string
		way       string
		rings     bool
	}{
		{life.Ask, appeal.InChat, appeal.ByEmail, appeal.ByEmail, false},
		{life.Ask, appeal.ByEmail, appeal.ByPhone, appeal.ByPhone, true},
		{life.Ask, appeal.ByEmail, "", appeal.ByEmail, false},
		{life.Contact, appeal.InChat, appeal.ByPhone, appeal.InChat, true},
	} {
		n := registry.News{Event: c.event, Entry: life.Entry{Staff: 1, Role: staff.ReceptionSpecialist, Do: life.Do{Event: c.event, Way: c.said}}}
		n.Answers = appeal.Answers{}.With(appeal.Contact, c.own)
		if way, rings := n.Way(), n.Rings(); way != c.way || rings != c.rings {
			t.Errorf("%s by %q of one who chose %s goes by %s, ringing %t", c.event, c.said, c.own, way, rings)
		}
	}
}
