package main

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"okoshko/adapters/postgres"
	"okoshko/bots/console"
	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// The teams of the demo's supplier (spec §5.7) and some of its people: one for
// each role, a second operator, and specialists of three directions.
var (
	//go:embed demo_teams.tsv
	demoTeamsTable string
	//go:embed demo_staff.tsv
	demoStaffTable string

	demoTeams = readTeams(demoTeamsTable)
	demoStaff = readStaff(demoStaffTable)
)

type demoPerson struct {
	login string
	card  staff.Card
}

// readStaff reads lines of login, name, roles, teams and territories.
func readStaff(table string) []demoPerson {
	var out []demoPerson
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		roles, err := staff.ParseRoles(codes(f[2]))
		if err != nil {
			panic(err) // the table is part of the program
		}
		out = append(out, demoPerson{f[0], staff.Card{Name: f[1], Roles: roles, Teams: codes(f[3]), Territories: codes(f[4])}})
	}
	return out
}

func readTeams(table string) []staff.Team {
	var out []staff.Team
	for line := range strings.Lines(table) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		out = append(out, staff.Team{Code: code, Name: name})
	}
	return out
}

// demoPasswords is the file in the data folder that holds them.
const demoPasswords = "demo-staff.json"

// addDemoStaff makes the demo's accounts, once. Their passwords are made up on
// this machine and kept beside the demo's data, to be shown at every start.
func addDemoStaff(ctx context.Context, db *postgres.DB, dir string) (map[string]string, error) {
	path := filepath.Join(dir, demoPasswords)
	passwords, err := readPasswords(path)
	if err != nil {
		return nil, fmt.Errorf("read the demo's passwords: %w", err)
	}
	for _, team := range demoTeams {
		if err := db.SaveTeam(ctx, atTerminal(audit.TeamSave), team); err != nil {
			return nil, err
		}
	}
	for _, one := range demoStaff {
		account, found, err := db.FindStaff(ctx, one.login)
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
		if !found {
			_, err = db.AddStaff(ctx, atTerminal(audit.StaffAdd), one.login, hash, false, one.card)
			if found = fault.Is(err, fault.Conflict); found { // another replica was faster
				account, _, err = db.FindStaff(ctx, one.login)
			}
		}
		if err == nil && found {
			_, err = db.SetPassword(ctx, atTerminal(audit.StaffPassword), account.ID, hash, false)
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
