package postgres_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// employ adds somebody with roles.
func employ(t *testing.T, d *postgres.DB, login string, roles ...staff.Role) staff.Account {
	t.Helper()
	a, err := d.AddStaff(t.Context(), audit.Entry{}, login, "hash", false, staff.Card{Name: login, Roles: roles})
	must(t, err)
	return a
}

func TestStaff(t *testing.T) {
	t.Parallel()
	d, ctx := pgtest.Open(t), t.Context()
	must(t, d.LoadDemo(ctx))
	must(t, d.SaveTeam(ctx, audit.Entry{}, staff.Team{Code: "vp", Name: "Приёмная"}))
	anna := employ(t, d, "anna", staff.Operator)
	if _, err := d.AddStaff(ctx, audit.Entry{}, "anna", "hash", false, staff.Card{Name: "Другая"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("added twice: %v", err)
	}
	card := staff.Card{Name: "Анна", Roles: []staff.Role{staff.Operator, staff.Supervisor}, Teams: []string{"vp"}, Territories: []string{"02", "01"}}
	changed, err := d.ChangeStaff(ctx, audit.Entry{Reason: "повышение"}, anna.ID, card)
	must(t, err)
	want := anna
	want.Name, want.Roles, want.Teams, want.Territories, want.Version = "Анна", card.Roles, []string{"vp"}, []string{"01", "02"}, 2
	want.Ended = staff.EndedRoles
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	card.Territories = []string{"03"}
	if changed, err = d.ChangeStaff(ctx, audit.Entry{}, anna.ID, card); err != nil || changed.Version != 2 || !cmp.Equal(changed.Territories, card.Territories) {
		t.Errorf("moved: %+v, %v", changed, err)
	}
	for name, bad := range map[string]staff.Card{"team": {Name: "А", Teams: []string{"none"}}, "territory": {Name: "А", Territories: []string{"99"}}} {
		var known *fault.Error
		if _, err := d.ChangeStaff(ctx, audit.Entry{}, anna.ID, bad); !errors.As(err, &known) || known.Kind != fault.Invalid || known.Key != name {
			t.Errorf("a %s that is not there: %v", name, err)
		}
	}
	if _, err := d.SetPassword(ctx, audit.Entry{Act: audit.StaffPassword}, anna.ID, "other", true); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SetDisabled(ctx, audit.Entry{}, anna.ID, true); err != nil {
		t.Fatal(err)
	}
	got, found, err := d.FindStaff(ctx, "anna")
	if err != nil || !found || got.Password != "other" || !got.Temporary || !got.Disabled || got.Version != 4 {
		t.Errorf("%+v, %v, %v", got, found, err)
	}
	if _, found, err := d.StaffByID(ctx, 99); found || err != nil {
		t.Errorf("found nobody: %v, %v", found, err)
	}
	if _, err := d.SetPassword(ctx, audit.Entry{}, 99, "x", false); !fault.Is(err, fault.NotFound) {
		t.Errorf("changed nobody's password: %v", err)
	}
	if list, err := d.ListStaff(ctx); err != nil || len(list) != 1 {
		t.Errorf("listed %+v, %v", list, err)
	}
	lines, err := d.ListAudit(ctx, audit.Filter{Act: audit.StaffChange, Limit: 10})
	must(t, err)
	if len(lines) != 2 || lines[1].Before["roles"] != "operator" || lines[1].After["roles"] != "operator, supervisor" ||
		lines[1].Reason != "повышение" || lines[1].Subject != "anna" || lines[0].After["territories"] != "03" {
		t.Errorf("the audit has %+v", lines)
	}
	if found, _ := breaches(t, d); len(found) > 0 {
		t.Errorf("the chain: %v", found)
	}
}

// However two administrators go about it, one who can give rights is left.
func TestSomebodyKeepsTheKeys(t *testing.T) {
	t.Parallel()
	d, ctx := pgtest.Open(t), t.Context()
	first, second := employ(t, d, "first", staff.Admin), employ(t, d, "second", staff.Admin)
	if _, err := d.SetDisabled(ctx, audit.Entry{Staff: first.ID}, first.ID, true); !errors.Is(err, staff.ErrSelf) {
		t.Errorf("one shuts himself out: %v", err)
	}
	must(t, d.SaveTeam(ctx, audit.Entry{}, staff.Team{Code: "vp", Name: "Приёмная"}))
	for name, card := range map[string]staff.Card{
		"more rights": {Name: "x", Roles: []staff.Role{staff.Supervisor, staff.Admin}},
		"a team":      {Name: "x", Roles: []staff.Role{staff.Admin}, Teams: []string{"vp"}},
	} {
		if _, err := d.ChangeStaff(ctx, audit.Entry{Staff: first.ID}, first.ID, card); !errors.Is(err, staff.ErrSelf) {
			t.Errorf("one gives himself %s: %v", name, err)
		}
	}
	if a, _, err := d.StaffByID(ctx, first.ID); err != nil || a.Version != first.Version || a.May(staff.SeeCases) || len(a.Teams) > 0 {
		t.Errorf("after all that he is %+v, %v", a, err)
	}
	var refused atomic.Int32
	together(2, func(i int) {
		by, of := first, second
		if i == 1 {
			by, of = second, first
		}
		_, err := d.ChangeStaff(ctx, audit.Entry{Staff: by.ID}, of.ID, staff.Card{Name: "x"})
		if errors.Is(err, staff.ErrLast) {
			refused.Add(1)
		} else if err != nil {
			t.Error(err)
		}
	})
	if refused.Load() != 1 {
		t.Errorf("%d of two are refused", refused.Load())
	}
	list, err := d.ListStaff(ctx)
	must(t, err)
	left := 0
	for _, a := range list {
		if a.May(staff.KeepStaff) {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d are left", left)
	}
	for _, a := range []staff.Account{first, second} { // at a terminal everything can be undone
		_, err := d.SetDisabled(ctx, audit.Entry{Address: audit.Terminal}, a.ID, true)
		must(t, err)
	}
}

func TestTeams(t *testing.T) {
	t.Parallel()
	d, ctx := pgtest.Open(t), t.Context()
	for _, name := range []string{"Приёмная", "Виртуальная приёмная", "Виртуальная приёмная"} {
		must(t, d.SaveTeam(ctx, audit.Entry{}, staff.Team{Code: "vp", Name: name}))
	}
	anna := employ(t, d, "anna", staff.Operator)
	_, err := d.ChangeStaff(ctx, audit.Entry{}, anna.ID, staff.Card{Name: "Анна", Teams: []string{"vp"}})
	must(t, err)
	if err := d.DropTeam(ctx, audit.Entry{}, "vp"); !fault.Is(err, fault.Conflict) {
		t.Errorf("one that is in use: %v", err)
	}
	_, err = d.ChangeStaff(ctx, audit.Entry{}, anna.ID, staff.Card{Name: "Анна"})
	must(t, err)
	must(t, d.DropTeam(ctx, audit.Entry{}, "vp"))
	if err := d.DropTeam(ctx, audit.Entry{}, "vp"); !fault.Is(err, fault.NotFound) {
		t.Errorf("one that is gone: %v", err)
	}
	lines, err := d.ListAudit(ctx, audit.Filter{About: "vp", Limit: 10})
	if err != nil || len(lines) != 3 || lines[1].Before["name"] != "Приёмная" {
		t.Errorf("%+v, %v", lines, err)
	}
}

// A step and a recovery code open once, whoever is faster; a key begins where
// the one before has ended.
func TestSecondFactors(t *testing.T) {
	t.Parallel()
	d, ctx := pgtest.Open(t, func(c *postgres.Config) { c.Sealer = reversed{} }), t.Context()
	anna := employ(t, d, "anna", staff.Operator)
	if _, found, err := d.SecondKey(ctx, anna.ID, false); found || err != nil {
		t.Errorf("before there is one: %v, %v", found, err)
	}
	if _, err := d.ConfirmSecond(ctx, audit.Entry{}, anna.ID, 100, nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("confirmed before it was begun: %v", err)
	}
	must(t, d.BeginSecond(ctx, anna.ID, []byte("first key")))
	if a, _, err := d.FindStaff(ctx, "anna"); err != nil || a.Second {
		t.Errorf("a key that is pending counts: %v", err)
	}
	once := func(what string, spend func() (bool, error)) {
		t.Helper()
		var spent atomic.Int32
		together(8, func(int) {
			ok, err := spend()
			if err != nil {
				t.Error(err)
			}
			if ok {
				spent.Add(1)
			}
		})
		if spent.Load() != 1 {
			t.Errorf("%s is good %d times", what, spent.Load())
		}
	}
	hashes := [][]byte{[]byte("one"), []byte("two")}
	once("a confirmation", func() (bool, error) {
		_, err := d.ConfirmSecond(ctx, audit.Entry{}, anna.ID, 100, hashes)
		if fault.Is(err, fault.Conflict) {
			return false, nil
		}
		return err == nil, err
	})
	key, found, err := d.SecondKey(ctx, anna.ID, false)
	if err != nil || !found || string(key) != "first key" {
		t.Errorf("%q, %v, %v", key, found, err)
	}
	once("step 101", func() (bool, error) { return d.SpendStep(ctx, anna.ID, 101) })
	for _, old := range []int64{99, 100, 101} {
		if ok, err := d.SpendStep(ctx, anna.ID, old); ok || err != nil {
			t.Errorf("step %d after 101: %v, %v", old, ok, err)
		}
	}
	once("a recovery code", func() (bool, error) { return d.SpendRecovery(ctx, anna.ID, []byte("one")) })
	if n, err := d.RecoveryLeft(ctx, anna.ID); n != 1 || err != nil {
		t.Errorf("%d codes are left, %v", n, err)
	}
	must(t, d.BeginSecond(ctx, anna.ID, []byte("second key")))
	if key, _, err := d.SecondKey(ctx, anna.ID, false); err != nil || string(key) != "first key" {
		t.Errorf("a key that was only begun replaces one: %q, %v", key, err)
	}
	if _, err := d.ConfirmSecond(ctx, audit.Entry{}, anna.ID, 101, hashes); !fault.Is(err, fault.Conflict) {
		t.Errorf("the new key takes a step that the old one has used: %v", err)
	}
	must(t, d.ResealSeconds(ctx))
	if key, _, err := d.SecondKey(ctx, anna.ID, true); err != nil || string(key) != "second key" {
		t.Errorf("sealed anew: %q, %v", key, err)
	}
	changed, err := d.DropSecond(ctx, audit.Entry{}, anna.ID)
	if err != nil || changed.Second || changed.Version != 3 {
		t.Errorf("%+v, %v", changed, err)
	}
	if n, err := d.RecoveryLeft(ctx, anna.ID); n != 0 || err != nil {
		t.Errorf("%d codes are left, %v", n, err)
	}
	if ok, err := d.SpendStep(ctx, anna.ID, 200); ok || err != nil {
		t.Errorf("a factor that is gone: %v, %v", ok, err)
	}
}
