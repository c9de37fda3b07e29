package privacy

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Class is a kind of data about a customer, as far as it decides where it may
// go: a row of the channel policy (spec §3.6). What is public has no class.
type Class uint8

// The classes.
const (
	// Booking is a visit: its time, the name and the phone given for it.
	Booking Class = iota
	// Reading is a meter's value or a consumption.
	Reading
	// Money is a charge, a debt, a payment.
	Money
	// Identity is a name, an address, a phone, an e-mail, a contract.
	Identity
	// Document is a bill, a payment code, a letter.
	Document
	// Case is the text of an appeal and of its answer.
	Case
	// Confidential is a passport, a date of birth.
	Confidential
	classes
)

var classNames = [classes]string{"booking", "reading", "money", "identity", "document", "case", "secret"}

// String returns the class's name in the policy.
func (c Class) String() string {
	if c < classes {
		return classNames[c]
	}
	return "unknown"
}

// Classes is a set of classes. The zero value is public.
type Classes uint8

// ClassesOf returns the set of these classes.
func ClassesOf(list ...Class) Classes {
	var s Classes
	for _, c := range list {
		s |= 1 << c
	}
	return s
}

// Has reports whether the class is in the set.
func (s Classes) Has(c Class) bool { return s&(1<<c) != 0 }

// Within reports whether every class of s is in t.
func (s Classes) Within(t Classes) bool { return s&^t == 0 }

// Classified is a value that knows to which class it belongs. A text made with
// such a value belongs to it, too.
type Classified interface{ Class() Class }

// Row is what one way out does with a customer's data.
type Row struct {
	// Shows is what it carries; Links is what it names, and leads to the site
	// for. The rest it never mentions.
	Shows, Links Classes
}

// Everything is the row of a way out within the house.
var Everything = Row{Shows: 1<<classes - 1}

// The ways out that the policy knows.
const (
	Web            = "web"
	Telegram       = "tg"
	TelegramStrict = "tg strict"
	Mail           = "mail"
	StaffMail      = "staff mail"
)

// Policy is the matrix of what each way out may carry.
type Policy map[string]Row

// Strict returns the policy of a supplier who may send nothing of his customers'
// through a foreign messenger (41-ФЗ, 149-ФЗ; spec §3.2): Telegram keeps to the
// strict column.
func (p Policy) Strict() Policy {
	p = maps.Clone(p)
	p[Telegram] = p[TelegramStrict]
	return p
}

//go:embed policy.tsv
var policyTable string

// HousePolicy returns the policy of the house: the table beside this file.
func HousePolicy() Policy {
	p, err := readPolicy(policyTable)
	if err != nil {
		panic(err) // the table is part of the program, and a test reads it
	}
	return p
}

// readPolicy reads a table of tab-separated lines: a header with the ways out,
// then a line for each class. Lines with # are remarks. Every class stands
// there once.
func readPolicy(table string) (Policy, error) {
	var ways []string
	p, seen := Policy{}, Classes(0)
	for n, line := range strings.Split(table, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if ways == nil {
			ways = cells[1:]
			continue
		}
		class, ok := classOf(cells[0])
		if !ok || seen.Has(class) || len(cells) != len(ways)+1 {
			return nil, fmt.Errorf("channel policy, line %d: no new class with %d cells: %q", n+1, len(ways), line)
		}
		seen |= ClassesOf(class)
		for i, way := range ways {
			row := p[way]
			switch cells[i+1] {
			case "show":
				row.Shows |= ClassesOf(class)
			case "link":
				row.Links |= ClassesOf(class)
			case "never":
			default:
				return nil, fmt.Errorf("channel policy, line %d: %q is neither show, link nor never", n+1, cells[i+1])
			}
			p[way] = row
		}
	}
	if !Everything.Shows.Within(seen) {
		return nil, errors.New("channel policy: a class is missing")
	}
	return p, nil
}

func classOf(name string) (Class, bool) {
	for c, known := range classNames {
		if known == name {
			return Class(c), true
		}
	}
	return 0, false
}
