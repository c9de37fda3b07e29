package casework

import (
	"slices"

	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/route"
	"okoshko/core/staff"
)

type staffAccount = staff.Account

// fits reports whether an event may name somebody: a case is handed to who may
// keep it, assigned to who works in its queue; anybody can be whom it is about.
func fits(e life.Event, who *staff.Account, r *registry.Record, routes *route.Book) bool {
	has := func(role staff.Role) bool { return slices.Contains(who.Roles, role) }
	switch e {
	case life.Hand:
		return !who.Disabled && (has(life.KeeperOf(r.Kind)) || has(staff.Supervisor))
	case life.Assign:
		return life.By(*who, routes).WorksIn(r.Queue)
	case life.Clear:
		return slices.Contains(r.About, who.ID)
	default:
		return e == life.Name
	}
}
