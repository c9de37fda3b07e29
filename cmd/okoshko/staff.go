package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/bots/console"
	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// staffOptions is what the command may be told of somebody.
type staffOptions struct {
	name, roles, teams, territories *string
	set                             map[string]bool // which were given
	verify                          *bool
	mark                            *string
	lines                           *int
}

// staffVerb is something that the command does.
type staffVerb struct {
	name  string
	takes string // "LOGIN", or nothing
	says  string
	run   func(ctx context.Context, p *program, db *postgres.DB, who string, o staffOptions) error
}

func staffVerbs() []staffVerb {
	return []staffVerb{
		{"add", "LOGIN", "add an account: --name NAME [--roles …] [--teams …] [--territories …]; asks for its password", addStaff},
		{"change", "LOGIN", "change what is named: --name, --roles, --teams, --territories", changeStaff},
		{"list", "", "who there is", listStaff},
		{"roles", "", "what each role may", listRoles},
		{"disable", "LOGIN", "close an account", disableStaff(true)},
		{"enable", "LOGIN", "open it again", disableStaff(false)},
		{"reset", "LOGIN", "ask for a new password", resetStaff},
		{"reset-second", "LOGIN", "take a lost second factor away", resetSecond},
		{"sign-out", "LOGIN", "end all sessions", signOutStaff},
		{"audit", "", "the last lines of the audit: [--lines N]; [--verify [--mark NUMBER:HASH]] checks all of it", auditStaff},
	}
}

// atTerminal is who does something at a terminal of the server.
func atTerminal(act audit.Act) audit.Entry { return audit.Entry{Act: act, Address: audit.Terminal} }

// staffCommand keeps the accounts of the console.
func staffCommand(ctx context.Context, p *program, args []string) error {
	var verb, who string
	for _, at := range []*string{&verb, &who} {
		if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
			*at, args = args[0], args[1:]
		}
	}
	f := p.options("staff")
	o := staffOptions{
		name:        f.String("name", "", "the `name` that customers and colleagues see"),
		roles:       f.String("roles", string(staff.Operator), "`roles`, with commas between; okoshko staff roles lists them"),
		teams:       f.String("teams", "", "`codes` of teams, with commas between"),
		territories: f.String("territories", "", "`codes` of territories, with commas between"),
		verify:      f.Bool("verify", false, "check that no line of the audit was changed or removed"),
		mark:        f.String("mark", "", "a `number:hash` that an earlier check has printed, and that must still stand"),
		lines:       f.Int("lines", 20, "how many lines of the audit to show"),
		set:         map[string]bool{},
	}
	c, err := p.load(f, args)
	if err != nil {
		return err
	}
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		o.set[name] = strings.HasPrefix(arg, "-")
	}
	var chosen staffVerb
	var usage strings.Builder
	for _, v := range staffVerbs() {
		if v.name == verb && (v.takes == "") == (who == "") {
			chosen = v
		}
		fmt.Fprintf(&usage, "\n  okoshko staff %-20s %s", strings.TrimSpace(v.name+" "+v.takes), v.says)
	}
	if chosen.run == nil {
		return &usageError{errors.New("usage:" + usage.String())}
	}
	if who != "" {
		if who, err = staff.ParseLogin(who); err != nil {
			return &usageError{errors.New("that is no login: 2 to 40 small letters, digits, dots and dashes")}
		}
	}
	s, err := openStores(ctx, c, storeOptions{postgres: true, demo: c.Data.Key.IsZero(), log: newLog(c, p.stderr), now: time.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.db.Migrate(ctx); err != nil {
		return err
	}
	return chosen.run(ctx, p, s.db, who, o)
}

// find returns the account of a login. The error is NotFound.
func find(ctx context.Context, db *postgres.DB, who string) (staff.Account, error) {
	a, found, err := db.FindStaff(ctx, who)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "nobody is called "+who)
	}
	return a, err
}

// codes reads what stands between commas.
func codes(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

func addStaff(ctx context.Context, p *program, db *postgres.DB, who string, o staffOptions) error {
	name, err := staff.ParseName(*o.name)
	if err != nil {
		return &usageError{errors.New("say what customers shall call them: --name Anna")}
	}
	roles, err := staff.ParseRoles(codes(*o.roles))
	if err != nil {
		return &usageError{err}
	}
	hash, err := p.askPassword(who)
	if err != nil {
		return err
	}
	card := staff.Card{Name: name, Roles: roles, Teams: codes(*o.teams), Territories: codes(*o.territories)}
	if _, err := db.AddStaff(ctx, atTerminal(audit.StaffAdd), who, hash, false, card); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s can sign in at /console/.\n", who)
	return err
}

func changeStaff(ctx context.Context, p *program, db *postgres.DB, who string, o staffOptions) error {
	a, err := find(ctx, db, who)
	if err != nil {
		return err
	}
	card := staff.Card{Name: a.Name, Roles: a.Roles, Teams: a.Teams, Territories: a.Territories}
	if o.set["name"] {
		if card.Name, err = staff.ParseName(*o.name); err != nil {
			return &usageError{errors.New("that is no name")}
		}
	}
	if o.set["roles"] {
		if card.Roles, err = staff.ParseRoles(codes(*o.roles)); err != nil {
			return &usageError{err}
		}
	}
	if o.set["teams"] {
		card.Teams = codes(*o.teams)
	}
	if o.set["territories"] {
		card.Territories = codes(*o.territories)
	}
	if a, err = db.ChangeStaff(ctx, atTerminal(audit.StaffChange), a.ID, card); err != nil {
		return err
	}
	return p.showStaff(a)
}

func disableStaff(disabled bool) func(context.Context, *program, *postgres.DB, string, staffOptions) error {
	return func(ctx context.Context, p *program, db *postgres.DB, who string, _ staffOptions) error {
		a, err := find(ctx, db, who)
		if err == nil {
			a, err = db.SetDisabled(ctx, atTerminal(""), a.ID, disabled)
		}
		if err != nil {
			return err
		}
		return p.showStaff(a)
	}
}

func resetStaff(ctx context.Context, p *program, db *postgres.DB, who string, _ staffOptions) error {
	a, err := find(ctx, db, who)
	if err != nil {
		return err
	}
	hash, err := p.askPassword(who)
	if err != nil {
		return err
	}
	if _, err := db.SetPassword(ctx, atTerminal(audit.StaffPassword), a.ID, hash, false); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "The password of %s is changed; open consoles have to sign in again.\n", who)
	return err
}

func resetSecond(ctx context.Context, p *program, db *postgres.DB, who string, _ staffOptions) error {
	a, err := find(ctx, db, who)
	if err == nil {
		_, err = db.DropSecond(ctx, atTerminal(""), a.ID)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s has no second factor; where a role needs one, it is set up at the next sign-in.\n", who)
	return err
}

func signOutStaff(ctx context.Context, p *program, db *postgres.DB, who string, _ staffOptions) error {
	a, err := find(ctx, db, who)
	if err == nil {
		_, err = db.EndSessions(ctx, atTerminal(""), a.ID)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "All sessions of %s are over.\n", who)
	return err
}

func listStaff(ctx context.Context, p *program, db *postgres.DB, _ string, _ staffOptions) error {
	list, err := db.ListStaff(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := p.showStaff(a); err != nil {
			return err
		}
	}
	return nil
}

// showStaff prints one line of the list.
func (p *program) showStaff(a staff.Account) error {
	fields := a.Fields()
	belongs := strings.Trim(fields["teams"]+"; "+fields["territories"], "; ")
	_, err := fmt.Fprintf(p.stdout, "%-24s %-9s %s (%s) second factor %s %s\n",
		a.Login, fields["state"], a.Name, fields["roles"], fields["second_factor"], belongs)
	return err
}

func listRoles(_ context.Context, p *program, _ *postgres.DB, _ string, _ staffOptions) error {
	for _, r := range staff.Roles() {
		var may []string
		for _, one := range staff.Permissions() {
			if r.May(one) {
				may = append(may, string(one))
			}
		}
		second := ""
		if r.NeedsSecond(false) {
			second = " (with a second factor)"
		}
		if _, err := fmt.Fprintf(p.stdout, "%-22s %s%s\n", r, strings.Join(may, ", "), second); err != nil {
			return err
		}
	}
	return nil
}

// askPassword reads a password, a line of the input, and returns its hash. It is
// never an argument: those stand in lists of processes.
func (p *program) askPassword(who string) (string, error) {
	fmt.Fprintf(p.stderr, "Password for %s: ", who)
	restore := hideInput(p.stdin)
	line, err := bufio.NewReader(p.stdin).ReadString('\n')
	restore()
	fmt.Fprintln(p.stderr)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read password: %w", err)
	}
	hash, err := console.HashPassword(strings.TrimRight(line, "\r\n"))
	if err != nil {
		return "", &usageError{err}
	}
	return hash, nil
}
