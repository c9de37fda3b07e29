package main

import (
	"bufio"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/bots/console"
	"okoshko/core/fault"
)

// login is what staff sign in with.
var login = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// staffCommand keeps the accounts of the console.
func staffCommand(ctx context.Context, p *program, args []string) error {
	const usage = "okoshko staff add LOGIN --name NAME | list | disable LOGIN | enable LOGIN | reset LOGIN"
	var verb, who string
	for _, at := range []*string{&verb, &who} {
		if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
			*at, args = args[0], args[1:]
		}
	}
	o := p.options("staff")
	name := o.String("name", "", "the `name` that customers and colleagues see")
	c, err := p.load(o, args)
	if err != nil {
		return err
	}
	who = strings.ToLower(who)
	known := map[string]bool{"add": true, "list": false, "disable": true, "enable": true, "reset": true}
	named, ok := known[verb]
	switch {
	case !ok, named != (who != ""):
		return &usageError{errors.New("usage: " + usage)}
	case named && !login.MatchString(who):
		return &usageError{fmt.Errorf("%q is no login: 2 to 40 small letters, digits, dots and dashes", who)}
	case verb == "add" && strings.TrimSpace(*name) == "":
		return &usageError{errors.New("say what customers shall call them: --name Anna")}
	}
	s, err := openStores(ctx, c, storeOptions{postgres: true, demo: c.Data.Key.IsZero(), log: newLog(c, p.stderr), now: time.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.db.Migrate(ctx); err != nil {
		return err
	}
	if err := p.staff(ctx, s.db, verb, who, strings.TrimSpace(*name)); err != nil {
		return err
	}
	return nil
}

func (p *program) staff(ctx context.Context, db *postgres.DB, verb, who, name string) error {
	switch verb {
	case "list":
		return p.listStaff(ctx, db)
	case "disable", "enable":
		if err := db.SetDisabled(ctx, who, verb == "disable"); err != nil {
			return err
		}
		_, err := fmt.Fprintf(p.stdout, "%s is %sd.\n", who, verb)
		return err
	}
	hash, err := p.askPassword(who)
	if err != nil {
		return err
	}
	if verb == "reset" {
		if err := db.SetPassword(ctx, who, hash); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "The password of %s is changed; open consoles have to sign in again.\n", who)
		return err
	}
	if _, err := db.AddStaff(ctx, who, name, hash); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s can sign in at /console/.\n", who)
	return err
}

func (p *program) listStaff(ctx context.Context, db *postgres.DB) error {
	list, err := db.ListStaff(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		state := "active"
		if a.Disabled {
			state = "disabled"
		}
		if _, err := fmt.Fprintf(p.stdout, "%-24s %-9s %s\n", a.Login, state, a.Name); err != nil {
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

//go:embed demo_staff.tsv
var demoStaffTable string

// demoStaff are the accounts of the demo.
var demoStaff = readStaff(demoStaffTable)

type staffName struct{ login, name string }

// readStaff reads lines of a login, a tab and a name.
func readStaff(table string) []staffName {
	var out []staffName
	for line := range strings.Lines(table) {
		who, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		out = append(out, staffName{who, name})
	}
	return out
}

// addDemoStaff makes the demo's accounts, once. Their passwords are made up on
// this machine and kept beside the demo's data, to be shown at every start.
func addDemoStaff(ctx context.Context, db *postgres.DB, dir string) (map[string]string, error) {
	path := filepath.Join(dir, "demo-staff.json")
	passwords, err := readPasswords(path)
	if err != nil {
		return nil, fmt.Errorf("read the demo's passwords: %w", err)
	}
	for _, one := range demoStaff {
		_, found, err := db.FindStaff(ctx, one.login)
		if err != nil {
			return nil, err
		}
		if found && passwords[one.login] != "" {
			continue
		}
		passwords[one.login] = strings.ToLower(rand.Text()[:12])
		hash, err := console.HashPassword(passwords[one.login])
		if err != nil {
			return nil, err
		}
		if _, err = db.AddStaff(ctx, one.login, one.name, hash); fault.Is(err, fault.Conflict) {
			err = db.SetPassword(ctx, one.login, hash)
		}
		if err != nil {
			return nil, err
		}
	}
	text, err := json.MarshalIndent(passwords, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return passwords, os.WriteFile(path, text, 0o600)
}

func readPasswords(path string) (map[string]string, error) {
	passwords := map[string]string{}
	text, err := os.ReadFile(path) //nolint:gosec // a file of our own data folder
	if errors.Is(err, fs.ErrNotExist) {
		return passwords, nil
	}
	if err != nil {
		return nil, err
	}
	return passwords, json.Unmarshal(text, &passwords)
}
