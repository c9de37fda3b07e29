// Package staff is the people who work at the console: who they are, what they
// may, where they belong, and what a session of theirs is (spec §1.7). It is
// apart from core/desk, the window at which some of them sit.
package staff

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okoshko/core/desk"
	"okoshko/core/fault"
)

// Account is one of the staff as the console's door knows him.
type Account struct {
	desk.Member
	Login string
	// Password is its hash, in the form of package console; Temporary: it was
	// given to him, and he has to set one of his own first.
	Password  string
	Temporary bool
	// Version goes up with every change of the password, the roles or the second
	// factor, and when his sessions are ended: those of an older one are over.
	Version  int
	Disabled bool
	Roles    []Role
	// Teams and Territories are the codes of what he belongs to.
	Teams, Territories []string
	// Second: he has a second factor.
	Second bool
	// Ended is why sessions of an older version are over; "": nobody has ended any.
	Ended Ending
	// SeenAt is his last sign of life at the desk; nil: he is not there.
	SeenAt *time.Time
}

// May reports whether any of his roles allows something; nothing is allowed to
// an account that is disabled.
func (a Account) May(p Permission) bool {
	return !a.Disabled && slices.ContainsFunc(a.Roles, func(r Role) bool { return r.May(p) })
}

// Permissions lists what he may.
func (a Account) Permissions() []Permission {
	return slices.DeleteFunc(Permissions(), func(p Permission) bool { return !a.May(p) })
}

// Debt is what somebody has to do before he may do anything else.
type Debt string

// The debts, in the order in which they are paid.
const (
	OwesPassword Debt = "password" // set a password of his own
	OwesSecond   Debt = "second"   // set up a second factor
)

// Owes lists his debts.
func (a Account) Owes(demo bool) []Debt {
	debts := []Debt{}
	if a.Temporary {
		debts = append(debts, OwesPassword)
	}
	if !a.Second && slices.ContainsFunc(a.Roles, func(r Role) bool { return r.NeedsSecond(demo) }) {
		debts = append(debts, OwesSecond)
	}
	return debts
}

// Session is what the console keeps of somebody who has signed in.
type Session struct {
	Staff   int64 `json:"s"`
	Version int   `json:"v"` // of his account
	// CSRF must come back with every request that changes something.
	CSRF string `json:"c"`
	// Until is when it ends in any case, on real time.
	Until time.Time `json:"u"`
	// Half: the password was right, the second factor is still to come.
	Half bool `json:"h,omitempty"`
	// Since, Address and Agent are how its owner knows it again.
	Since   time.Time `json:"b"`
	Address string    `json:"a,omitempty"`
	Agent   string    `json:"g,omitempty"`
	// Ended is why it is over, although its time is not; "": it is open.
	Ended Ending `json:"e,omitempty"`
}

// Ending is why a session is over. Only who holds its secret is told: it says nothing
// that somebody could learn who has never been in.
type Ending string

// The endings. One that was not used for its time leaves nothing behind, and has none.
const (
	EndedByOwner  Ending = "own"      // by himself, in another window or on another device
	EndedByOther  Ending = "admin"    // by an administrator
	EndedPassword Ending = "password" // he has changed his password
	EndedGiven    Ending = "given"    // he was given a temporary password
	EndedRoles    Ending = "roles"    // he has other rights now
	EndedSecond   Ending = "second"   // his second factor has changed
	EndedAccount  Ending = "disabled" // his account is closed
	EndedAge      Ending = "age"      // it has lasted as long as one may
)

// Endings lists them.
func Endings() []Ending {
	return []Ending{EndedByOwner, EndedByOther, EndedPassword, EndedGiven, EndedRoles, EndedSecond, EndedAccount, EndedAge}
}

// OpenSession is a session as its owner sees it. Its ID names it and opens
// nothing; Own is the one that he looks from.
type OpenSession struct {
	ID  string
	Own bool
	Session
}

// Team is people who answer for something together: a queue of spec §5.7.
type Team struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Territory is a part of the region, as staff see it.
type Territory struct {
	Code string            `json:"code"`
	Name map[string]string `json:"name"` // by language
}

// Card is what an administrator says of somebody.
type Card struct {
	Name               string
	Roles              []Role
	Teams, Territories []string
}

// Bounds of what is typed about people, in characters.
const (
	longestName = 80
)

var (
	loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)
	codeForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
)

// Refusals of what is typed about people.
var (
	ErrLogin error = &fault.Error{Kind: fault.Invalid, Key: "login"}
	ErrName  error = &fault.Error{Kind: fault.Invalid, Key: "name"}
	ErrCode  error = &fault.Error{Kind: fault.Invalid, Key: "code"}
	// ErrSelf refuses to change one's own rights or to close one's own account;
	// ErrLast to leave nobody who could give them back.
	ErrSelf error = &fault.Error{Kind: fault.Conflict, Key: "self"}
	ErrLast error = &fault.Error{Kind: fault.Conflict, Key: "last_admin"}
)

// ParseLogin reads a login: 2 to 40 small letters, digits, dots and dashes.
// The error is ErrLogin.
func ParseLogin(text string) (string, error) {
	login := strings.ToLower(strings.TrimSpace(text))
	if !loginForm.MatchString(login) {
		return "", ErrLogin
	}
	return login, nil
}

// ParseName reads what customers and colleagues call somebody, or what a team
// is called. The error is ErrName.
func ParseName(text string) (string, error) {
	name := strings.Join(strings.Fields(text), " ")
	n := utf8.RuneCountInString(name)
	bad := func(r rune) bool { return !unicode.IsPrint(r) }
	if n == 0 || n > longestName || !utf8.ValidString(name) || strings.ContainsFunc(name, bad) {
		return "", ErrName
	}
	return name, nil
}

// ParseCode reads the code of a team. The error is ErrCode.
func ParseCode(text string) (string, error) {
	code := strings.ToLower(strings.TrimSpace(text))
	if !codeForm.MatchString(code) {
		return "", ErrCode
	}
	return code, nil
}

// MayChange refuses to change what oneself may or belongs to, so that nobody
// gives himself rights that are not his (whoever keeps accounts sees no customer,
// spec §1.7) or loses them by a slip: another administrator has to do that. The
// error is ErrSelf.
func MayChange(by int64, before, after Account) error {
	same := before.Disabled == after.Disabled && slices.Equal(before.Roles, after.Roles) &&
		slices.Equal(before.Teams, after.Teams) && slices.Equal(before.Territories, after.Territories)
	if by == before.ID && !same {
		return ErrSelf
	}
	return nil
}

// Fields are what the audit says of an account: what was changed, as text.
func (a Account) Fields() map[string]string {
	names := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		names[i] = string(r)
	}
	state, second := "active", "off"
	if a.Second {
		second = "on"
	}
	if a.Disabled {
		state = "disabled"
	}
	return map[string]string{
		"name": a.Name, "roles": strings.Join(names, ", "), "teams": strings.Join(a.Teams, ", "),
		"territories": strings.Join(a.Territories, ", "), "state": state, "second_factor": second,
	}
}

// Changed keeps the fields of two that differ.
func Changed(before, after map[string]string) (was, is map[string]string) {
	was, is = map[string]string{}, map[string]string{}
	for name, value := range after {
		if before[name] != value {
			was[name], is[name] = before[name], value
		}
	}
	return was, is
}
