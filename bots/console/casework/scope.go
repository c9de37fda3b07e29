package casework

import (
	"maps"
	"slices"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// hat is the part that somebody plays who looks at lists: one of several that he
// may have.
type hat string

const (
	watching  hat = "watch"  // over all cases
	keeping   hat = "keep"   // answers for the kinds that are his
	directing hat = "direct" // works in his queues, those of his roles among them
)

// hats lists the parts of somebody, the widest first.
func hats(a life.Actor) []hat {
	list := []hat{}
	if slices.Contains(a.Roles, staff.Supervisor) {
		list = append(list, watching)
	}
	if len(kindsOf(a)) > 0 {
		list = append(list, keeping)
	}
	if slices.Contains(a.Roles, staff.DirectionSpecialist) || len(a.Queues) > 0 {
		list = append(list, directing)
	}
	return list
}

// kindsOf lists the kinds that somebody answers for.
func kindsOf(a life.Actor) []appeal.Kind {
	return slices.DeleteFunc(appeal.Kinds(), func(k appeal.Kind) bool { return !slices.Contains(a.Roles, life.KeeperOf(k)) })
}

// noQueue is where nothing lies: whoever works in no queue sees nothing, and not
// everything.
const noQueue = "-"

// parse returns the hat that a request names, if the caller has it; "" is his
// first.
func parseHat(name string, a life.Actor) (hat, error) {
	list := hats(a)
	switch {
	case len(list) == 0:
		return "", &fault.Error{Kind: fault.Denied, Key: "permission"}
	case name == "":
		return list[0], nil
	case !slices.Contains(list, hat(name)):
		return "", &fault.Error{Kind: fault.Denied, Key: "permission"}
	}
	return hat(name), nil
}

// narrow keeps a filter to what a hat shows.
func (h hat) narrow(f *registry.Filter, a life.Actor) {
	f.Viewer = a.Staff
	switch h {
	case keeping:
		f.Kinds = kindsOf(a)
	case directing:
		if f.Queues = slices.Sorted(maps.Keys(a.Queues)); len(f.Queues) == 0 {
			f.Queues = []string{noQueue}
		}
	}
}
