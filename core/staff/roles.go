package staff

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"okoshko/core/fault"
)

// Role is what somebody is there for (spec §1.7). One person may have several;
// he may what any of them may.
type Role string

// The roles.
const (
	Operator            Role = "operator"             // answers customers live
	ReceptionSpecialist Role = "vp_specialist"        // answers for the Virtual reception
	ApplicationRouter   Role = "application_router"   // checks and routes applications
	ComplaintRouter     Role = "complaint_router"     // checks, routes and follows complaints
	DirectionSpecialist Role = "direction_specialist" // answers for a function in his territories
	OfficeClerk         Role = "office_clerk"         // keeps the bookings of an office
	ContentEditor       Role = "content_editor"       // writes and publishes
	Supervisor          Role = "supervisor"           // watches terms, quality and complaints about staff
	Admin               Role = "admin"                // keeps accounts; sees no customer
	Privacy             Role = "dpo"                  // answers for personal data
)

// Permission is one thing that roles allow.
type Permission string

// The permissions. Whatever asks for none of them, or for one that nobody has,
// is refused to everybody.
const (
	SeeDesk    Permission = "desk.see"    // read the queue, dialogs, their files; leave a note
	AnswerDesk Permission = "desk.answer" // take dialogs, speak in them, end them
	SeeStaff   Permission = "staff.see"   // see who there is and what he may
	KeepStaff  Permission = "staff.keep"  // add, change, close accounts and teams
	SeeAudit   Permission = "audit.see"   // read who saw and changed what
	KeepLinks  Permission = "links.keep"  // see which chats an account is linked to, and end that
	SeeVisits  Permission = "visits.see"  // see who comes to an office when
	KeepVisits Permission = "visits.keep" // receive visitors, and read who they are

	SeeCases    Permission = "cases.see"    // read the cases that are his to see: package casework says which
	WorkCases   Permission = "cases.work"   // do to them what package life lets his role do
	WatchCases  Permission = "cases.watch"  // see how much lies with whom
	RevealCases Permission = "cases.reveal" // read secret answers, for a reason
	RefundCases Permission = "cases.refund" // give back what was paid for a service, where it has to go back
	Publish     Permission = "publish"      // see what is published of answers, and what package life lets his role do to it

	SeeSchedules  Permission = "schedule.see"  // see when offices receive
	KeepSchedules Permission = "schedule.keep" // change that, the rules of booking and the calendar

	SeeTables  Permission = "tables.see"  // see by which categories, forms, terms and routes cases live
	KeepTables Permission = "tables.keep" // change that

	SeeQuarantine  Permission = "quarantine.see"  // see which events could not be taken, when and why
	ReadQuarantine Permission = "quarantine.read" // read what customers had sent with them
	KeepQuarantine Permission = "quarantine.keep" // have them taken again, begin their conversation anew, put them away
)

// Need says when a role works only with a second factor.
type Need string

// The needs.
const (
	Never  Need = "-"      // it may be set up all the same
	Live   Need = "live"   // everywhere but in the demo, whose customers are made up
	Always Need = "always" // in the demo, too
)

// rights are what a role allows and asks for.
type rights struct {
	second Need
	may    []Permission
}

//go:embed roles.tsv
var rolesTable string

var roles = mustRead(rolesTable)

// table is the roles in the order of the file, with their rights.
type table struct {
	order  []Role
	rights map[Role]rights
	every  []Permission
}

func mustRead(text string) table {
	t, err := readRoles(text)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return t
}

// readRoles reads the matrix: a line for each role, a column for each
// permission, "+" where the one allows the other and "-" where not. The error
// is Invalid and names the row.
func readRoles(text string) (table, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		return table{}, fault.Wrap(fault.Invalid, fmt.Errorf("read roles: %w", err))
	}
	if len(rows) == 0 || len(rows[0]) < 2 || rows[0][0] != "role" || rows[0][1] != "second_factor" {
		return table{}, fault.New(fault.Invalid, "read roles: the columns begin with role and second_factor")
	}
	t := table{rights: map[Role]rights{}}
	for _, column := range rows[0][2:] {
		t.every = append(t.every, Permission(column))
	}
	for n, row := range rows[1:] {
		role, of := Role(row[0]), rights{second: Need(row[1])}
		_, twice := t.rights[role]
		if role == "" || twice || !slices.Contains([]Need{Never, Live, Always}, of.second) {
			return table{}, fault.New(fault.Invalid, fmt.Sprintf("read roles, row %d: %q", n+1, row[:2]))
		}
		for i, mark := range row[2:] {
			switch mark {
			case "+":
				of.may = append(of.may, t.every[i])
			case "-":
			default:
				return table{}, fault.New(fault.Invalid, fmt.Sprintf("read roles, row %d: %q is neither + nor -", n+1, mark))
			}
		}
		t.order = append(t.order, role)
		t.rights[role] = of
	}
	return t, nil
}

// Roles lists all roles in their order.
func Roles() []Role { return slices.Clone(roles.order) }

// Permissions lists all permissions.
func Permissions() []Permission { return slices.Clone(roles.every) }

// Known reports whether there is such a role.
func (r Role) Known() bool { _, known := roles.rights[r]; return known }

// May reports whether the role allows something.
func (r Role) May(p Permission) bool { return slices.Contains(roles.rights[r].may, p) }

// NeedsSecond reports whether the role works only with a second factor.
func (r Role) NeedsSecond(demo bool) bool {
	need := roles.rights[r].second
	return need == Always || need == Live && !demo
}

// ParseRoles reads roles, known, each once, in the order of the table. The
// error is Invalid with the key role.
func ParseRoles(names []string) ([]Role, error) {
	out := []Role{}
	for _, name := range names {
		if !Role(name).Known() {
			return nil, &fault.Error{Kind: fault.Invalid, Key: "role", Err: fmt.Errorf("there is no role %q", name)}
		}
	}
	for _, r := range roles.order {
		if slices.Contains(names, string(r)) {
			out = append(out, r)
		}
	}
	return out, nil
}
