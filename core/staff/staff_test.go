package staff_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/desk"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// What each role may is spec §1.7; a change here is a change of who may what.
func TestRoles(t *testing.T) {
	t.Parallel()
	desk, answer := staff.SeeDesk, staff.AnswerDesk
	see, work, reveal, publish := staff.SeeCases, staff.WorkCases, staff.RevealCases, staff.Publish
	for role, want := range map[staff.Role][]staff.Permission{
		staff.Operator:            {desk, answer, staff.KeepLinks},
		staff.ReceptionSpecialist: {desk, see, work, publish},
		staff.ApplicationRouter:   {see, work, staff.RefundCases, publish},
		staff.ComplaintRouter:     {see, work, reveal, publish},
		staff.DirectionSpecialist: {see, work, reveal},
		staff.OfficeClerk:         {staff.SeeVisits, staff.KeepVisits, staff.SeeSchedules},
		staff.ContentEditor:       {publish},
		staff.Supervisor:          {desk, answer, staff.SeeStaff, staff.SeeAudit, staff.KeepLinks, staff.SeeVisits, see, work, staff.WatchCases, reveal, staff.RefundCases, publish, staff.SeeSchedules, staff.KeepSchedules, staff.SeeTables, staff.SeeQuarantine, staff.ReadQuarantine, staff.KeepQuarantine},
		staff.Admin:               {staff.SeeStaff, staff.KeepStaff, staff.SeeAudit, staff.SeeSchedules, staff.KeepSchedules, staff.SeeTables, staff.KeepTables, staff.SeeQuarantine, staff.KeepQuarantine},
		staff.Privacy:             {staff.SeeAudit, staff.KeepLinks},
		"nobody":                  nil,
		"":                        nil,
	} {
		var got []staff.Permission
		for _, p := range staff.Permissions() {
			if role.May(p) {
				got = append(got, p)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
		if role.Known() != slices.Contains(staff.Roles(), role) {
			t.Errorf("%s is known: %v", role, role.Known())
		}
		for _, p := range []staff.Permission{"", "desk", "signed_in", "anybody", "*"} {
			if role.May(p) {
				t.Errorf("%s may %q", role, p)
			}
		}
	}
	if len(staff.Roles()) != 10 {
		t.Errorf("%d roles", len(staff.Roles()))
	}
}

// Who sees what others may not needs a second factor, but in the demo.
func TestNeedsSecond(t *testing.T) {
	t.Parallel()
	for _, r := range staff.Roles() {
		want := r == staff.Supervisor || r == staff.Admin || r == staff.Privacy
		if r.NeedsSecond(false) != want || r.NeedsSecond(true) {
			t.Errorf("%s needs one: %v, in the demo %v", r, r.NeedsSecond(false), r.NeedsSecond(true))
		}
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	of := func(roles ...staff.Role) staff.Account { return staff.Account{Roles: roles} }
	for name, c := range map[string]struct {
		a    staff.Account
		may  []staff.Permission
		owes []staff.Debt
	}{
		"nobody":              {of(), []staff.Permission{}, []staff.Debt{}},
		"an operator":         {of(staff.Operator), []staff.Permission{staff.SeeDesk, staff.AnswerDesk, staff.KeepLinks}, []staff.Debt{}},
		"of two roles":        {of(staff.Operator, staff.Privacy), []staff.Permission{staff.SeeDesk, staff.AnswerDesk, staff.SeeAudit, staff.KeepLinks}, []staff.Debt{staff.OwesSecond}},
		"with a second":       {staff.Account{Roles: []staff.Role{staff.Privacy}, Second: true}, []staff.Permission{staff.SeeAudit, staff.KeepLinks}, []staff.Debt{}},
		"new":                 {staff.Account{Roles: []staff.Role{staff.Privacy}, Temporary: true}, []staff.Permission{staff.SeeAudit, staff.KeepLinks}, []staff.Debt{staff.OwesPassword, staff.OwesSecond}},
		"disabled":            {staff.Account{Roles: []staff.Role{staff.Operator}, Disabled: true}, []staff.Permission{}, []staff.Debt{}},
		"of a role that went": {of("grandmaster"), []staff.Permission{}, []staff.Debt{}},
	} {
		if diff := cmp.Diff(c.may, c.a.Permissions()); diff != "" {
			t.Errorf("%s may (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(c.owes, c.a.Owes(false)); diff != "" {
			t.Errorf("%s owes (-want +got):\n%s", name, diff)
		}
	}
}

func TestMayChange(t *testing.T) {
	t.Parallel()
	admin := staff.Account{Member: desk.Member{ID: 1}, Roles: []staff.Role{staff.Admin}}
	closed, less, more, team, place, named := admin, admin, admin, admin, admin, admin
	closed.Disabled, less.Roles, more.Roles = true, []staff.Role{staff.Operator}, []staff.Role{staff.Supervisor, staff.Admin}
	team.Teams, place.Territories, named.Name = []string{"uchet-01"}, []string{"01"}, "Анна"
	for name, c := range map[string]struct {
		by    int64
		after staff.Account
		want  error
	}{
		"closes himself":      {1, closed, staff.ErrSelf},
		"takes his own role":  {1, less, staff.ErrSelf},
		"gives himself more":  {1, more, staff.ErrSelf},
		"joins a team":        {1, team, staff.ErrSelf},
		"goes elsewhere":      {1, place, staff.ErrSelf},
		"calls himself else":  {1, named, nil},
		"is made more":        {2, more, nil},
		"is closed by others": {2, closed, nil},
		"is made less":        {2, less, nil},
	} {
		if err := staff.MayChange(c.by, admin, c.after); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParsing(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("а", 81)
	for name, c := range map[string]struct {
		parse func(string) (string, error)
		good  map[string]string
		bad   []string
	}{
		"login": {
			staff.ParseLogin,
			map[string]string{" Anna ": "anna", "a1": "a1", "anna.p-1_2": "anna.p-1_2"},
			[]string{"", "a", "анна", "an na", ".anna", "anna@x", strings.Repeat("a", 41), "anna\x00"},
		},
		"name": {
			staff.ParseName,
			map[string]string{"  Анна   Петровна ": "Анна Петровна", "O'Neil": "O'Neil", long[:160]: long[:160]},
			[]string{"", "  ", long, "Анна\x00", "Ан\u202eна", "\xff"},
		},
		"code": {
			staff.ParseCode,
			map[string]string{" Raschet-01 ": "raschet-01", "vp": "vp"},
			[]string{"", "расчёт", "-a", "a b", "a_b", strings.Repeat("a", 41)},
		},
	} {
		for text, want := range c.good {
			if got, err := c.parse(text); got != want || err != nil {
				t.Errorf("%s %q: %q, %v", name, text, got, err)
			}
		}
		for _, text := range c.bad {
			if got, err := c.parse(text); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s %q: %q, %v", name, text, got, err)
			}
		}
	}
}

func TestParseRoles(t *testing.T) {
	t.Parallel()
	got, err := staff.ParseRoles([]string{"admin", "operator", "admin"})
	if diff := cmp.Diff([]staff.Role{staff.Operator, staff.Admin}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, names := range [][]string{{"root"}, {""}, {"operator", "Admin"}, {"operator,admin"}} {
		if _, err := staff.ParseRoles(names); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", names, err)
		}
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	before := staff.Account{Member: desk.Member{Name: "Анна"}, Roles: []staff.Role{staff.Operator}}
	after := before
	after.Roles, after.Teams = []staff.Role{staff.Operator, staff.Admin}, []string{"vp"}
	was, is := staff.Changed(before.Fields(), after.Fields())
	if diff := cmp.Diff(map[string]string{"roles": "operator", "teams": ""}, was); diff != "" {
		t.Errorf("was (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"roles": "operator, admin", "teams": "vp"}, is); diff != "" {
		t.Errorf("is (-want +got):\n%s", diff)
	}
}
