package dialog

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// check finds the mistakes of a declaration.
func check(s *Scenario) []error {
	var out []error
	bad := func(format string, args ...any) {
		out = append(out, fmt.Errorf("scenario %s: "+format, append([]any{s.Name}, args...)...))
	}
	need := func(key string) {
		if !s.Words.Has(key) {
			bad("no words %q", key)
		}
	}
	if !name.MatchString(s.Name) {
		bad("its name is not made of small letters, digits and underscores")
	}
	need("label")
	for _, c := range s.Commands {
		need(c.Name + ".label")
		if !name.MatchString(c.Name) {
			bad("the name of command %q is not made of small letters, digits and underscores", c.Name)
		}
		if c.Do == nil {
			bad("command %s does nothing", c.Name)
		}
		if n := len(commandToken(s.Name+"."+c.Name, "")); n > tokenRoom {
			bad("command %s leaves no room for an argument in its token", c.Name)
		}
	}
	if s.Form == nil {
		if s.Open == nil {
			bad("it has neither a form nor anything to say")
		}
		return out
	}
	switch {
	case s.Form.Submit.run == nil && s.Form.Tell == nil:
		bad("its form submits nothing and tells nothing")
	case s.Form.Tell != nil && (s.Form.Submit.run != nil || s.Form.Summary != nil):
		bad("its form tells what its answers come to, and has something to send besides")
	}
	if s.Form.Summary != nil {
		need("summary.ask")
	}
	actions := map[string]bool{s.Form.Submit.Name: true}
	for _, a := range s.Form.Actions {
		if actions[a.Name] {
			bad("action %s stands twice", a.Name)
		}
		actions[a.Name] = true
	}
	slots := map[string]bool{}
	for i := range s.Form.Questions {
		q := &s.Form.Questions[i]
		if slots[q.Slot] {
			bad("slot %s is asked twice", q.Slot)
		}
		slots[q.Slot] = true
		if !name.MatchString(q.Slot) {
			bad("the name of slot %q is not made of small letters, digits and underscores", q.Slot)
		}
	}
	for i := range s.Form.Questions {
		q := &s.Form.Questions[i]
		if q.Wording == nil {
			need(q.key() + ".ask")
		}
		if q.Show != nil {
			need(q.key() + ".label")
		}
		if q.Take == nil {
			bad("question %s takes no answer", q.Slot)
		}
		if len(answerToken(&Frame{Form: 1 << 53, Turns: 1 << 20}, optSlot+q.Slot)) > maxToken {
			bad("the name of slot %s is too long for a token", q.Slot)
		}
		for _, other := range slices.Concat(q.After, q.Goes) {
			if !slots[other] {
				bad("question %s names slot %s, which no question fills", q.Slot, other)
			}
		}
	}
	for v := range maps.Keys(s.Upgrade) {
		if v >= s.Version {
			bad("it upgrades from version %d, but is version %d", v, s.Version)
		}
	}
	return out
}

// name is what scenarios, commands and slots are called: tokens and folders are
// made of these names.
var name = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// maxToken is Telegram's limit of callback_data, in bytes
// (core.telegram.org/bots/api#inlinekeyboardbutton); tokenRoom leaves 16 for
// a command's argument.
const (
	maxToken  = 64
	tokenRoom = maxToken - 17
)
